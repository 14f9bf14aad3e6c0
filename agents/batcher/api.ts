import type { Batch, SettledBatch } from "./batch.ts";

/** A batch as `GET /batches` tells it, oldest first. Times in ISO 8601; null = not yet, or before this batcher's memory. */
export interface BatchJson {
  batchIndex: number;
  firstBlock: number;
  lastBlock: number;
  publishedAt: string | null;
  provenAt: string | null;
  settledAt: string | null;
  /** The Supersonic block it settled in, and the transaction. */
  settledInBlock: number | null;
  transactionHash: string | null;
}

/** What the contract settled, with the times of those batches that were ours, and what is still open. */
export function listBatches(settled: readonly SettledBatch[], ours: readonly Batch[]): BatchJson[] {
  const byRange = new Map(ours.map((batch) => [`${batch.firstBlock}-${batch.next.dataHash}`, batch]));
  const last = settled.at(-1);
  const open = ours.filter((batch) => batch.firstBlock > (last?.lastBlock ?? 0));
  return [
    ...settled.map((batch) => ({
      ...{ batchIndex: batch.batchIndex, firstBlock: batch.firstBlock, lastBlock: batch.lastBlock },
      ...timesOf(byRange.get(`${batch.firstBlock}-${batch.dataHash}`)),
      settledAt: iso(batch.settledAtMs),
      ...{ settledInBlock: batch.settledInBlock, transactionHash: batch.transactionHash },
    })),
    ...open.map((batch, i) => ({
      batchIndex: (last?.batchIndex ?? 0) + 1 + i,
      ...{ firstBlock: batch.firstBlock, lastBlock: batch.lastBlock, ...timesOf(batch) },
      ...{ settledAt: null, settledInBlock: null, transactionHash: null },
    })),
  ];
}

const timesOf = (batch: Batch | undefined) => ({
  publishedAt: iso(batch?.publishedAtMs),
  provenAt: iso(batch?.provenAtMs),
});

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
