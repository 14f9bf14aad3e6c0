/**
 * A lock between processes of one machine that dies with its holder.
 *
 * The lock is the operating system's own record lock on a file, taken through SQLite (`BEGIN EXCLUSIVE`), because Node
 * offers no `flock`. The kernel drops it when the holder ends, however it ends, so there are no stale locks to detect
 * and no moment in which two waiters both "take over" a dead holder's lock. SQLite also keeps two locks of one process apart.
 *
 * Assumes: the file lies on a local file system.
 */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { ProvingError } from "./errors.ts";

/** How often a waiter asks again: short beside what is guarded (builds and proofs, seconds each), long beside a system call. */
const RETRY_MS = 50;
const SQLITE_BUSY = 5;

export type LockOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the lock is found taken. */
  readonly onWait?: (() => void) | undefined;
};

/**
 * Runs `work` while no other caller with the same `path` runs, in this process or another.
 * Throws LOCK_ABORTED when `signal` fires before the lock is had; what `work` throws is passed on.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    await acquire(file, path, options);
    return await work();
  } finally {
    file.close();
  }
}

async function acquire(file: DatabaseSync, path: string, { signal, onWait }: LockOptions): Promise<void> {
  for (let waited = false; ; waited = true) {
    if (signal?.aborted) throw new ProvingError({ code: "LOCK_ABORTED", path }, "retry");
    if (tryAcquire(file)) return;
    if (!waited) onWait?.();
    await sleep(RETRY_MS);
  }
}

function tryAcquire(file: DatabaseSync): boolean {
  try {
    file.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
