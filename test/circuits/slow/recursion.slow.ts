/** The recursion programs through `bb` and the Solidity verifier, each with what it must refuse. Minutes. */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { forge } from "../../../circuits/builder/forge.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../../circuits/programs/batchMerge.ts";
import { buildEpoch } from "../../../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../../../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../../../circuits/programs/epochMerge.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import type { EpochKeys } from "../../../circuits/programs/keys.ts";
import {
  STATEMENT_INPUTS,
  epochToFields,
  settle,
  statementHash,
  statementToFields,
} from "../../../protocol/publicInputs.ts";
import { sampleStatement } from "../programs/sampleStatements.ts";
import { anyStatement, RECURSIVE, RecursionProvers } from "../roundtrip/recursionProvers.ts";

const START = 777n;

describe("recursion, proven at length", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(3_600_000);

  let provers: RecursionProvers;
  let keys: EpochKeys;
  const proofs = new Map<string, InnerProof>();
  const proof = (name: string): InnerProof => proofs.get(name)!;

  before(async () => {
    provers = await RecursionProvers.create();
    const chunks = { chunk: await provers.add("chunk", RECURSIVE, anyStatement()) };
    await provers.add("otherChunk", RECURSIVE, anyStatement(undefined, 1n));
    const below = { chunks, batchMerge: await provers.add("batchMerge", RECURSIVE, buildBatchMerge(chunks)) };
    const epochMerge = await provers.add("epochMerge", RECURSIVE, buildEpochMerge(below));
    const epochEmpty = await provers.add("epochEmpty", RECURSIVE, buildEpochEmpty());
    keys = { ...below, epochMerge, epochEmpty };
    await provers.add("batch", "evm-no-zk", buildBatch(keys));
    await provers.add("epoch", "evm-no-zk", buildEpoch(keys));

    const fields = (first: bigint, last: bigint) => statementToFields(sampleStatement(first, last));
    proofs.set("chunk 0-4", await provers.inner("chunk", anyStatement(fields(0n, 4n))));
    proofs.set("chunk 4-6", await provers.inner("chunk", anyStatement(fields(4n, 6n))));
    proofs.set("evil 0-4", await provers.inner("otherChunk", anyStatement(fields(0n, 4n), 1n)));
  });

  it("batchMerge joins two chunks; batch wraps the merge and Solidity accepts it", async () => {
    const [left, right] = [proof("chunk 0-4"), proof("chunk 4-6")];
    const merged = buildBatchMerge(keys.chunks, { left, right, selfKeyHash: keys.batchMerge });
    proofs.set("batch 0-6", await provers.inner("batchMerge", merged));
    const { witness } = buildBatch(keys, { inner: proof("batch 0-6") });
    const made = await provers.of("batch").prove(witness);
    expect(made.publicInputs).to.deep.equal(statementToFields(sampleStatement(0n, 6n)));
    expect(await provers.of("batch").verify(made.proof, made.publicInputs)).to.equal(true);
    for (let i = 0; i < made.publicInputs.length; i++) {
      const altered = made.publicInputs.map((value, j) => (i === j ? value + 1n : value));
      expect(await provers.of("batch").verify(made.proof, altered), STATEMENT_INPUTS[i]).to.equal(false);
    }
  });

  it("batch takes a single chunk with the same key", async () => {
    const { witness } = buildBatch(keys, { inner: proof("chunk 0-4") });
    expect(await provers.of("batch").judge(witness)).to.equal("accepted");
  });

  it("a proof of a program that is not allowed is refused, even named as one that is", async () => {
    const built = buildBatch(keys, { inner: { ...proof("evil 0-4"), keyHash: keys.chunks["chunk"]! } });
    expect(check(built.circuit, built.witness).broken, "only the recursion is wrong").to.deep.equal([]);
    expect(await provers.of("batch").judge(built.witness)).to.not.equal("accepted");
  });

  it("an inner public input that the inner proof does not have is refused", async () => {
    const built = buildBatch(keys, { inner: proof("chunk 0-4") });
    const forged = forge(built, { "inner.input[7]": 666n });
    expect(check(built.circuit, forged).broken).to.deep.equal([]);
    expect(await provers.of("batch").judge(forged)).to.not.equal("accepted");
  });

  it("epochMerge settles a merged batch and a chunk; epoch wraps it and Solidity accepts it", async () => {
    const first = sampleStatement(0n, 6n);
    const between = settle(START, statementHash(first));
    const after = settle(between, statementHash(sampleStatement(0n, 4n)));
    const merged = buildEpochMerge(keys, {
      left: proof("batch 0-6"),
      right: proof("chunk 0-4"),
      settlementIn: START,
      settlementBetween: between,
      selfKeyHash: keys.epochMerge,
    });
    const node = await provers.inner("epochMerge", merged);
    const { witness } = buildEpoch(keys, { context: 99n, inner: node, settlementIn: START });
    const made = await provers.of("epoch").prove(witness);
    const expected = { context: 99n, settlementIn: START, settlementOut: after, batchCount: 2n };
    expect(made.publicInputs).to.deep.equal(epochToFields(expected));
    expect(await provers.of("epoch").verify(made.proof, made.publicInputs)).to.equal(true);
    for (const wrong of [{ context: 98n }, { settlementIn: 1n }, { settlementOut: 1n }, { batchCount: 3n }])
      expect(await provers.of("epoch").verify(made.proof, epochToFields({ ...expected, ...wrong }))).to.equal(
        false,
      );
  });

  it("an empty epoch is accepted with the same key", async () => {
    const node = await provers.inner("epochEmpty", buildEpochEmpty({ settlement: START }));
    const { witness } = buildEpoch(keys, { context: 1n, inner: node, settlementIn: 0n });
    expect(await provers.of("epoch").judge(witness)).to.equal("accepted");
  });
});
