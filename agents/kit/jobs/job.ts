import { keccak_256 } from "@noble/hashes/sha3.js";
import { z } from "zod";
import { MAX_ANCESTORS } from "../../../protocol/ancestors.ts";
import { StackError } from "../../../protocol/errors.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import { decodeCanonical, encodeCanonical } from "./canonical.ts";
import type { JobsError } from "./errors.ts";
import { proofRecordSchema } from "./proofRecord.ts";

const uint64 = z
  .bigint()
  .nonnegative()
  .lt(1n << 64n);
const field = z.bigint().nonnegative().lt(FIELD_MODULUS);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "expected bytes");
const tip = z.strictObject({
  stateRoot: field,
  dataHash: field,
  blockNumber: uint64,
  timestamp: uint64,
  baseFee: uint64,
  gasUsed: uint64,
});

/** What a prover can be asked for (programs: docs/ARCHITECTURE.md). Each gives one proof record. */
export const jobSchema = z.discriminatedUnion("kind", [
  /** Blocks after `prev` -> inner proof of one of the chunks' circuits. */
  z.strictObject({
    kind: z.literal("chunk"),
    /** Name of the circuit (protocol/programs/provenPrograms.ts). */
    circuit: z.string().max(32),
    chainId: uint64,
    gasLimit: uint64,
    prev: tip,
    /** What BLOCKHASH needs of the blocks up to `prev` (protocol/ancestors.ts). */
    ancestors: z.strictObject({ oldest: field, digests: z.array(field).max(MAX_ANCESTORS).readonly() }),
    /** Canonical bytes (protocol/block.ts), consecutive. */
    blocks: z.array(bytes).min(1),
    /** State witness of each block (protocol/state/witness.ts). */
    witnesses: z.array(bytes).min(1),
  }),
  /** Two consecutive inner proofs -> one. */
  z.strictObject({ kind: z.literal("batchMerge"), left: proofRecordSchema, right: proofRecordSchema }),
  /** Inner proof -> proof for Solidity. */
  z.strictObject({ kind: z.literal("batch"), inner: proofRecordSchema }),
  /** An accumulator that settles nothing. */
  z.strictObject({ kind: z.literal("epochEmpty"), settlement: field }),
  /** Two proofs whose accumulators chain -> one. `settlementIn`: the accumulator before the left one. */
  z.strictObject({
    kind: z.literal("epochMerge"),
    settlementIn: field,
    left: proofRecordSchema,
    right: proofRecordSchema,
  }),
  /** Inner proofs of the batches settled in an epoch, in order (any number) -> proof for the inscription. */
  z.strictObject({
    kind: z.literal("epoch"),
    context: field,
    settlementIn: field,
    batches: z.array(proofRecordSchema),
  }),
]);

export type Job = z.infer<typeof jobSchema>;
export type JobKind = Job["kind"];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

export const encodeJob = (job: Job): Uint8Array => encodeCanonical(job);

/** Throws JOB_MALFORMED: an older or newer requester, or a damaged database. */
export function decodeJob(id: string, data: Uint8Array): Job {
  try {
    return jobSchema.parse(decodeCanonical(data));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError<JobsError>({ code: "JOB_MALFORMED", id, reason }, "fatal", { cause: error });
  }
}

/** keccak256 of the job's bytes, hex: the same work has the same name, whoever asks for it. */
export const jobId = (job: Job): string => contentHash(encodeJob(job));

/** keccak256, hex without prefix: the name under which bytes are stored. */
export const contentHash = (data: Uint8Array): string => Buffer.from(keccak_256(data)).toString("hex");
