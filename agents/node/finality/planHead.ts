import type { Observation } from "./finalitySource.ts";

/** A head as it is kept: the last observation that was taken. */
export type Head = Observation;

/**
 * The head after an observation (I-NODE-04). It moves forward; it moves back only when the observer had seen at least as much of the
 * chain below as when it was taken, and yet vouches for less: that is a reorganisation. An observer that merely lags behind
 * (it was restarted and reads its chain again) has seen less, and moves nothing.
 */
export function planHead(head: Head | undefined, seen: Observation): Head {
  if (!head || seen.blockNumber > head.blockNumber) return seen;
  return seen.seenAtHeight >= head.seenAtHeight ? seen : head;
}
