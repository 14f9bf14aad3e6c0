import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesToFields } from "./fields.ts";
import { runBarretenbergAlone, type RunOptions } from "./run.ts";
import type { Target } from "./target.ts";

export type WriteKeyInput = {
  /** Path of the ACIR file. */
  readonly program: string;
  readonly target: Target;
  /** Folder of the reference string. */
  readonly crs: string;
  /** Existing folder that receives `vk` and `vk_hash`. */
  readonly output: string;
};

export type VerificationKey = {
  /** Path of the key, as `prove` and `writeSolidityVerifier` take it. */
  readonly path: string;
  /** 32-byte fields; for a recursive target they are what the outer circuit takes. */
  readonly key: readonly bigint[];
  readonly keyHash: bigint;
};

/**
 * Writes a program's verification key. It holds commitments, so it depends on the reference string.
 * Throws BB_FAILED, BB_ABORTED, LOCK_ABORTED.
 */
export async function writeKey(
  { program, target, crs, output }: WriteKeyInput,
  options?: RunOptions,
): Promise<VerificationKey & { readonly seconds: number; readonly peakBytes: number }> {
  const { seconds, peakBytes } = await runBarretenbergAlone(
    ["write_vk", "-b", program, "-o", output, "-t", target, "-c", crs],
    options,
  );
  return { ...(await readKey(output)), seconds, peakBytes };
}

/** Reads back what `writeKey` left in a folder. */
export async function readKey(folder: string): Promise<VerificationKey> {
  const path = join(folder, "vk");
  const [key, hash] = await Promise.all([readFile(path), readFile(join(folder, "vk_hash"))]);
  return {
    path,
    key: bytesToFields(key, "bb write_vk"),
    keyHash: bytesToFields(hash, "bb write_vk")[0] ?? 0n,
  };
}
