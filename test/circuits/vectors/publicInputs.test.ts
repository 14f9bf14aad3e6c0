import { expect } from "chai";
import type { Built } from "../../../circuits/builder/builder.ts";
import { wireNamed } from "../../../circuits/builder/forge.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import { buildEpoch } from "../../../circuits/programs/epoch.ts";
import { buildEpochMerge } from "../../../circuits/programs/epochMerge.ts";
import type { InnerProof } from "../../../circuits/programs/innerProof.ts";
import type { EpochKeys } from "../../../circuits/programs/keys.ts";
import { STATEMENT_SELF } from "../../../circuits/programs/statement.ts";
import { EPOCH_NODE_INPUTS, type EpochNode, statementFromFields } from "../../../protocol/publicInputs.ts";
import { expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import { KEYS, nodeProof, publicInputsOf, statementProof } from "../programs/sampleStatements.ts";
import { readVectors } from "./expectComputes.ts";

type PublicInputVectors = {
  names: { statement: string[]; epochNode: string[]; epoch: string[] };
  statements: { fields: string[]; hash: string }[];
  settlements: string[];
  epochNode: string[];
  epoch: string[];
};

const vectors = readVectors<PublicInputVectors>("publicInputs");
const settlements = vectors.settlements.map(BigInt);
const statements = vectors.statements.map(({ fields, hash }) => ({
  fields: fields.map(BigInt),
  hash: BigInt(hash),
}));
const epochNode = vectors.epochNode.map(BigInt);
const epoch = vectors.epoch.map(BigInt);
type Statement = (typeof statements)[number];
const [first, second, merged] = statements as [Statement, Statement, Statement];

/** Keys with which the vectors are what honest programs prove: the last statement is a merge's, the node an epoch merge's. */
const keys: EpochKeys = {
  ...KEYS,
  batchMerge: merged.fields[STATEMENT_SELF]!,
  epochMerge: epochNode[EPOCH_NODE_INPUTS.indexOf("selfKeyHash")]!,
};
const chunk = KEYS.chunks["payments"]!;
const proofOf = (keyHash: bigint, fields: readonly bigint[]): InnerProof =>
  statementProof(keyHash, statementFromFields(fields));
const merge = (left: InnerProof, right: InnerProof, from: 0 | 1, between: 1 | 2): Built =>
  buildEpochMerge(keys, {
    ...{ left, right, selfKeyHash: keys.epochMerge },
    ...{ settlementIn: settlements[from]!, settlementBetween: settlements[between]! },
  });
const node: EpochNode = {
  ...{ settlementIn: settlements[0]!, settlementOut: settlements[2]! },
  ...{ batchCount: 2n, selfKeyHash: keys.epochMerge },
};

const lower = merge(proofOf(chunk, first.fields), proofOf(chunk, second.fields), 0, 1);
const upper = merge(nodeProof(keys.epochMerge, node), proofOf(keys.batchMerge, merged.fields), 0, 2);

const namesOf = ({ circuit }: Built): string[] => circuit.publicInputs.map(({ name }) => name);
const valueOf = ({ circuit, witness }: Built, name: string): bigint => witness[wireNamed(circuit, name)]!;

/** A statement, the circuit and side where it is settled, and its number. */
const settled = [
  [first, lower, "left", 0],
  [second, lower, "right", 1],
  [merged, upper, "right", 2],
] as const;

describe("vectors through circuits: publicInputs.json", () => {
  it("statement hashes", () => {
    for (const [{ hash }, built, side] of settled) {
      expectSound(built);
      const output = `${side}.statementHash.permutation[4][0]`;
      expect(valueOf(built, output)).to.equal(hash);
      expectOnlyBroken(built, { [output]: hash ^ 1n }, [
        `${side}.statementHash.permutation[4]`,
        `${side}.settled.permutation[0]`,
      ]);
    }
  });

  it("settlements", () => {
    for (const [, built, side, i] of settled) {
      const [before, after] = [settlements[i]!, settlements[i + 1]!];
      expect(valueOf(built, `${side}.settlementIn`)).to.equal(before);
      expect(valueOf(built, `${side}.settlementOut`)).to.equal(after);
      const guards =
        side === "left" ? ["left.settlementOut", "right continues left"] : ["right.settlementOut"];
      expectOnlyBroken(built, { [`${side}.settlementOut`]: after ^ 1n }, guards);
    }
  });

  it("another field of a statement settles as something else", () => {
    for (let i = 0; i < STATEMENT_SELF; i++) {
      const altered = first.fields.with(i, first.fields[i]! ^ 1n);
      const built = merge(proofOf(chunk, altered), proofOf(chunk, second.fields), 0, 1);
      expectOnlyBroken(built, {}, ["right continues left"]);
    }
  });

  it("the epoch node and the epoch of the three statements", () => {
    expect(publicInputsOf(upper)).to.deep.equal(epochNode);
    expect(namesOf(upper).slice(0, 4)).to.deep.equal(vectors.names.epochNode);
    const inner: InnerProof = { ...nodeProof(keys.epochMerge, node), publicInputs: epochNode };
    const built = buildEpoch(keys, { context: epoch[0]!, inner, settlementIn: 0n });
    expectSound(built);
    expect(publicInputsOf(built)).to.deep.equal(epoch);
    expect(namesOf(built)).to.deep.equal(vectors.names.epoch);
    expectOnlyBroken(built, { context: epoch[0]! ^ 1n }, ["contextSquare"]);
  });

  it("statements as a batch declares them, without selfKeyHash", () => {
    for (const [i, { fields }] of statements.entries()) {
      const keyHash = i === 2 ? keys.batchMerge : chunk;
      const built = buildBatch(keys, { inner: proofOf(keyHash, fields) });
      expectSound(built);
      expect(publicInputsOf(built)).to.deep.equal(fields.with(STATEMENT_SELF, 0n));
      expect(namesOf(built)).to.deep.equal(vectors.names.statement);
    }
  });
});
