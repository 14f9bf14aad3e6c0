import type { SignedTransaction } from "./transaction.ts";

/** What proves the blocks of a chain. A chain names its program in its genesis and keeps it. */
export const programNames = ["none", "transfers"] as const;

export type ProgramName = (typeof programNames)[number];

/** What a sequencer must know of a program, so that nothing is sealed that cannot be proven. */
export interface ChainProgram {
  /** Throws a StackError by name when the program has no way to prove the transaction. */
  assertProvable(tx: SignedTransaction): void;
  /** Most transactions in a block; the rest wait for the next one. */
  readonly maxTransactionsPerBlock: number;
}
