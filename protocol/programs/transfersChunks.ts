/**
 * Which consecutive blocks one proof of `transfers` holds. Whoever asks for proofs cuts a batch with `cutChunks`; the circuit
 * has the same capacities (circuits/programs/transfers/parameters.ts).
 */
import { StackError } from "../errors.ts";
import { MAX_TRANSFERS_PER_BLOCK } from "./transfers.ts";

/** Blocks of one proof, with transfers or without. */
export const MAX_BLOCKS_PER_CHUNK = 64;

/**
 * Replacements of leaves that a proof with `transfers` places holds: sender, recipient and fee recipient of each, and one more
 * for each account that is made. Any one block fits: it makes its recipients and its one fee recipient at most.
 */
export const replacementsHeld = (transfers: number): number => 4 * transfers + 1;

/** What of a block decides how much room it takes. */
export type ChunkBlock = {
  readonly transfers: number;
  /**
   * Accounts it makes, or more when that is not known: the growth of the leaf count to the next block's witness. More than its
   * recipients and its fee recipient are not counted.
   */
  readonly insertions: number;
};

/**
 * How many blocks each chunk takes, in order: as many as fit, so the fewest chunks. The sizes add up to the number of blocks.
 * Throws `TRANSFERS_BLOCK_FULL` for a block that no proof holds.
 */
export function cutChunks(blocks: readonly ChunkBlock[]): number[] {
  const sizes: number[] = [];
  let open: Room | undefined;
  for (const block of blocks) {
    const need = roomOf(block);
    const joined: Room | undefined = open && add(open, need);
    if (joined && fits(joined)) {
      open = joined;
      sizes[sizes.length - 1]! += 1;
      continue;
    }
    if (!fits(need))
      throw new StackError(
        { code: "TRANSFERS_BLOCK_FULL", transfers: block.transfers, limit: MAX_TRANSFERS_PER_BLOCK },
        "fatal",
      );
    open = need;
    sizes.push(1);
  }
  return sizes;
}

type Room = { readonly blocks: number; readonly transfers: number; readonly replacements: number };

const roomOf = ({ transfers, insertions }: ChunkBlock): Room => ({
  blocks: 1,
  transfers,
  // An account is made by a credit: a block makes no more than one a transfer, and its fee recipient.
  replacements: transfers === 0 ? 0 : 3 * transfers + Math.min(insertions, transfers + 1),
});

const add = (a: Room, b: Room): Room => ({
  blocks: a.blocks + b.blocks,
  transfers: a.transfers + b.transfers,
  replacements: a.replacements + b.replacements,
});

const fits = ({ blocks, transfers, replacements }: Room): boolean =>
  blocks <= MAX_BLOCKS_PER_CHUNK &&
  transfers <= MAX_TRANSFERS_PER_BLOCK &&
  replacements <= replacementsHeld(MAX_TRANSFERS_PER_BLOCK);
