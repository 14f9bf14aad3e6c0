/**
 * What one proof of `transfers` holds, and what a block takes of it. The circuit has the same capacities
 * (circuits/programs/transfers/parameters.ts).
 */
import type { ProofProfiles, Use } from "./capacity.ts";
import { MAX_TRANSFERS_PER_BLOCK } from "./transfers.ts";

/** Blocks of one proof, with transfers or without. */
export const MAX_BLOCKS_PER_CHUNK = 64;

/**
 * Replacements of leaves that a proof with `transfers` places holds: sender, recipient and fee recipient of each, and one more
 * for each account that is made. Any one block fits: it makes its recipients and its one fee recipient at most.
 */
export const replacementsHeld = (transfers: number): number => 4 * transfers + 1;

/** Of a block with so many transfers that makes so many accounts. */
export const transfersUse = (transfers: number, accountsMade: number): Use => ({
  blocks: 1,
  transfers,
  replacements: 3 * transfers + accountsMade,
});

export const TRANSFERS_PROFILES: ProofProfiles = {
  profiles: [
    {
      name: "transfers",
      gates: 2 ** 20,
      capacities: {
        blocks: MAX_BLOCKS_PER_CHUNK,
        transfers: MAX_TRANSFERS_PER_BLOCK,
        replacements: replacementsHeld(MAX_TRANSFERS_PER_BLOCK),
      },
    },
  ],
  greatest: [],
  emptyBlock: transfersUse(0, 0),
  leastTransaction: { transfers: 1, replacements: 3 },
};
