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
  /** Root of the indexed Merkle tree with its leaf count (docs/ARCHITECTURE.md, "State"). */
  readonly stateRoot: Hex;
  /** Merkle Patricia roots as Ethereum computes them: for explorers and clients, not part of the hash. */
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly logsBloom: Uint8Array;
  readonly transactionHashes: readonly Hex[];
  /** Bytes of the canonical block data. */
  readonly size: number;
}
