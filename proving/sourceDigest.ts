import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "..");

/** Everything that a circuit is made from: the rooms it may import, and the versions of the packages. */
const SOURCES = ["protocol", "circuits"];
const FILES = ["package-lock.json"];

let digest: Promise<string> | undefined;

/** SHA-256 over the sources of all circuits: while it stands still, no circuit can have changed. */
export const circuitSourceDigest = (): Promise<string> => (digest ??= compute());

async function compute(): Promise<string> {
  const listed = await Promise.all(
    SOURCES.map(async (folder) => {
      const names = await readdir(join(REPOSITORY, folder), { recursive: true });
      return names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
    }),
  );
  const hash = createHash("sha256");
  for (const path of [...FILES, ...listed.flat().sort()]) {
    const bytes = await readFile(join(REPOSITORY, path));
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}
