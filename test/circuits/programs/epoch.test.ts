import { expect } from "chai";
import {
  type EpochNode,
  epochNodeToFields,
  epochToFields,
  settle,
  statementHash,
} from "../../../protocol/publicInputs.ts";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { buildEpoch } from "../../../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../../../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../../../circuits/programs/epochMerge.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import { expectBroken, expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import {
  KEYS,
  chunkProof,
  nodeProof,
  publicInputsOf,
  sampleStatement,
  statementProof,
} from "./sampleStatements.ts";

const START = 777n;
const { epochMerge, epochEmpty, batchMerge } = KEYS;
const first = sampleStatement(0n, 4n);
const second = sampleStatement(0n, 6n, 0n, 43n);
const afterFirst = settle(START, statementHash(first));
const afterBoth = settle(afterFirst, statementHash(second));

const node = (
  settlementIn: bigint,
  settlementOut: bigint,
  batchCount: bigint,
  selfKeyHash = epochMerge,
): EpochNode => ({
  settlementIn,
  settlementOut,
  batchCount,
  selfKeyHash,
});
const mergedNode = (...args: Parameters<typeof node>): InnerProof => nodeProof(epochMerge, node(...args));
const firstBatch = chunkProof(0n, 4n);
const secondBatch = statementProof(batchMerge, { ...second, selfKeyHash: batchMerge });

const merge = (left: InnerProof, right: InnerProof, settlementIn = START, settlementBetween = afterFirst) =>
  buildEpochMerge(KEYS, { left, right, settlementIn, settlementBetween, selfKeyHash: epochMerge });
const epoch = (inner: InnerProof) => buildEpoch(KEYS, { context: 99n, inner, settlementIn: START });

describe("epochMerge", () => {
  it("settles two batches, a batch after a node, a node after a batch, two nodes", () => {
    const cases: [InnerProof, InnerProof, bigint][] = [
      [firstBatch, secondBatch, 2n],
      [mergedNode(START, afterFirst, 7n), secondBatch, 8n],
      [firstBatch, mergedNode(afterFirst, afterBoth, 4n), 5n],
      [mergedNode(START, afterFirst, 7n), mergedNode(afterFirst, afterBoth, 4n), 11n],
    ];
    for (const [left, right, count] of cases) {
      const built = merge(left, right);
      expectSound(built);
      expect(publicInputsOf(built)).to.deep.equal(epochNodeToFields(node(START, afterBoth, count)));
    }
  });

  it("is one circuit, whatever it merges", () => {
    const digest = circuitDigest(buildEpochMerge(KEYS).circuit);
    expect(circuitDigest(merge(firstBatch, secondBatch).circuit)).to.equal(digest);
  });

  it("never reads a statement as a node, nor a node as a statement", () => {
    // A chunk's proof, flagged as a node: the key hash decides.
    const asNode = { "left.is.payments": 0n, "left.is.epochMerge": 1n };
    expectBroken(merge(firstBatch, secondBatch), asNode, "left.key hash is the program's");
    const asStatement = { "left.is.payments": 1n, "left.is.epochMerge": 0n };
    expectBroken(
      merge(mergedNode(START, afterFirst, 7n), secondBatch),
      asStatement,
      "left.key hash is the program's",
    );
    // Even with our own key hash said to be a chunk's: the node's selfKeyHash input, a block number here, must be it too.
    const payments = KEYS.chunks["payments"]!;
    const lie = { selfKeyHash: payments, ...asNode };
    expectBroken(merge(firstBatch, secondBatch), lie, "left.selfKeyHash of epochMerge");
  });

  it("refuses an empty epoch's proof: empty nodes are for the root only", () => {
    const empty = nodeProof(epochEmpty, node(START, START, 0n, 0n));
    expectBroken(merge(empty, secondBatch, START, START), {}, "left.one program");
  });

  it("refuses merges that believe in another key hash", () => {
    expectOnlyBroken(merge(mergedNode(START, afterFirst, 7n, 0xeeen), secondBatch), {}, [
      "left.selfKeyHash of epochMerge",
    ]);
    const foreign = statementProof(batchMerge, { ...second, selfKeyHash: 0xeeen });
    expectOnlyBroken(merge(firstBatch, foreign), {}, ["right.selfKeyHash of batchMerge"]);
  });

  it("refuses accumulators that do not chain and batches in another order", () => {
    const built = merge(mergedNode(START, afterFirst, 1n), mergedNode(afterBoth, afterFirst, 1n));
    expectOnlyBroken(built, {}, ["right continues left"]);
    expectOnlyBroken(merge(secondBatch, firstBatch), {}, ["right continues left"]);
  });

  it("refuses a statement settled as another one", () => {
    const built = merge(firstBatch, secondBatch);
    for (let i = 0; i < 14; i++) expectBroken(built, { [`left.input[${i}]`]: 5n }, absorbing(i));
  });

  it("refuses a wrong count and one past 2^64", () => {
    const built = merge(mergedNode(START, afterFirst, 7n), secondBatch);
    expectBroken(built, { "left.input[2]": 8n }, "left.count");
    expectOnlyBroken(built, { batchCount: 9n }, ["batchCount"]);
    const full = (1n << 64n) - 1n;
    expectOnlyBroken(merge(mergedNode(START, afterFirst, full), secondBatch), {}, ["batchCount"]);
    const huge = merge(firstBatch, secondBatch);
    expectOnlyBroken(huge, { "left.count": 1n << 64n, batchCount: (1n << 64n) + 1n }, [
      "left.count",
      "left.batchCount",
      "batchCount",
    ]);
  });
});

