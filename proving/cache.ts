/**
 * Build artefacts kept outside the checkout, by content: what is there is complete, and nobody builds a thing twice.
 *
 * An entry is a folder `<root>/<kind>/<key>`. It is built in a temporary folder beside it, flushed to the disk and renamed
 * into place, so an interrupted build leaves only a temporary folder that the next one removes. One builder at a time holds
 * the entry's lock (`lock.ts`: it dies with its holder); the others wait and find the entry.
 */
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock, type LockOptions } from "./lock.ts";

/** `$BVM_CACHE`, else `bvm` in the user's cache folder. */
export function cacheRoot(): string {
  return process.env["BVM_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "bvm");
}

/** Share done, in [0, 1]. */
export type OnProgress = (fraction: number) => void;

export type EntryName = { readonly kind: string; readonly key: string };

export type BuildOptions = LockOptions & { readonly root?: string | undefined };

/**
 * The folder of an entry, built first if it is not there. `build` fills the folder it is given.
 * Throws what `build` throws, and LOCK_ABORTED.
 */
export async function buildOnce(
  name: EntryName,
  build: (folder: string) => Promise<void>,
  options: BuildOptions = {},
): Promise<string> {
  const { root = cacheRoot() } = options;
  const folder = join(root, name.kind, name.key);
  if (await exists(folder)) return folder;
  const buildUnderLock = async (): Promise<string> => {
    if (await exists(folder)) return folder;
    const temporary = join(root, name.kind, `.${name.key}.building`);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    await build(temporary);
    await flushFolder(temporary);
    await rename(temporary, folder);
    await flush(join(root, name.kind));
    return folder;
  };
  return withLock(join(root, "locks", `${name.kind}-${name.key}.lock`), buildUnderLock, options);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );

async function flushFolder(folder: string): Promise<void> {
  for (const file of await readdir(folder, { withFileTypes: true }))
    await (file.isDirectory() ? flushFolder : flush)(join(folder, file.name));
  await flush(folder);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
