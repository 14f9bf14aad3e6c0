import type { Built } from "../../circuits/builder/builder.ts";
import { buildBatch } from "../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../circuits/programs/batchMerge.ts";
import { buildEpoch } from "../../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../../circuits/programs/epochMerge.ts";
import type { InnerProof } from "../../circuits/programs/innerProof.ts";
import type { EpochKeys } from "../../circuits/programs/keys.ts";
import { bytesToFields } from "../../proving/barretenberg/fields.ts";
import { StackError } from "../../protocol/errors.ts";
import type { JobOf } from "../kit/jobs/job.ts";
import type { ProofRecord } from "../kit/jobs/proofRecord.ts";
import { fillChunk } from "./chunk.ts";
import type { ProverError } from "./errors.ts";

/** One proof of one program, with all that its circuit is filled with. */
export type Step =
  | ({ readonly program: "chunk" } & Omit<JobOf<"chunk">, "kind">)
  | { readonly program: "batchMerge"; readonly left: ProofRecord; readonly right: ProofRecord }
  | { readonly program: "batch"; readonly inner: ProofRecord }
  | { readonly program: "epochEmpty"; readonly settlement: bigint }
  | {
      readonly program: "epochMerge";
      readonly left: ProofRecord;
      readonly right: ProofRecord;
      readonly settlementIn: bigint;
      readonly settlementBetween: bigint;
    }
  | {
      readonly program: "epoch";
      readonly context: bigint;
      readonly settlementIn: bigint;
      readonly inner: ProofRecord;
    };

/** Of a chunk the circuit it names: what keys and proofs know the program by. */
export const programOf = (step: Step): string => (step.program === "chunk" ? step.circuit : step.program);

/** What circuits need to know of the keys: the hashes they hold as constants, and the keys of proofs they verify. */
export interface CircuitKeys extends EpochKeys {
  readonly innerKeys: Readonly<Record<string, { keyFields: readonly bigint[]; keyHash: bigint }>>;
}

/** Builds the step's circuit and fills it. Throws what the step's data deserves; a false statement shows in `check`. */
export function buildStep(step: Step, keys: CircuitKeys): Built {
  const inner = (record: ProofRecord): InnerProof => readInner(record, keys);
  switch (step.program) {
    case "chunk":
      return fillChunk(step);
    case "batchMerge":
      return buildBatchMerge(keys.chunks, {
        left: inner(step.left),
        right: inner(step.right),
        selfKeyHash: keys.batchMerge,
      });
    case "batch":
      return buildBatch(keys, { inner: inner(step.inner) });
    case "epochEmpty":
      return buildEpochEmpty(step);
    case "epochMerge": {
      const { settlementIn, settlementBetween } = step;
      const sides = { left: inner(step.left), right: inner(step.right) };
      return buildEpochMerge(keys, {
        ...sides,
        settlementIn,
        settlementBetween,
        selfKeyHash: keys.epochMerge,
      });
    }
    case "epoch":
      return buildEpoch(keys, { ...step, inner: inner(step.inner) });
  }
}

function readInner({ program, proof, publicInputs }: ProofRecord, { innerKeys }: CircuitKeys): InnerProof {
  const key = innerKeys[program];
  if (!key)
    throw new StackError<ProverError>(
      { code: "PROGRAM_NOT_INNER", program, inner: Object.keys(innerKeys).join(" ") },
      "fatal",
    );
  return { key: key.keyFields, keyHash: key.keyHash, proof: bytesToFields(proof, program), publicInputs };
}
