/**
 * What the node knows about its chain and does for its callers: the JSON-RPC server is a translation of this interface.
 * Numbers are bigints, addresses and hashes lower-case hex, byte strings `Uint8Array`. Refusals are `StackError`s whose
 * codes are listed at each method; `sequencing/refusals.ts` has the words that public clients match.
 */
import type { Ancestors } from "../../../protocol/ancestors.ts";
import type { ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { ProvingNeeds } from "../../kit/execution/provingNeeds.ts";
import type { Log, Receipt } from "../../kit/execution/receipt.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import type { Hex } from "../../kit/hex.ts";

/**
 * `latest` = last sealed block; `pending` = the block being filled; `safe` = data published; `finalized` = verified on Bitcoin;
 * `earliest` = genesis.
 */
export type BlockTag = "earliest" | "latest" | "pending" | "safe" | "finalized";
export type BlockId = BlockTag | { readonly number: bigint } | { readonly hash: Hex };

/** The block being filled has no hash, roots or bloom yet: they are undefined. */
export type PendingHeader = Pick<
  BlockHeader,
  | "number"
  | "parentHash"
  | "timestamp"
  | "feeRecipient"
  | "gasLimit"
  | "baseFeePerGas"
  | "gasUsed"
  | "transactionHashes"
>;

/** Where a transaction stands. Both undefined: it waits in the pool. No `blockHash`: executed in the pending block (soft). */
export interface TransactionPlace {
  readonly blockNumber: bigint | undefined;
  readonly blockHash: Hex | undefined;
  readonly index: number | undefined;
  /** Of its block; undefined while it waits. */
  readonly baseFeePerGas: bigint | undefined;
}

export interface PlacedTransaction {
  readonly transaction: SignedTransaction;
  readonly place: TransactionPlace;
}

export interface PlacedReceipt {
  readonly receipt: Receipt;
  readonly blockNumber: bigint;
  /** Undefined: a soft receipt, of a transaction executed in the block not yet sealed. */
  readonly blockHash: Hex | undefined;
  readonly timestamp: bigint;
  /** Logs of the block before this transaction's first one. */
  readonly firstLogIndex: number;
}

export interface PlacedLog extends Log {
  readonly blockNumber: bigint;
  /** Zeros: a soft block's log. */
  readonly blockHash: Hex;
  readonly timestamp: bigint;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  readonly logIndex: number;
  /** True only in events: the block left the chain. */
  readonly removed: boolean;
}

export interface LogFilter {
  /** Any of these; empty or undefined: every address. */
  readonly addresses?: readonly Hex[];
  /** By position: any of these; undefined or empty at a position: everything. */
  readonly topics?: readonly (readonly Hex[] | undefined)[];
}

export interface CallRequest {
  readonly from?: Hex;
  readonly to?: Hex;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  /** Default and maximum: the call gas cap of the configuration. */
  readonly gas?: bigint;
  /** Wei per gas. None given: gas is free, and the caller needs no balance for it. */
  readonly gasPrice?: bigint;
  readonly maxFeePerGas?: bigint;
  readonly maxPriorityFeePerGas?: bigint;
  readonly accessList?: SignedTransaction["accessList"];
}

/** By address: what the call is to find instead of the state's. */
export type StateOverrides = ReadonlyMap<
  Hex,
  { balance?: bigint; nonce?: bigint; code?: Uint8Array; stateDiff?: ReadonlyMap<Hex, Hex> }
>;

/**
 * `reverted`: REVERT, with its data. `halted`: an exceptional halt; its name is one of the interpreter's ("out of gas",
 * "invalid opcode", "stack underflow", ...).
 */
export type CallOutcome =
  | { readonly kind: "returned"; readonly data: Uint8Array; readonly gasUsed: bigint }
  | { readonly kind: "reverted"; readonly data: Uint8Array; readonly gasUsed: bigint }
  | { readonly kind: "halted"; readonly reason: string; readonly gasUsed: bigint };

export interface FeeHistory {
  readonly oldestBlock: bigint;
  /** One more than there are blocks: the last is the next block's. Wei. */
  readonly baseFeePerGas: readonly bigint[];
  readonly gasUsedRatio: readonly number[];
  /** Wei, per block and percentile, weighted by gas; undefined when no percentiles were asked. */
  readonly reward: readonly (readonly bigint[])[] | undefined;
}

export interface ChainInfo {
  readonly chainId: bigint;
  /** "none", or the program that proves the chain. */
  readonly program: string;
  readonly genesisHash: Hex;
  readonly gasLimit: bigint;
}

export interface StateProof {
  /** Number and state root (of the header) the proof is against. */
  readonly blockNumber: bigint;
  readonly stateRoot: Hex;
  readonly leafCount: bigint;
  readonly receiptsHead: Hex;
  readonly account: LeafProof;
  readonly storage: readonly (LeafProof & { readonly slot: Hex })[];
}

/** The chain of receipts through one block: whoever believes both state roots can recompute one head from the other. */
export interface BlockReceipts {
  readonly blockNumber: bigint;
  readonly headBefore: Hex;
  /** What the block's state root commits to. */
  readonly headAfter: Hex;
  readonly receipts: readonly (ReceiptCommitment & { readonly transactionHash: Hex })[];
}

/** A path in the indexed tree: of the key's own leaf, or of the leaf before it, which shows that the key is absent. */
export interface LeafProof {
  readonly key: Hex;
  readonly present: boolean;
  readonly leafIndex: bigint;
  readonly leaf: { key: Hex; nextKey: Hex; nextIndex: bigint; valueHash: Hex };
  /** Sibling hashes from the leaf up. */
  readonly siblings: readonly Hex[];
}

export type ChainEvent =
  | { readonly kind: "newHead"; readonly header: BlockHeader; readonly logs: readonly PlacedLog[] }
  /** Emitted, with its logs, for each block that leaves the chain, newest first. */
  | { readonly kind: "removedHead"; readonly header: BlockHeader; readonly logs: readonly PlacedLog[] }
  | { readonly kind: "pendingTransaction"; readonly transaction: SignedTransaction }
  | { readonly kind: "finality"; readonly safe: bigint; readonly finalized: bigint };

/** UNKNOWN_BLOCK: geth's "header not found". */
export type ChainQueryError =
  | { code: "UNKNOWN_BLOCK"; block: string }
  | { code: "LOG_RANGE_INVALID"; from: bigint; to: bigint }
  | { code: "LOG_RANGE_TOO_WIDE"; blocks: bigint; maxBlocks: bigint }
  | { code: "TOO_MANY_LOGS"; maxLogs: number }
  | { code: "FEE_HISTORY_INVALID"; reason: string }
  | { code: "ANCESTORS_RANGE_INVALID"; oldest: bigint; newest: bigint; limit: number };

/** Failures of `call` and `estimateGas` before execution; words as geth's. */
export type CallError =
  | { code: "INSUFFICIENT_FUNDS"; address: Hex; balance: bigint; cost: bigint }
  | { code: "FEE_CAP_BELOW_BASE_FEE"; maxFeePerGas: bigint; baseFeePerGas: bigint }
  | { code: "TIP_ABOVE_FEE_CAP"; maxPriorityFeePerGas: bigint; maxFeePerGas: bigint }
  | { code: "INTRINSIC_GAS_TOO_LOW"; gasLimit: bigint; needed: bigint }
  | { code: "INIT_CODE_TOO_LARGE"; bytes: number; maxBytes: number }
  | { code: "GAS_EXCEEDS_ALLOWANCE"; allowance: bigint };

export interface NodeChain {
  info(): ChainInfo;

  /** The header a tag, number or hash names. Undefined: no such block. `pending`: see `pendingHeader`. */
  header(id: BlockId): BlockHeader | undefined;
  pendingHeader(): PendingHeader;
  /** Transactions of a block, in order; of the block being filled too. Undefined: no such block. */
  transactions(id: BlockId): readonly PlacedTransaction[] | undefined;
  receipts(id: BlockId): readonly PlacedReceipt[] | undefined;
  transaction(hash: Hex): PlacedTransaction | undefined;
  receipt(hash: Hex): PlacedReceipt | undefined;
  /** `to: "pending"` takes in the logs of soft blocks. @throws StackError UNKNOWN_BLOCK, LOG_RANGE_INVALID, LOG_RANGE_TOO_WIDE, TOO_MANY_LOGS */
  logs(filter: LogFilter, range: { from: BlockId; to: BlockId }): readonly PlacedLog[];

  /** State reads. @throws StackError UNKNOWN_BLOCK */
  balance(address: Hex, at: BlockId): bigint;
  nonce(address: Hex, at: BlockId): bigint;
  code(address: Hex, at: BlockId): Uint8Array;
  /** 32 bytes. */
  storage(address: Hex, slot: Hex, at: BlockId): Uint8Array;

  /** @throws StackError UNKNOWN_BLOCK, and those of `CallError` */
  call(request: CallRequest, at: BlockId, overrides?: StateOverrides): Promise<CallOutcome>;
  /** The least gas limit with which the call succeeds; the outcome of the call with all gas allowed when it does not. */
  estimateGas(
    request: CallRequest,
    at: BlockId,
    overrides?: StateOverrides,
  ): Promise<{ readonly gas: bigint } | Exclude<CallOutcome, { kind: "returned" }>>;
  /** EIP-2930 list of what the call touches beyond sender, recipient and precompiles, with the gas used given that list. */
  createAccessList(
    request: CallRequest,
    at: BlockId,
  ): Promise<{
    accessList: SignedTransaction["accessList"];
    gasUsed: bigint;
    failure: CallOutcome | undefined;
  }>;

  /**
   * Accepts a raw transaction: executed in the pending block or queued, and on the disk, before this resolves.
   * @throws StackError with a code of `RefusedTransaction` (sequencing/refusals.ts)
   */
  submit(raw: Uint8Array): Promise<Hex>;
  /** The pool: executed in the pending block, and waiting (nonce gap, low fee, or no room in the block). */
  poolContent(): { pending: readonly SignedTransaction[]; queued: readonly SignedTransaction[] };

  /** Wei per gas: what to offer as priority fee, and the base fee of the pending block. */
  suggestedPriorityFee(): bigint;
  /** @throws StackError UNKNOWN_BLOCK, FEE_HISTORY_INVALID */
  feeHistory(blockCount: number, newest: BlockId, percentiles?: readonly number[]): FeeHistory;

  /** Canonical bytes of a sealed block. Undefined: not sealed (yet). */
  blockData(number: bigint): Uint8Array | undefined;
  /** What proves the block's execution against its parent's tree. Undefined: not sealed (yet). */
  blockWitness(number: bigint): Uint8Array | undefined;
  /** What else its proof needs. Undefined: not sealed (yet), or sealed by another node, or nothing proves the chain. */
  provingNeeds(number: bigint): ProvingNeeds | undefined;
  /**
   * What makes the hashes from block `oldest` to block `newest` (protocol/ancestors.ts). Undefined: not sealed (yet).
   * @throws StackError ANCESTORS_RANGE_INVALID
   */
  ancestors(oldest: bigint, newest: bigint): Ancestors | undefined;
  /** What the receipts' head takes of each of the block's receipts. @throws StackError UNKNOWN_BLOCK, also for `pending` */
  receiptCommitments(at: BlockId): BlockReceipts;
  /** @throws StackError UNKNOWN_BLOCK; `pending` is not a sealed state */
  proof(address: Hex, slots: readonly Hex[], at: BlockId): StateProof;

  /** Called synchronously, in order, after what the event tells is durable. Returns the way to unsubscribe. */
  subscribe(listener: (event: ChainEvent) => void): () => void;
}
