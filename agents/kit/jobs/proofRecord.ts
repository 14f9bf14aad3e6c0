import { keccak_256 } from "@noble/hashes/sha3.js";
import { z } from "zod";
import { StackError } from "../../../protocol/errors.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import type { JobsError } from "./errors.ts";
import { decodeCanonical, encodeCanonical } from "./canonical.ts";

const field = z.bigint().nonnegative().lt(FIELD_MODULUS);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "expected bytes");

/** A proof with what it proves: the program whose key checks it and its public inputs (protocol/publicInputs.ts). */
export const proofRecordSchema = z.strictObject({
  version: z.literal(1),
  program: z.string().max(32),
  publicInputs: z.array(field).max(64),
  /** As `bb` writes it: field elements, 32 bytes each. */
  proof: bytes,
});

export type ProofRecord = z.infer<typeof proofRecordSchema>;

/**
 * The bytes of a proof record: what a job's result is stored as, and what is published in the DA layer for a batch's inner
 * proof. Deterministic, so `keccak256` of them (`innerProofHash` of a settled batch) names the record.
 */
export const encodeProofRecord = (record: ProofRecord): Uint8Array => encodeCanonical(record);

/** Throws PROOF_RECORD_MALFORMED. */
export function decodeProofRecord(data: Uint8Array): ProofRecord {
  try {
    return proofRecordSchema.parse(decodeCanonical(data));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError<JobsError>({ code: "PROOF_RECORD_MALFORMED", reason }, "fatal", { cause: error });
  }
}

export const proofRecordHash = (record: ProofRecord): Uint8Array => keccak_256(encodeProofRecord(record));
