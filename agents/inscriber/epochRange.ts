import type { EpochRange } from "./plan.ts";

/** How much of Supersonic an epoch covers at least: a number of blocks, or a time. */
export type EpochLength =
  | { readonly blocks: number }
  /** `idleSeconds`: how long blocks without transactions wait for company. Default: no longer than others. */
  | { readonly seconds: number; readonly idleSeconds?: number | undefined };

/** What of Supersonic's chain decides where an epoch ends. */
export interface SealedChain {
  head(): Promise<{ number: number; timestamp: number }>;
  /** Seconds; of a sealed block. */
  timestamp(block: number): Promise<number>;
  /** Has any block of the range a transaction? Both included. */
  hasTransactions(firstBlock: number, lastBlock: number): Promise<boolean>;
}

/**
 * The epoch that begins with `firstBlock`, once it may end. Counted in blocks it is as long as that; counted in time it takes
 * all blocks sealed by now, so that one proof and one inscription catch up however late they are.
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
  if (head.number < firstBlock) return undefined;
  const elapsed = head.timestamp - (await chain.timestamp(firstBlock));
  const { seconds, idleSeconds = seconds } = length;
  if (elapsed < seconds) return undefined;
  const range = { firstBlock, lastBlock: head.number };
  return elapsed >= idleSeconds || (await chain.hasTransactions(firstBlock, head.number)) ? range : undefined;
}
