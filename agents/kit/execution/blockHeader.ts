import type { Hex } from "../hex.ts";

/** A sealed block without its transactions: the hashed inputs (`BlockData`) and the outputs of executing them. */
export interface BlockHeader {
  readonly number: bigint;
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint;
  readonly feeRecipient: Hex;
  readonly gasLimit: bigint;
  /** Wei. */
  readonly baseFeePerGas: bigint;
  readonly gasUsed: bigint;
  /** Root of the indexed Merkle tree with its leaf count and the receipts' head (docs/ARCHITECTURE.md, "State"). */
  readonly stateRoot: Hex;
  /** Chain over every receipt up to this block's last (protocol/state/receipts.ts); what executing led to, part of the state root. */
  readonly receiptsHead: Hex;
  /** Merkle Patricia roots as Ethereum computes them: for explorers and clients, not part of the hash. */
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly logsBloom: Uint8Array;
  readonly transactionHashes: readonly Hex[];
  /** Bytes of the canonical block data. */
  readonly size: number;
}
