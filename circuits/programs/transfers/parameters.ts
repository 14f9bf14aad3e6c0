/** What one `transfers` proof holds: fixed when its key is made. */
import { MAX_RAW_TRANSFER_BYTES, MAX_TRANSFERS_PER_BLOCK } from "../../../protocol/programs/transfers.ts";
import { MAX_BLOCKS_PER_CHUNK, replacementsHeld } from "../../../protocol/programs/transfersChunks.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";

export interface TransfersParameters {
  /** Transfers of all blocks together. */
  readonly transfers: number;
  readonly blocks: number;
  /** Of the state tree; 32 except in tests. */
  readonly depth: number;
}

/** What the network proves with: fills 2^20 gates. */
export const TRANSFERS_PARAMETERS: TransfersParameters = {
  transfers: MAX_TRANSFERS_PER_BLOCK,
  blocks: MAX_BLOCKS_PER_CHUNK,
  depth: TREE_DEPTH,
};

/** A transaction in a block's bytes: its length in 4 bytes, then itself. */
const LENGTH_BYTES = 4;

/** Bytes that the transactions of a chunk can take. */
export const streamBytes = ({ transfers }: TransfersParameters): number =>
  transfers * (LENGTH_BYTES + MAX_RAW_TRANSFER_BYTES);

/** Rows of the blocks' hash: one a block for its head and the first 37 bytes, one for each 93 bytes after, or part of them. */
export function hashRows(parameters: TransfersParameters): number {
  const full = Math.floor(streamBytes(parameters) / 93);
  return parameters.blocks + full + Math.min(parameters.transfers, parameters.blocks);
}

/** Replacements of leaves that fit. Several blocks may need more: plan.ts refuses them by name. */
export const replacementCapacity = ({ transfers }: TransfersParameters): number =>
  replacementsHeld(transfers);
