import { expect } from "chai";
import { STATEMENT_INPUTS, statementToFields } from "../../../protocol/publicInputs.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../../circuits/programs/batchMerge.ts";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { expectCode } from "../builder/expectCode.ts";
import { expectBroken, expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import { KEYS, chunkProof, publicInputsOf, sampleStatement, statementProof } from "./sampleStatements.ts";

const { chunks, batchMerge } = KEYS;
const merge = (left = chunkProof(3n, 5n), right = chunkProof(5n, 9n), selfKeyHash = batchMerge) =>
  buildBatchMerge(chunks, { left, right, selfKeyHash });
const mergeProof = (first: bigint, last: bigint, selfKeyHash = batchMerge) =>
  statementProof(batchMerge, sampleStatement(first, last, selfKeyHash));

describe("batchMerge", () => {
  it("joins two chunks, a chunk and a merge, two merges, chunks of two programs", () => {
    const joined = statementToFields(sampleStatement(3n, 9n, batchMerge));
    const other = statementProof(chunks["deposits"]!, sampleStatement(5n, 9n));
    for (const built of [
      merge(),
      merge(mergeProof(3n, 5n)),
      merge(chunkProof(3n, 5n), mergeProof(5n, 9n)),
      merge(mergeProof(3n, 5n), mergeProof(5n, 9n)),
      merge(chunkProof(3n, 5n), other),
    ]) {
      expectSound(built);
      expect(publicInputsOf(built)).to.deep.equal(joined);
    }
  });

  it("is one circuit, whatever it joins", () => {
    const digest = circuitDigest(buildBatchMerge(chunks).circuit);
    expect(circuitDigest(merge().circuit)).to.equal(digest);
    expect(circuitDigest(merge(mergeProof(3n, 5n)).circuit)).to.equal(digest);
  });

  it("refuses a proof of a program that is not allowed, named as any that is", () => {
    const evil = { ...chunkProof(3n, 5n), keyHash: 0xdeadn };
    const built = merge(evil);
    expectBroken(built, {}, "left.one program");
    expectOnlyBroken(built, { "left.is.payments": 1n }, ["left.key hash is the program's"]);
    expectOnlyBroken(built, { "left.is.batchMerge": 1n }, [
      "left.key hash is the program's",
      "left.selfKeyHash of batchMerge",
    ]);
  });

  it("refuses two programs at once, even where their hashes would add up", () => {
    const built = merge({ ...chunkProof(3n, 5n), keyHash: 0xa1n + 0xa2n });
    const both = { "left.is.payments": 1n, "left.is.deposits": 1n };
    expectOnlyBroken(built, both, ["left.one program"]);
  });

  it("refuses a flag that is not boolean", () => {
    const half = { "left.is.payments": 2n, "left.is.deposits": -1n, "left.keyHash": 2n * 0xa1n - 0xa2n };
    expectOnlyBroken(merge(), half, ["left.is.payments", "left.is.deposits"]);
  });

  it("refuses a merge that believes in another key hash than ours, and a chunk that has one", () => {
    expectOnlyBroken(merge(mergeProof(3n, 5n, 0xeeen)), {}, ["left.selfKeyHash of batchMerge"]);
    const chunk = statementProof(chunks["payments"]!, sampleStatement(3n, 5n, batchMerge));
    expectOnlyBroken(merge(chunk), {}, ["left.selfKeyHash of payments"]);
  });

  it("refuses swapped statements and a gap", () => {
    const names = ["stateRoot", "dataHash", "blockNumber", "timestamp", "baseFee", "gasUsed"];
    const chain = names.map((name) => `right continues at prev.${name}`);
    expectOnlyBroken(merge(chunkProof(5n, 9n), chunkProof(3n, 5n)), {}, chain);
    expectOnlyBroken(merge(chunkProof(3n, 4n), chunkProof(5n, 9n)), {}, chain);
  });

  it("refuses each single field that does not continue", () => {
    const built = merge();
    STATEMENT_INPUTS.forEach((name, i) => {
      if (name === "selfKeyHash") return;
      const right = `right.input[${i}]`;
      const forged = { [right]: built.witness[built.circuit.publicInputs[i]!.wire]! + 12_345n };
      if (name.startsWith("prev.")) expectOnlyBroken(built, forged, [`right continues at ${name}`]);
      else if (name.startsWith("next.")) expectOnlyBroken(built, forged, []);
      else expectOnlyBroken(built, forged, [`same ${name}`]);
    });
  });
});

describe("batch", () => {
  it("passes the statement of a chunk or of a merge on, without selfKeyHash", () => {
    for (const inner of [chunkProof(3n, 9n), mergeProof(3n, 9n)]) {
      const built = buildBatch(KEYS, { inner });
      expectSound(built);
      expect(publicInputsOf(built)).to.deep.equal(statementToFields(sampleStatement(3n, 9n)));
    }
  });

  it("refuses a merge built on another key hash: the tree below could hold anything", () => {
    expectOnlyBroken(buildBatch(KEYS, { inner: mergeProof(3n, 9n, 0xeeen) }), {}, [
      "inner.selfKeyHash of batchMerge",
    ]);
  });

  it("refuses a foreign key hash, also the epoch programs'", () => {
    for (const keyHash of [0n, 1n, KEYS.epochMerge, KEYS.epochEmpty])
      expectBroken(buildBatch(KEYS, { inner: { ...chunkProof(3n, 9n), keyHash } }), {}, "inner.one program");
  });

  it("depends on every key below it", () => {
    const digests = [
      KEYS,
      { ...KEYS, batchMerge: 0xb2n },
      { ...KEYS, chunks: { ...chunks, payments: 0xa3n } },
      { ...KEYS, chunks: { payments: 0xa1n } },
    ].map((keys) => circuitDigest(buildBatch(keys).circuit));
    expect(new Set(digests).size).to.equal(4);
  });

  it("refuses keys that make two programs one", () => {
    expectCode(() => buildBatch({ ...KEYS, batchMerge: 0xa2n }), {
      code: "PROGRAM_KEYS_EQUAL",
      first: "deposits",
      second: "batchMerge",
    });
    expectCode(() => buildBatch({ ...KEYS, batchMerge: 0n }), {
      code: "PROGRAM_KEY_ZERO",
      program: "batchMerge",
    });
    expectCode(() => buildBatch({ ...KEYS, chunks: {} }), { code: "PROGRAM_KEYS_EMPTY" });
    expectCode(() => buildBatchMerge({ batchMerge: 5n }), {
      code: "PROGRAM_NAME_TAKEN",
      program: "batchMerge",
    });
  });
});
