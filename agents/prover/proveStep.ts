import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackError } from "../../protocol/errors.ts";
import { prove, type Proof } from "../../proving/barretenberg/prove.ts";
import type { ProgramKey } from "../../proving/programKeys.ts";
import type { ReferenceString } from "../../proving/referenceString/referenceString.ts";
import type { JobResult } from "../kit/jobs/client.ts";
import { verifyInEvm } from "../kit/verifier/verifyInEvm.ts";
import type { ProverError } from "./errors.ts";
import { fillCircuit } from "./fillCircuit.ts";
import type { Programs } from "./programs.ts";
import { programOf, type Step } from "./step.ts";

/**
 * A proof of one step that is worth handing out: its circuit was checked before, and a proof for Solidity was verified by
 * the very code that will judge it. (An inner proof can be verified only inside another circuit.)
 * Throws STATEMENT_NOT_TRUE, PROOF_INPUTS_DIFFER, PROOF_REJECTED, and what `bb` throws.
 */
export async function proveStep(step: Step, programs: Programs, signal: AbortSignal): Promise<JobResult> {
  const program = programOf(step);
  const filled = await fillCircuit(step, programs.circuitKeys, signal);
  const key = programs.keys[program]!; // what can be filled has a key: both follow one list of circuits
  const proof = await runProver(key, filled.witness, programs.referenceString, signal);
  filled.publicInputs.forEach((expected, index) => {
    const actual = proof.publicInputs[index] ?? -1n;
    if (actual !== expected) fail({ code: "PROOF_INPUTS_DIFFER", program, index, expected, actual });
  });
  const verifier = programs.verifiers[program];
  if (verifier) {
    const { valid } = await verifyInEvm(verifier.deployedBytecode, proof.proof, proof.publicInputs);
    if (!valid) fail({ code: "PROOF_REJECTED", program });
  }
  return {
    record: { version: 1, program, publicInputs: [...proof.publicInputs], proof: proof.proof },
    keyHash: key.keyHash,
    seconds: proof.seconds,
    peakBytes: proof.peakBytes,
  };
}

async function runProver(
  { program, key, target }: ProgramKey,
  witness: Uint8Array,
  { folder: crs }: ReferenceString,
  signal: AbortSignal,
): Promise<Proof> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-witness-"));
  try {
    const path = join(folder, "witness.gz");
    await writeFile(path, witness);
    return await prove({ program, witness: path, key, target, crs }, { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fail(type: ProverError): never {
  throw new StackError<ProverError>(type, "fatal");
}
