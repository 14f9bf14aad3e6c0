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

/** A program known by its digest; `bytes` is asked for only when there is no key yet. */
export type ProgramByDigest = {
  readonly name: string;
  readonly target: Target;
  readonly digest: string;
  readonly bytes: () => Uint8Array;
};

export type KeyOptions = BuildOptions & RunOptions;

/** SHA-256 of a program file, hexadecimal. */
export const programDigest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * A program's verification key, from the cache or made now. Same program, same `bb`, same reference string: same key.
 * Throws BB_FAILED, BB_ABORTED, LOCK_ABORTED.
 */
export function getProgramKey(
  { name, target, bytes }: ProgramFile,
  referenceString: ReferenceString,
  options?: KeyOptions,
): Promise<ProgramKey> {
  const program = { name, target, digest: programDigest(bytes), bytes: () => bytes };
  return getProgramKeyByDigest(program, referenceString, options);
}

/** The same for a program that need not be built when its key is there. */
export async function getProgramKeyByDigest(
  { name, target, digest, bytes }: ProgramByDigest,
  { folder, manifest }: ReferenceString,
  options: KeyOptions = {},
): Promise<ProgramKey> {
  const build = async (temporary: string): Promise<void> => {
    const program = join(temporary, PROGRAM_FILE);
    await writeFile(program, bytes());
    await writeKey({ program, target, crs: folder, output: temporary }, options);
  };
  const identity = programDigest(Buffer.from(`${digest} ${BARRETENBERG_VERSION} ${target} ${manifest.id}`));
  const entry = { kind: "program", key: `${name}-${identity.slice(0, 32)}` };
  const made = await buildOnce(entry, build, options);
  const { path, key, keyHash } = await readKey(made);
  return { name, target, program: join(made, PROGRAM_FILE), key: path, keyFields: key, keyHash };
}

const PROGRAM_FILE = "program.json";
