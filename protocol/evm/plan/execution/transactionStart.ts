import type { FrameTrace } from "../../machine/trace.ts";

/** What a transaction's own frame starts with, as the planner of transactions hands it to that of frames. */
export interface TransactionStartPlan {
  /** i + 1 for place i. */
  readonly frame: number;
  readonly isCreation: boolean;
  /** The BEGIN row. */
  readonly t: number;
  readonly codeBase: number;
  readonly codeSize: number;
  /** Ids. */
  readonly address: number;
  readonly caller: number;
  readonly value: number;
  /** Byte address and length of the call data. */
  readonly inputStart: number;
  readonly inputLength: number;
  readonly floor: bigint;
  readonly checkpoint: number;
  /** Number of the code object. */
  readonly code: number;
}

/** What the planner of transactions needs of that of creations. */
export interface CreationPlanner {
  /** Opens the new account at row `t`; where its init code stands. */
  open(creation: {
    readonly t: number;
    readonly account: number;
    readonly bytes: Uint8Array;
    readonly isDoomed: boolean;
  }): {
    readonly codeBase: number;
    readonly codeSize: number;
    /** Position of the init code in the table of all code; 0 if it does not run. */
    readonly initCode: number;
  };
  /** The account that the frame makes is destroyed in its transaction. */
  isDoomed(frame: FrameTrace): boolean;
  /** Makes the keccak pool hash a message. */
  digest(message: Uint8Array): void;
}
