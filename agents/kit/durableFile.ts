import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomUUID } from "node:crypto";

/**
 * Replaces `path` with `data`: after it resolves the new content survives a power cut, and at no instant does a reader
 * see a part of it. The folder must exist. A crash can leave a `.<name>.<uuid>.tmp` beside it, which nothing reads.
 */
export async function writeFileDurably(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await withHandle(temporary, "wx", async (file) => {
      await file.writeFile(data);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await withHandle(folder, "r", (handle) => handle.sync()); // the rename itself is an entry of the folder
}

type Handle = Awaited<ReturnType<typeof open>>;

async function withHandle(
  path: string,
  flags: string,
  action: (handle: Handle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags);
  try {
    await action(handle);
  } finally {
    await handle.close();
  }
}
