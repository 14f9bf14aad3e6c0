import { MAX_TRANSFERS_PER_BLOCK } from "../../protocol/programs/transfers.ts";
import { cutChunks, MAX_BLOCKS_PER_CHUNK, type ChunkBlock } from "../../protocol/programs/transfersChunks.ts";
import type { BatchLimits } from "./config.ts";

/** What a sealed block asks of a batch. */
export interface BlockSummary extends ChunkBlock {
  readonly number: number;
  /** ms since the Unix epoch. */
  readonly sealedAtMs: number;
  /** Length of its canonical bytes. */
  readonly bytes: number;
}

/** A batch to be made: the blocks of each of its chunks, in order. */
export interface Cut {
  readonly reason: "full" | "age" | "idle";
  readonly chunks: readonly (readonly BlockSummary[])[];
}

/**
 * Decides whether to cut a batch from `blocks` (consecutive, not yet in a batch, oldest first), and how.
 *  - A chunk (the blocks of one proof) is full when the next block does not fit it: then there is nothing to wait for.
 *  - A transaction waits at most `maxAgeMs`, blocks without any at most `maxIdleMs`.
 * Several chunks go into one batch while they fit `maxChunks` and `maxBatchBytes`: one settlement for all.
 */
export function planCut(
  blocks: readonly BlockSummary[],
  nowMs: number,
  limits: BatchLimits,
): Cut | undefined {
  const chunks = packChunks(blocks, limits);
  const full = chunks.slice(0, -1);
  const last = chunks.at(-1);
  if (!last) return undefined;
  // What was left out for want of room shows that the last chunk cannot grow either.
  const packed = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (packed < blocks.length || isFull(last)) full.push(last);
  const reason = waitedTooLong(blocks, nowMs, limits);
  if (reason) return { reason, chunks };
  return full.length > 0 ? { reason: "full", chunks: full } : undefined;
}

/** Fills chunk after chunk, as far as one batch goes. Throws TRANSFERS_BLOCK_FULL for a block that no proof holds. */
function packChunks(blocks: readonly BlockSummary[], limits: BatchLimits): BlockSummary[][] {
  const within = withinBytes(blocks, limits.maxBatchBytes);
  let at = 0;
  return cutChunks(within)
    .slice(0, limits.maxChunks)
    .map((size) => within.slice(at, (at += size)));
}

/** The first block goes in whatever its size: it must be published some time. */
function withinBytes(blocks: readonly BlockSummary[], maxBytes: number): readonly BlockSummary[] {
  let bytes = 0;
  const end = blocks.findIndex((block, i) => (bytes += block.bytes) > maxBytes && i > 0);
  return end === -1 ? blocks : blocks.slice(0, end);
}

const isFull = (chunk: readonly BlockSummary[]): boolean =>
  chunk.length >= MAX_BLOCKS_PER_CHUNK ||
  chunk.reduce((sum, { transfers }) => sum + transfers, 0) >= MAX_TRANSFERS_PER_BLOCK;

function waitedTooLong(
  blocks: readonly BlockSummary[],
  nowMs: number,
  limits: BatchLimits,
): "age" | "idle" | undefined {
  const waits = (block: BlockSummary | undefined, maxMs: number): boolean =>
    block !== undefined && nowMs - block.sealedAtMs >= maxMs;
  if (
    waits(
      blocks.find((block) => block.transfers > 0),
      limits.maxAgeMs,
    )
  )
    return "age";
  return waits(blocks[0], limits.maxIdleMs) ? "idle" : undefined;
}
