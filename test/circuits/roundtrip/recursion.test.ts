import { expect } from "chai";
import { Builder, type Built } from "../../../circuits/builder/builder.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
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
import { bytesToFields } from "../../../proving/barretenberg/fields.ts";
import type { Target } from "../../../proving/barretenberg/target.ts";
import {
  type ReferenceString,
  getReferenceString,
} from "../../../proving/referenceString/referenceString.ts";
import { sampleStatement } from "../programs/sampleStatements.ts";
import { CircuitProver } from "./prover.ts";

const START = 777n;

/** Stands for `transfers` in the shape of its public inputs alone: it proves every statement. */
function chunk(statement: readonly bigint[], salt = 0n): Built {
  const b = new Builder();
  const wires = b.witnesses("input", STATEMENT_INPUTS.length, () => statement);
  wires.forEach((wire, i) => {
    b.assertZero(
      [[1n, wire, b.constant(salt)]],
      [[-1n, b.witness("product", () => b.value(wire) * salt)]],
      0n,
      "use",
    );
    b.publicInput(wire, STATEMENT_INPUTS[i]!);
  });
  return b.finish();
}

describe("recursion, proven", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(3_600_000);

  let referenceString: ReferenceString;
  let keys: EpochKeys;
  const provers = new Map<string, CircuitProver>();
  const proofs = new Map<string, InnerProof>();

  const create = async (name: string, target: Target, circuit: Circuit): Promise<CircuitProver> => {
    const prover = await CircuitProver.create(name, target, circuit, referenceString);
    provers.set(name, prover);
    return prover;
  };
  const prover = (name: string): CircuitProver => provers.get(name)!;
  const proof = (name: string): InnerProof => proofs.get(name)!;

  /** Proves with an inner program, for use in an outer one. */
  const inner = async (name: string, { circuit, witness }: Built): Promise<InnerProof> => {
    expect(check(circuit, witness).broken).to.deep.equal([]);
    const { key } = prover(name);
    const made = await prover(name).prove(witness);
    const fields = bytesToFields(made.proof, "bb prove");
    return { key: key.keyFields, keyHash: key.keyHash, proof: fields, publicInputs: made.publicInputs };
  };

  before(async () => {
    referenceString = await getReferenceString("local");
    const recursive = "noir-recursive-no-zk";
    const empty = new Array<bigint>(STATEMENT_INPUTS.length).fill(0n);
    const chunks = { chunk: (await create("chunk", recursive, chunk(empty).circuit)).key.keyHash };
    await create("otherChunk", recursive, chunk(empty, 1n).circuit);
    const batchMerge = (await create("batchMerge", recursive, buildBatchMerge(chunks).circuit)).key.keyHash;
    const below = { chunks, batchMerge };
    const epochMerge = (await create("epochMerge", recursive, buildEpochMerge(below).circuit)).key.keyHash;
    const epochEmpty = (await create("epochEmpty", recursive, buildEpochEmpty().circuit)).key.keyHash;
    keys = { ...below, epochMerge, epochEmpty };
    await create("batch", "evm-no-zk", buildBatch(keys).circuit);
    await create("epoch", "evm-no-zk", buildEpoch(keys).circuit);

    const chunkOf = (first: bigint, last: bigint) => chunk(statementToFields(sampleStatement(first, last)));
    proofs.set("chunk 0-4", await inner("chunk", chunkOf(0n, 4n)));
    proofs.set("chunk 4-6", await inner("chunk", chunkOf(4n, 6n)));
    proofs.set("evil 0-4", await inner("otherChunk", chunk(statementToFields(sampleStatement(0n, 4n)), 1n)));
  });

  it("batchMerge joins two chunks; batch wraps the merge and Solidity accepts it", async () => {
    const [left, right] = [proof("chunk 0-4"), proof("chunk 4-6")];
    const merged = buildBatchMerge(keys.chunks, { left, right, selfKeyHash: keys.batchMerge });
    proofs.set("batch 0-6", await inner("batchMerge", merged));
    const { witness } = buildBatch(keys, { inner: proof("batch 0-6") });
    const made = await prover("batch").prove(witness);
    expect(made.publicInputs).to.deep.equal(statementToFields(sampleStatement(0n, 6n)));
    expect(await prover("batch").verify(made.proof, made.publicInputs)).to.equal(true);
    for (let i = 0; i < made.publicInputs.length; i++) {
      const altered = made.publicInputs.map((value, j) => (i === j ? value + 1n : value));
      expect(await prover("batch").verify(made.proof, altered), STATEMENT_INPUTS[i]).to.equal(false);
    }
  });

  it("batch takes a single chunk with the same key", async () => {
    const { witness } = buildBatch(keys, { inner: proof("chunk 0-4") });
    expect(await prover("batch").judge(witness)).to.equal("accepted");
  });

  it("a proof of a program that is not allowed is refused, even named as one that is", async () => {
    const built = buildBatch(keys, { inner: { ...proof("evil 0-4"), keyHash: keys.chunks["chunk"]! } });
    expect(check(built.circuit, built.witness).broken, "only the recursion is wrong").to.deep.equal([]);
    expect(await prover("batch").judge(built.witness)).to.not.equal("accepted");
  });

  it("an inner public input that the inner proof does not have is refused", async () => {
    const built = buildBatch(keys, { inner: proof("chunk 0-4") });
    const forged = forge(built, { "inner.input[7]": 666n });
    expect(check(built.circuit, forged).broken).to.deep.equal([]);
    expect(await prover("batch").judge(forged)).to.not.equal("accepted");
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
    const node = await inner("epochMerge", merged);
    const { witness } = buildEpoch(keys, { context: 99n, inner: node, settlementIn: START });
    const made = await prover("epoch").prove(witness);
    const expected = { context: 99n, settlementIn: START, settlementOut: after, batchCount: 2n };
    expect(made.publicInputs).to.deep.equal(epochToFields(expected));
    expect(await prover("epoch").verify(made.proof, made.publicInputs)).to.equal(true);
    for (const wrong of [{ context: 98n }, { settlementIn: 1n }, { settlementOut: 1n }, { batchCount: 3n }])
      expect(await prover("epoch").verify(made.proof, epochToFields({ ...expected, ...wrong }))).to.equal(
        false,
      );
  });

  it("an empty epoch is accepted with the same key", async () => {
    const node = await inner("epochEmpty", buildEpochEmpty({ settlement: START }));
    const { witness } = buildEpoch(keys, { context: 1n, inner: node, settlementIn: 0n });
    expect(await prover("epoch").judge(witness)).to.equal("accepted");
  });
});
