import type { ProofProfiles, Use } from "../../../protocol/programs/capacity.ts";

/** A program of one circuit, counted in blocks and transactions alone. */
export const MAX_BLOCKS = 64;
export const profiles: ProofProfiles = {
  profiles: [{ name: "ten", gates: 2 ** 20, capacities: { blocks: MAX_BLOCKS, transactions: 10 } }],
  greatest: [],
  emptyBlock: { blocks: 1 },
  leastTransaction: { transactions: 1 },
};

/** Of a block with so many transactions. */
export const useOf = (transactions: number): Use => ({ blocks: 1, transactions });
