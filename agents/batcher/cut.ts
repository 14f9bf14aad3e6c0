import type { ProofProfiles, Use } from "../../protocol/programs/capacity.ts";
import { cutChunks } from "../../protocol/programs/cutChunks.ts";
import type { BatchLimits } from "./config.ts";

/** What a sealed block asks of a batch. */
export interface BlockSummary {
  readonly number: number;
  /** ms since the Unix epoch. */
  readonly sealedAtMs: number;
  readonly transactions: number;
  /** Length of its canonical bytes. */
  readonly bytes: number;
  /** Of each capacity of the chain's program. */
  readonly use: Use;
  /** The lowest block whose hash its code asked for. */
  readonly oldestAncestor?: number | undefined;
}

/** Blocks that one circuit proves together. */
export interface CutChunk {
  readonly circuit: string;
  readonly blocks: readonly BlockSummary[];
}

/** A batch to be made, its chunks in order. */
export interface Cut {
  readonly reason: "full" | "age" | "idle";
  readonly chunks: readonly CutChunk[];
}

/** Consecutive blocks, not yet in a batch, oldest first. */
export interface CutView {
  readonly unbatched: readonly BlockSummary[];
  readonly nowMs: number;
  readonly profiles: ProofProfiles;
}

/**
 * Decides whether to cut a batch, and how.
 *  - A chunk (the blocks of one proof) is full when the next block does not fit it: then there is nothing to wait for.
 *  - A transaction waits at most `maxAgeMs`, blocks without any at most `maxIdleMs`.
 * Several chunks go into one batch while they fit `maxChunks` and `maxBatchBytes`: one settlement for all.
 * Throws BLOCK_EXCEEDS_CAPACITY for a block that no proof holds.
 */
export function planCut(view: CutView, limits: BatchLimits): Cut | undefined {
  const { unbatched, nowMs } = view;
  const chunks = packChunks(view, limits);
  const last = chunks.at(-1);
  if (!last) return undefined;
  const reason = waitedTooLong(unbatched, nowMs, limits);
  if (reason) return { reason, chunks };
  // What was left out for want of room shows that the last chunk cannot grow either.
  const packed = chunks.reduce((sum, { blocks }) => sum + blocks.length, 0);
  const full = packed < unbatched.length || last.isFull ? chunks : chunks.slice(0, -1);
  return full.length > 0 ? { reason: "full", chunks: full } : undefined;
}

/** Fills chunk after chunk, as far as one batch goes. */
function packChunks(
  { unbatched, profiles }: CutView,
  limits: BatchLimits,
): (CutChunk & { readonly isFull: boolean })[] {
  const within = withinBytes(unbatched, limits.maxBatchBytes);
  const uses = within.map(({ use }) => use);
  let at = 0;
  return cutChunks(profiles, uses)
    .slice(0, limits.maxChunks)
    .map(({ circuit, blocks, isFull }) => ({ circuit, blocks: within.slice(at, (at += blocks)), isFull }));
}

/** The first block goes in whatever its size: it must be published some time. */
function withinBytes(blocks: readonly BlockSummary[], maxBytes: number): readonly BlockSummary[] {
  let bytes = 0;
  const end = blocks.findIndex((block, i) => (bytes += block.bytes) > maxBytes && i > 0);
  return end === -1 ? blocks : blocks.slice(0, end);
}

function waitedTooLong(
  blocks: readonly BlockSummary[],
  nowMs: number,
  limits: BatchLimits,
): "age" | "idle" | undefined {
  const waits = (block: BlockSummary | undefined, maxMs: number): boolean =>
    block !== undefined && nowMs - block.sealedAtMs >= maxMs;
  const oldest = blocks.find(({ transactions }) => transactions > 0);
  if (waits(oldest, limits.maxAgeMs)) return "age";
  return waits(blocks[0], limits.maxIdleMs) ? "idle" : undefined;
}
