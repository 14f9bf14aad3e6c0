import { expect } from "chai";
import type { Batch } from "../../../agents/batcher/batch.ts";
import { planBatches, splitBatches, type BatcherView } from "../../../agents/batcher/plan.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import { profiles, useOf } from "./sampleProfiles.ts";

const limits = { maxAgeMs: 5_000, maxIdleMs: 60_000, maxBatchBytes: 100_000, maxChunks: 3, maxOpen: 2 };

const tip = (block: number, salt = 0n): ChainTip => ({
  ...{ stateRoot: 1n + salt, dataHash: BigInt(block) + 1000n * salt, blockNumber: BigInt(block) },
  ...{ timestamp: 0n, baseFee: 7n, gasUsed: 0n },
});
const published = (first: number, last: number, change: Partial<Batch> = {}): Batch => ({
  ...{
    firstBlock: first,
    lastBlock: last,
    chunks: [{ circuit: "ten", lastBlock: last }],
    prev: tip(first - 1),
    next: tip(last),
  },
  ...{ dataLength: 1, dataPointer: "0x00", publishedAtMs: 0, ...change },
});
const proven = { chunkJobs: ["a"], innerProofHash: "0x01", proofJob: "b", provenAtMs: 1 };
const ready = { ...proven, attestations: "0x02" };
const due = { number: 9, sealedAtMs: 0, transactions: 1, use: useOf(1), bytes: 1 };
const view = (batches: Batch[], change: Partial<BatcherView> = {}): BatcherView => ({
  ...{ settled: tip(0), batches, unbatched: [], nowMs: 1e9, profiles, ...change },
});
const kinds = (v: BatcherView) =>
  planBatches(v, limits).map((action) =>
    action.kind === "publish" ? "publish" : `${action.kind} ${action.batch.firstBlock}`,
  );

describe("planBatches", () => {
  it("takes a batch through its steps, whichever were done before a crash", () => {
    const steps: [Partial<Batch>, string[]][] = [
      [{}, ["requestProofs 1"]],
      [{ chunkJobs: ["a"] }, ["collectProofs 1"]],
      [{ chunkJobs: ["a"], innerProofHash: "0x01", proofJob: "b" }, ["attest 1", "awaitProof 1"]],
      [proven, ["attest 1"]],
      [{ ...ready, provenAtMs: undefined as never }, ["awaitProof 1"]],
      [ready, ["submit 1"]],
    ];
    for (const [done, expected] of steps)
      expect(kinds(view([published(1, 3, done)]))).to.deep.equal(expected);
  });

  it("settles in order: a later batch that is ready waits for the one before it", () => {
    expect(kinds(view([published(1, 3, proven), published(4, 5, ready)]))).to.deep.equal(["attest 1"]);
    const next = view([published(1, 3, ready), published(4, 5, ready)], { settled: tip(3) });
    expect(kinds(next)).to.deep.equal(["submit 4"]);
  });

  it("publishes while others are on their way, up to the number allowed", () => {
    const unbatched = [due];
    expect(kinds(view([], { unbatched }))).to.deep.equal(["publish"]);
    expect(kinds(view([published(1, 3)], { unbatched }))).to.deep.equal(["publish", "requestProofs 1"]);
    const full = view([published(1, 3), published(4, 5)], { unbatched });
    expect(kinds(full)).to.deep.equal(["requestProofs 1", "requestProofs 4"]);
  });

  it("follows the contract when somebody else settled other blocks or another history", () => {
    // Settled up to 2: our batch 1-3 begins before it, and 4-5 does not continue it.
    const ours = [published(1, 3, ready), published(4, 5)];
    expect(kinds(view(ours, { settled: tip(2), unbatched: [due] }))).to.deep.equal(["drop 1", "drop 4"]);
    expect(kinds(view(ours, { settled: tip(3, 5n) }))).to.deep.equal(["drop 4"]);
    expect(splitBatches(tip(3), ours)).to.deep.equal({ done: [ours[0]], open: [ours[1]], stale: [] });
  });
});
