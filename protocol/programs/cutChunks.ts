/** How consecutive blocks are shared out among proofs. */
import { StackError } from "../errors.ts";
import { addUse, cheapestProfile, type ProofProfiles, shortageOf, type Use } from "./capacity.ts";

/** Consecutive whole blocks that one proof holds. */
export interface Chunk {
  /** The circuit that proves them: the cheapest that holds them. */
  readonly circuit: string;
  readonly blocks: number;
  /** No block with a transaction fits beside them: waiting for more gains nothing. */
  readonly isFull: boolean;
}

/** `index`: of the block. A sequencer that meters seals no such block. */
export type CutError = {
  code: "BLOCK_EXCEEDS_CAPACITY";
  index: number;
  capacity: string;
  needed: number;
  available: number;
};

/**
 * Cuts blocks into chunks: each takes as many as one circuit holds, so there are as few as possible. The numbers of blocks add up
 * to that of `uses`. Throws BLOCK_EXCEEDS_CAPACITY for a block that no circuit holds.
 */
export function cutChunks(program: ProofProfiles, uses: readonly Use[]): Chunk[] {
  const { greatest } = program;
  const chunks: Chunk[] = [];
  let open: Use | undefined;
  uses.forEach((block, index) => {
    const joined: Use | undefined = open && addUse(open, block, greatest);
    if (joined && cheapestProfile(program, joined)) {
      open = joined;
      chunks.push(chunkOf(program, joined, chunks.pop()!.blocks + 1));
    } else {
      assertFits(program, block, index);
      open = block;
      chunks.push(chunkOf(program, block, 1));
    }
  });
  return chunks;
}

function chunkOf(program: ProofProfiles, use: Use, blocks: number): Chunk {
  const { emptyBlock, leastTransaction, greatest } = program;
  const next = addUse(emptyBlock, leastTransaction, greatest);
  return {
    circuit: cheapestProfile(program, use)!.name,
    blocks,
    isFull: cheapestProfile(program, addUse(use, next, greatest)) === undefined,
  };
}

function assertFits(program: ProofProfiles, use: Use, index: number): void {
  const shortage = shortageOf(program, use);
  if (shortage)
    throw new StackError<CutError>({ code: "BLOCK_EXCEEDS_CAPACITY", index, ...shortage }, "fatal");
}

/** More blocks than this no chunk holds. Assumes that an empty block uses something. */
export function mostBlocks({ profiles, emptyBlock, greatest }: ProofProfiles): number {
  const summed = Object.entries(emptyBlock).filter(([name, use]) => use > 0 && !greatest.includes(name));
  const held = profiles.map(({ capacities }) =>
    Math.min(...summed.map(([name, use]) => Math.floor((capacities[name] ?? 0) / use))),
  );
  return Math.max(...held);
}
