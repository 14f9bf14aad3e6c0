/** A statement in wires: the public inputs of `evm`, `batchMerge` and `batch`, by the names of the protocol. */
import { STATEMENT_INPUTS } from "../../protocol/publicInputs.ts";
import { assertEqual } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import type { Wire } from "../builder/wire.ts";
import type { AllowedProgram } from "./innerProof.ts";
import type { ChunkKeys } from "./keys.ts";

export type StatementName = (typeof STATEMENT_INPUTS)[number];
export type StatementWires = Readonly<Record<StatementName, Wire>>;

/** Where a statement keeps `selfKeyHash`. */
export const STATEMENT_SELF = STATEMENT_INPUTS.indexOf("selfKeyHash");

/** Names the wires of an inner proof's public inputs. Assumes the proof is of a program that proves statements. */
export const readStatement = (inputs: readonly Wire[]): StatementWires =>
  Object.fromEntries(STATEMENT_INPUTS.map((name, i) => [name, inputs[i]!])) as Record<StatementName, Wire>;

/** Declares a statement as the circuit's public inputs, in the protocol's order. */
export function declareStatement(b: Builder, statement: StatementWires): void {
  for (const name of STATEMENT_INPUTS) b.publicInput(statement[name], name);
}

/**
 * Proves: `right` continues `left`: same chain, same gas limit, and left's next tip is right's previous tip, all of it.
 * Every name of the protocol's list falls in one of the three cases, so a field added there cannot be forgotten here.
 */
export function assertChained(b: Builder, left: StatementWires, right: StatementWires): void {
  for (const name of STATEMENT_INPUTS) {
    if (name === "selfKeyHash") continue;
    if (name.startsWith("prev.")) {
      const next = name.replace("prev.", "next.") as StatementName;
      assertEqual(b, left[next], right[name], `right continues at ${name}`);
    } else if (!name.startsWith("next.")) assertEqual(b, left[name], right[name], `same ${name}`);
  }
}

/** The statement from left's previous tip to right's next one. */
export const joinStatements = (
  left: StatementWires,
  right: StatementWires,
  selfKeyHash: Wire,
): StatementWires => {
  const pick = (name: StatementName): Wire => (name.startsWith("next.") ? right[name] : left[name]);
  const entries = STATEMENT_INPUTS.map(
    (name) => [name, name === "selfKeyHash" ? selfKeyHash : pick(name)] as const,
  );
  return Object.fromEntries(entries) as Record<StatementName, Wire>;
};

/** The chunk programs as inner programs: constants of the circuit, their `selfKeyHash` is 0. */
export const allowChunks = (b: Builder, chunks: ChunkKeys): AllowedProgram[] =>
  Object.entries(chunks).map(([name, hash]) => ({
    name,
    keyHash: b.constant(hash),
    self: { input: STATEMENT_SELF, value: b.zero },
  }));

/**
 * `batchMerge` as an inner program with key hash `keyHash`: its own idea of its key hash must be the same, which makes
 * the whole tree below it `batchMerge` down to the chunks.
 */
export const allowBatchMerge = (keyHash: Wire): AllowedProgram => ({
  name: "batchMerge",
  keyHash,
  self: { input: STATEMENT_SELF, value: keyHash },
});
