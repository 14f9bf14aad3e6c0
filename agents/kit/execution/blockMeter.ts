import type { Use } from "../../../protocol/programs/capacity.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import type { SignedTransaction } from "./transaction.ts";

/** Where a block begins. */
export interface MeterSite {
  readonly chainId: bigint;
  readonly environment: BlockEnvironment;
  /** Before the block. What a meter reads of it for a transaction of the block is in the block's witness. */
  readonly state: StateReader;
}

/** A transaction and what executing it as the block's next one did. */
export interface ExecutedTransaction {
  readonly tx: SignedTransaction;
  readonly changes: ChangeSet;
  readonly gasUsed: bigint;
}

/** Counts what a block's proof would use of each capacity (protocol/programs/capacity.ts), while the block is filled. */
export interface BlockMeter {
  /**
   * The whole block's use with this transaction as its next. Until `keep` it is only a question: another may follow, about another
   * transaction, and nothing that was read for this one may be taken for read.
   */
  measure(executed: ExecutedTransaction): Use;
  /** The transaction measured last is the block's next. */
  keep(): void;
}

export type CreateMeter = (site: MeterSite) => BlockMeter;
