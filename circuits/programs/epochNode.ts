/** An epoch node in wires: which batches take one settlement accumulator to the next. */
import { STATEMENT_LENGTH } from "../../protocol/constants.ts";
import { Domain } from "../../protocol/domains.ts";
import { EPOCH_NODE_INPUTS, STATEMENT_INPUTS } from "../../protocol/publicInputs.ts";
import { assertEqualIf, mux, sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, assertFits } from "../builder/ranges.ts";
import type { Bool, U64, Wire } from "../builder/wire.ts";
import { hashFields } from "../gadgets/sponge.ts";
import type { AllowedProgram, VerifiedInner } from "./innerProof.ts";
import { STATEMENT_SELF } from "./statement.ts";

export interface EpochNodeWires {
  readonly settlementIn: Wire;
  readonly settlementOut: Wire;
  readonly batchCount: U64;
}

const input = (inputs: readonly Wire[], name: (typeof EPOCH_NODE_INPUTS)[number]): Wire =>
  inputs[EPOCH_NODE_INPUTS.indexOf(name)]!;

/** `epochMerge` as an inner program with key hash `keyHash`; as with `batchMerge`, its own idea of it must agree. */
export const allowEpochMerge = (keyHash: Wire): AllowedProgram => ({
  name: "epochMerge",
  keyHash,
  self: { input: EPOCH_NODE_INPUTS.indexOf("selfKeyHash"), value: keyHash },
});

/** `epochEmpty` as an inner program: it has no inner proofs, its `selfKeyHash` is 0. */
export const allowEpochEmpty = (b: Builder, keyHash: Wire): AllowedProgram => ({
  name: "epochEmpty",
  keyHash,
  self: { input: EPOCH_NODE_INPUTS.indexOf("selfKeyHash"), value: b.zero },
});

/**
 * Reads an inner proof as an epoch node: a node as it stands, a statement as the settling of one batch.
 *
 * Proves: with isNode, the node is (inputs 0, 1, 2). Without, settlementOut = hash(SETTLEMENT, [settlementIn,
 * statementHash]) and batchCount = 1, statementHash being the hash of all inputs of the statement but `selfKeyHash`.
 * Assumes: isNode is 1 iff the proof is of a program that proves nodes (it comes from the key hash).
 * Enforces: batchCount < 2^64 for either.
 * Sound because: which reading applies is decided by isNode, hence by the key hash, and never by the inputs' values.
 * settlementIn is unconstrained for a statement: what surrounds the node fixes it.
 */
export function readAsEpochNode(
  b: Builder,
  inner: VerifiedInner,
  isNode: Bool,
  settlementBefore: () => bigint,
  name: string,
): EpochNodeWires {
  return b.scope(name, () => {
    const inputs = inner.publicInputs;
    const settlementIn = b.witness("settlementIn", () =>
      b.value(isNode) === 1n ? b.value(input(inputs, "settlementIn")) : settlementBefore(),
    );
    assertEqualIf(b, isNode, settlementIn, input(inputs, "settlementIn"), "settlementIn is the node's");
    const statement = inputs.filter((_, i) => i !== STATEMENT_SELF).slice(0, STATEMENT_INPUTS.length - 1);
    const statementHash = hashFields(b, Domain.STATEMENT, statement, "statementHash");
    const settled = hashFields(b, Domain.SETTLEMENT, [settlementIn, statementHash], "settled");
    const settlementOut = mux(b, isNode, input(inputs, "settlementOut"), settled, "settlementOut");
    const count = mux(b, isNode, input(inputs, "batchCount"), b.one, "count");
    return { settlementIn, settlementOut, batchCount: assertBits(b, count, 64, "batchCount") };
  });
}

/**
 * Proves: `right` continues `left`; the result settles the batches of both.
 * Enforces: left.settlementOut = right.settlementIn; the count, a sum of two numbers below 2^64, stays below 2^64.
 */
export function joinNodes(b: Builder, left: EpochNodeWires, right: EpochNodeWires): EpochNodeWires {
  b.assertZero([], [[1n, left.settlementOut], [-1n, right.settlementIn]], 0n, "right continues left"); // prettier-ignore
  for (const { batchCount } of [left, right]) assertFits(b, batchCount, 64, "batchCount");
  const count = sum(b, [[1n, left.batchCount], [1n, right.batchCount]], 0n, "batchCount"); // prettier-ignore
  return {
    settlementIn: left.settlementIn,
    settlementOut: right.settlementOut,
    batchCount: assertBits(b, count, 64, "batchCount"),
  };
}

/** Declares a node as the circuit's public inputs, padded with zeros to the length of a statement. */
export function declareEpochNode(b: Builder, node: EpochNodeWires, selfKeyHash: Wire): void {
  const wires = { ...node, selfKeyHash };
  for (const name of EPOCH_NODE_INPUTS) b.publicInput(wires[name], name);
  for (let i = EPOCH_NODE_INPUTS.length; i < STATEMENT_LENGTH; i++) b.publicInput(b.zero, `padding[${i}]`);
}
