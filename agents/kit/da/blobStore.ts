import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StackError } from "../../../protocol/errors.ts";
import { writeFileDurably } from "../durableFile.ts";
import { assertContent, formatCommitment, hashOfCommitment, keccakCommitment } from "./commitment.ts";
import type { DataAvailability } from "./dataAvailability.ts";
import type { DaError } from "./errors.ts";

/**
 * Content-addressed blobs, one file each: `<folder>/<first byte of the hash>/<hash>`, hex.
 * A blob that `put` has answered for survives a power cut; a crash in between leaves at most a temporary file that
 * nothing reads. Reading checks the content again, so a damaged file is reported and never served.
 */
export async function openBlobStore(folder: string): Promise<DataAvailability> {
  await mkdir(folder, { recursive: true });
  /** Two puts of the same data at once are one write. */
  const writing = new Map<string, Promise<void>>();

  async function write(hash: string, data: Uint8Array): Promise<void> {
    const shard = join(folder, hash.slice(0, 2));
    if (await mkdir(shard, { recursive: true })) await syncFolder(folder);
    // Written even if it is there: an earlier process may have died between the rename and the flush of the folder,
    // and a damaged file is healed by the next put.
    await writeFileDurably(join(shard, hash), data);
  }

  return {
    async put(data) {
      const commitment = keccakCommitment(data);
      const hash = hexHash(commitment);
      const pending = writing.get(hash) ?? write(hash, data).finally(() => writing.delete(hash));
      writing.set(hash, pending);
      await pending;
      return commitment;
    },
    async get(commitment) {
      const hash = hexHash(commitment);
      const data = await readIfThere(join(folder, hash.slice(0, 2), hash));
      if (!data)
        throw new StackError<DaError>(
          { code: "DA_NOT_FOUND", commitment: formatCommitment(commitment) },
          "retry",
        );
      assertContent(commitment, data);
      return data;
    },
  };
}

const hexHash = (commitment: Uint8Array): string => Buffer.from(hashOfCommitment(commitment)).toString("hex");

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
