import type { EpochRange } from "./plan.ts";

/** How much of Supersonic an epoch covers: a number of blocks, or the blocks of a time. */
export type EpochLength = { readonly blocks: number } | { readonly seconds: number };

/** What of Supersonic's chain decides where an epoch ends. */
export interface SealedChain {
  head(): Promise<{ number: number; timestamp: number }>;
  /** Seconds; of a sealed block. */
  timestamp(block: number): Promise<number>;
}

/**
 * The epoch that begins with `firstBlock`, once a block beyond it tells that it is complete. A function of the chain
 * alone: whoever asks, and whenever, gets the same range.
 */
export async function epochRange(
  chain: SealedChain,
  firstBlock: number,
  length: EpochLength,
): Promise<EpochRange | undefined> {
  const head = await chain.head();
  if ("blocks" in length) {
    const lastBlock = firstBlock + length.blocks - 1;
    return head.number >= lastBlock ? { firstBlock, lastBlock } : undefined;
  }
  if (head.number <= firstBlock) return undefined;
  const end = (await chain.timestamp(firstBlock)) + length.seconds;
  if (head.timestamp < end) return undefined;
  return { firstBlock, lastBlock: await lastBefore(chain, end, firstBlock, head.number) };
}

/** The last block before second `end`. Assumes `from` is before it, `to` is not, and time increases with the number. */
async function lastBefore(chain: SealedChain, end: number, from: number, to: number): Promise<number> {
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if ((await chain.timestamp(middle)) < end) from = middle;
    else to = middle;
  }
  return from;
}
