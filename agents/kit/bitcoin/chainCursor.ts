import { blockHashAt } from "./chainReader.ts";
import type { BitcoinRpc } from "./rpc.ts";

/** A block by height and hash. */
export interface BlockRef {
  readonly height: number;
  readonly hash: string;
}

/**
 * What a follower of the best chain does next: take the block on top of `at`, or leave its newest blocks because the node's
 * best chain does not have them (any more), or wait.
 */
export type ChainStep =
  | { readonly kind: "extend"; readonly block: BlockRef }
  | { readonly kind: "rollback"; readonly toHeight: number }
  | { readonly kind: "wait" };

/**
 * The next step of a follower that stands at `at`. `hashAt(height)` = the hash the follower took at a height, undefined
 * below where it began. A rollback goes to the highest block both have; `toHeight` is below the beginning when none is.
 * A node that has not reached the beginning yet (it is syncing) is waited for.
 */
export async function nextChainStep(
  rpc: BitcoinRpc,
  at: BlockRef,
  hashAt: (height: number) => string | undefined,
): Promise<ChainStep> {
  if ((await blockHashAt(rpc, at.height)) !== at.hash) return rollback(rpc, at.height, hashAt);
  const hash = await blockHashAt(rpc, at.height + 1);
  return hash === undefined ? { kind: "wait" } : { kind: "extend", block: { height: at.height + 1, hash } };
}

async function rollback(
  rpc: BitcoinRpc,
  from: number,
  hashAt: (height: number) => string | undefined,
): Promise<ChainStep> {
  let above: string | undefined;
  for (let height = from; ; height--) {
    const [taken, actual] = [hashAt(height), await blockHashAt(rpc, height)];
    if (taken === undefined)
      return above === undefined ? { kind: "wait" } : { kind: "rollback", toHeight: height };
    if (taken === actual) return { kind: "rollback", toHeight: height };
    above = actual;
  }
}
