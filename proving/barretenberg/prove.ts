import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToFields } from "./fields.ts";
import { runBarretenbergAlone, type RunOptions } from "./run.ts";
import type { Target } from "./target.ts";

export type ProveInput = {
  /** Paths of the ACIR file, the witness and the verification key. */
  readonly program: string;
  readonly witness: string;
  readonly key: string;
  readonly target: Target;
  /** Folder of the reference string the key was made with. */
  readonly crs: string;
};

export type Proof = {
  readonly proof: Uint8Array;
  readonly publicInputs: readonly bigint[];
  readonly seconds: number;
  readonly peakBytes: number;
};

/**
 * Makes a proof. **Warning:** `bb` makes one for a wrong witness too, without complaint; run the builder's check first and
 * the generated verifier after.
 * Throws BB_FAILED, BB_ABORTED, LOCK_ABORTED.
 */
export async function prove(input: ProveInput, options?: RunOptions): Promise<Proof> {
  const output = await mkdtemp(join(tmpdir(), "bvm-proof-"));
  try {
    const { program, witness, key, target, crs } = input;
    const { seconds, peakBytes } = await runBarretenbergAlone(
      ["prove", "-b", program, "-w", witness, "-k", key, "-o", output, "-t", target, "-c", crs],
      options,
    );
    const [proof, publicInputs] = await Promise.all(
      ["proof", "public_inputs"].map((name) => readFile(join(output, name))),
    );
    return { proof: proof!, publicInputs: bytesToFields(publicInputs!, "bb prove"), seconds, peakBytes };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}
