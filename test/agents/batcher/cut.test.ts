import { expect } from "chai";
import { planCut, type BlockSummary } from "../../../agents/batcher/cut.ts";
import { MAX_BLOCKS, profiles, useOf } from "./sampleProfiles.ts";

const limits = { maxAgeMs: 5_000, maxIdleMs: 60_000, maxBatchBytes: 100_000, maxChunks: 3, maxOpen: 4 };
const START = 1_000_000;

/** One block a second with so many transactions each. */
const blocksWith = (transactions: readonly number[], bytes = 100): BlockSummary[] =>
  transactions.map((count, i) => ({
    ...{ number: i + 1, sealedAtMs: START + i * 1_000, bytes },
    ...{ transactions: count, use: useOf(count) },
  }));
const sizesAt = (blocks: readonly BlockSummary[], nowMs: number, change: Partial<typeof limits> = {}) => {
  const cut = planCut({ unbatched: blocks, nowMs, profiles }, { ...limits, ...change });
  return cut && { reason: cut.reason, sizes: cut.chunks.map((chunk) => chunk.blocks.length) };
};

describe("planCut", () => {
  it("waits while nothing is due", () => {
    expect(sizesAt([], START)).to.equal(undefined);
    expect(sizesAt(blocksWith([0, 1, 0]), START + 5_999)).to.equal(undefined);
  });

  it("cuts when the oldest transaction has waited long enough, with every block sealed since", () => {
    expect(sizesAt(blocksWith([0, 1, 0, 2]), START + 6_000)).to.deep.equal({ reason: "age", sizes: [4] });
  });

  it("lets blocks without transactions wait longer", () => {
    const empty = blocksWith([0, 0, 0]);
    expect(sizesAt(empty, START + 59_999)).to.equal(undefined);
    expect(sizesAt(empty, START + 60_000)).to.deep.equal({ reason: "idle", sizes: [3] });
  });

  it("cuts a chunk that is full of transactions, or of blocks, without waiting", () => {
    expect(sizesAt(blocksWith([5, 5]), START)).to.deep.equal({ reason: "full", sizes: [2] });
    const quiet = blocksWith(Array<number>(MAX_BLOCKS).fill(0));
    expect(sizesAt(quiet, START)).to.deep.equal({ reason: "full", sizes: [MAX_BLOCKS] });
  });

  it("cuts a chunk that the next block does not fit, and leaves that block for later", () => {
    expect(sizesAt(blocksWith([6, 5]), START)).to.deep.equal({ reason: "full", sizes: [1] });
  });

  it("takes several chunks into one batch, the last one only when its time has come", () => {
    const blocks = blocksWith([6, 5, 5, 1]);
    expect(sizesAt(blocks, START)).to.deep.equal({ reason: "full", sizes: [1, 2] });
    expect(sizesAt(blocks, START + 5_000)).to.deep.equal({ reason: "age", sizes: [1, 2, 1] });
  });

  it("keeps to the number of chunks and to the bytes of a batch", () => {
    const blocks = blocksWith([10, 10, 10, 10, 10]);
    expect(sizesAt(blocks, START)).to.deep.equal({ reason: "full", sizes: [1, 1, 1] });
    expect(sizesAt(blocks, START, { maxBatchBytes: 250 })).to.deep.equal({ reason: "full", sizes: [1, 1] });
    expect(sizesAt(blocks, START, { maxBatchBytes: 10 })).to.deep.equal({ reason: "full", sizes: [1] });
  });

  it("names the circuit of each chunk: the cheapest that holds its blocks", () => {
    const small = { name: "small", gates: 1, capacities: { blocks: 4, transactions: 2 } };
    const two = { ...profiles, profiles: [...profiles.profiles, small] };
    const unbatched = blocksWith([8, 2, 2]);
    const cut = planCut({ unbatched, nowMs: START + 1e9, profiles: two }, limits)!;
    expect(cut.chunks.map(({ circuit, blocks }) => [circuit, blocks.length])).to.deep.equal([
      ["ten", 2],
      ["small", 1],
    ]);
  });

  it("loses no block and doubles none, whatever the load", () => {
    const blocks = blocksWith(Array.from({ length: 300 }, (_, i) => (i * 7) % 11));
    const taken: number[] = [];
    for (let rest = blocks; rest.length > 0;) {
      const { chunks } = planCut({ unbatched: rest, nowMs: START + 1e9, profiles }, limits)!;
      const batch = chunks.flatMap((chunk) => chunk.blocks);
      taken.push(...batch.map(({ number }) => number));
      rest = rest.slice(batch.length);
    }
    expect(taken).to.deep.equal(blocks.map(({ number }) => number));
  });
});
