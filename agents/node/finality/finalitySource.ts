import type { Hex } from "../../kit/hex.ts";

/** A block of this chain that others vouch for. */
export interface Observation {
  readonly blockNumber: bigint;
  /** State root they claim after it. */
  readonly stateRoot: Hex;
  /** Height of the chain on which it was seen (Bitcoin, or the parent chain): how much of it the observer knew. */
  readonly seenAtHeight: bigint;
}

/** Where a head comes from. Throws a StackError with severity `retry` when it cannot be asked now. */
export interface FinalitySource {
  /** Undefined: nothing of this chain is known there yet. */
  observe(): Promise<Observation | undefined>;
}