/** The constraint that absorbs input `i` of the left statement, or the permutation for the first group. */
function absorbing(i: number): string {
  return i < 3 ? "left.statementHash.permutation[0]" : `left.statementHash.absorb[${i}]`;
}

describe("epochEmpty", () => {
  it("settles nothing", () => {
    const built = buildEpochEmpty({ settlement: START });
    expectSound(built);
    expect(publicInputsOf(built)).to.deep.equal(epochNodeToFields(node(START, START, 0n, 0n)));
    expectOnlyBroken(built, { settlementOut: START + 1n }, ["nothing was settled"]);
  });
});

describe("epoch", () => {
  it("takes a batch, a merged batch, a node or an empty epoch", () => {
    const cases: [InnerProof, bigint, bigint][] = [
      [firstBatch, afterFirst, 1n],
      [secondBatch, settle(START, statementHash(second)), 1n],
      [mergedNode(START, afterBoth, 2n), afterBoth, 2n],
      [nodeProof(epochEmpty, node(START, START, 0n, 0n)), START, 0n],
    ];
    for (const [inner, settlementOut, batchCount] of cases) {
      const built = epoch(inner);
      expectSound(built);
      const expected = { context: 99n, settlementIn: START, settlementOut, batchCount };
      expect(publicInputsOf(built)).to.deep.equal(epochToFields(expected));
    }
  });

  it("refuses merges built on other key hashes", () => {
    expectOnlyBroken(epoch(mergedNode(START, afterBoth, 2n, 0xeeen)), {}, [
      "inner.selfKeyHash of epochMerge",
    ]);
    const foreign = statementProof(batchMerge, { ...second, selfKeyHash: 0xeeen });
    expectOnlyBroken(epoch(foreign), {}, ["inner.selfKeyHash of batchMerge"]);
  });

  it("refuses a statement flagged as a node, and a foreign program", () => {
    const flags = { "inner.is.payments": 0n, "inner.is.epochEmpty": 1n };
    expectBroken(epoch(firstBatch), flags, "inner.key hash is the program's");
    expectBroken(epoch({ ...firstBatch, keyHash: 0xdeadn }), {}, "inner.one program");
  });

  it("refuses outputs that are not the inner proof's", () => {
    expectOnlyBroken(epoch(firstBatch), { "node.settlementOut": 1n }, ["node.settlementOut"]);
    expectOnlyBroken(epoch(firstBatch), { "node.count": 2n }, ["node.count"]);
    expectBroken(epoch(firstBatch), { "node.settlementIn": 1n }, "node.settled.permutation[0]");
    const merged = epoch(mergedNode(START, afterBoth, 2n));
    expectBroken(merged, { "node.settlementIn": 1n }, "node.settlementIn is the node's");
  });
});
