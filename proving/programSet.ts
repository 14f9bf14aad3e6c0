import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emitProgram } from "../circuits/builder/emit.ts";
import { buildOnce } from "./cache.ts";
import { getProgramKeyByDigest, programDigest, type KeyOptions, type ProgramKey } from "./programKeys.ts";
import { networkPrograms, type KeyHashOf, type OuterProgram, type ProgramDefinition } from "./programs.ts";
import type { ReferenceString } from "./referenceString/referenceString.ts";
import { circuitSourceDigest } from "./sourceDigest.ts";

/** The keys of a network's programs: those of its chunks' circuits by their names, and the outer ones. */
export type ProgramSet = Readonly<Record<string, ProgramKey> & Record<OuterProgram, ProgramKey>>;

export type ProgramSetOptions = KeyOptions & {
  readonly definitions?: readonly ProgramDefinition[] | undefined;
  /** Told before and after each program. */
  readonly onProgram?: ((name: string, state: "started" | "done") => void) | undefined;
};

/**
 * Every program of the network with its key, from the cache or made now. With a warm cache no circuit is built.
 * Throws BB_FAILED, BB_ABORTED, LOCK_ABORTED.
 */
export async function getProgramSet(
  referenceString: ReferenceString,
  { definitions = networkPrograms(), onProgram, ...options }: ProgramSetOptions = {},
): Promise<ProgramSet> {
  const keys: Record<string, ProgramKey> = {};
  for (const definition of definitions) {
    onProgram?.(definition.name, "started");
    const keyHashOf: KeyHashOf = (name) => keys[name]!.keyHash;
    keys[definition.name] = await getKey(definition, keyHashOf, referenceString, options);
    onProgram?.(definition.name, "done");
  }
  return keys as ProgramSet;
}

/**
 * Two steps, so that neither a warm start builds circuits nor an edit that changes no circuit remakes keys: sources give the
 * program's digest, the digest gives the key.
 */
async function getKey(
  definition: ProgramDefinition,
  keyHashOf: KeyHashOf,
  referenceString: ReferenceString,
  options: KeyOptions,
): Promise<ProgramKey> {
  let built: Uint8Array | undefined;
  const bytes = (): Uint8Array => (built ??= emitProgram(definition.build(keyHashOf).circuit));
  const entry = {
    kind: "programDigest",
    key: `${definition.name}-${await inputsDigest(definition, keyHashOf)}`,
  };
  const folder = await buildOnce(
    entry,
    (made) => writeFile(join(made, DIGEST), programDigest(bytes())),
    options,
  );
  const digest = await readFile(join(folder, DIGEST), "utf8");
  const { name, target } = definition;
  return getProgramKeyByDigest({ name, target, digest, bytes }, referenceString, options);
}

const DIGEST = "digest";

async function inputsDigest({ parameters, inner }: ProgramDefinition, keyHashOf: KeyHashOf): Promise<string> {
  const constants = inner.map((name) => `${name} ${keyHashOf(name)}`);
  const text = JSON.stringify([await circuitSourceDigest(), parameters, constants]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
