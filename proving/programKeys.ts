import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BARRETENBERG_VERSION } from "./barretenberg/binary.ts";
import type { RunOptions } from "./barretenberg/run.ts";
import type { Target } from "./barretenberg/target.ts";
import { readKey, writeKey } from "./barretenberg/writeKey.ts";
import { buildOnce, type BuildOptions } from "./cache.ts";
import type { ReferenceString } from "./referenceString/referenceString.ts";

/** A program ready to be proven: paths for `prove`, the key for the circuits that verify its proofs. */
export type ProgramKey = {
  readonly name: string;
  readonly target: Target;
  /** Path of the ACIR file. */
  readonly program: string;
  /** Path of the verification key. */
  readonly key: string;
  /** The key's fields: what `recursiveAggregation` takes (115 for a recursive target). */
  readonly keyFields: readonly bigint[];
  readonly keyHash: bigint;
};

export type ProgramFile = {
  readonly name: string;
  readonly target: Target;
  /** The ACIR file's bytes (circuits/builder/emit.ts `emitProgram`). */
  readonly bytes: Uint8Array;
};

/**
 * A program's verification key, from the cache or made now. Same program, same `bb`, same reference string: same key.
 * Throws BB_FAILED, BB_ABORTED, LOCK_ABORTED.
 */
export async function getProgramKey(
  { name, target, bytes }: ProgramFile,
  { folder, manifest }: ReferenceString,
  options: BuildOptions & RunOptions = {},
): Promise<ProgramKey> {
  const hash = createHash("sha256").update(bytes).update(`${BARRETENBERG_VERSION} ${target} ${manifest.id}`);
  const build = async (temporary: string): Promise<void> => {
    const program = join(temporary, PROGRAM_FILE);
    await writeFile(program, bytes);
    await writeKey({ program, target, crs: folder, output: temporary }, options);
  };
  const key = `${name}-${hash.digest("hex").slice(0, 32)}`;
  return readProgramKey({ name, target }, await buildOnce({ kind: "program", key }, build, options));
}

const PROGRAM_FILE = "program.json";

/** What `getProgramKey` left in `folder`. */
export async function readProgramKey(
  { name, target }: Pick<ProgramKey, "name" | "target">,
  folder: string,
): Promise<ProgramKey> {
  const { path, key, keyHash } = await readKey(folder);
  return { name, target, program: join(folder, PROGRAM_FILE), key: path, keyFields: key, keyHash };
}
