/** All that decides when a block is sealed. Milliseconds. */
export interface SealView {
  readonly now: number;
  readonly lastSealed: number;
  /** In the block being filled. */
  readonly transactions: number;
}

export interface SealTimes {
  /** From one block to the next while there are transactions. */
  readonly blockTimeMs: number;
  /** From one block to the next while there are none: each empty block must be proven too. */
  readonly idleBlockTimeMs: number;
}

/** Is it time to seal the block being filled? */
export const isSealDue = ({ now, lastSealed, transactions }: SealView, times: SealTimes): boolean =>
  now - lastSealed >= (transactions > 0 ? times.blockTimeMs : times.idleBlockTimeMs);

/**
 * Seconds of a block begun at `nowMs`: the clock's, unless the parent is as late already. Blocks closer than a second apart make
 * the chain's clock run ahead of the wall's.
 */
export function blockTimestamp(nowMs: number, parentTimestamp: bigint): bigint {
  const now = BigInt(Math.floor(nowMs / 1000));
  return now > parentTimestamp ? now : parentTimestamp + 1n;
}
