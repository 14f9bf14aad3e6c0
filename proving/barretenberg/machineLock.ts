/**
 * One heavy `bb` at a time on a machine: a proof uses every core and gigabytes, so two at once are slower than one after
 * the other and may run the machine out of memory.
 *
 * A prover killed in the middle frees the lock, but its `bb` may outlive it. So the holder writes down which `bb` it
 * started, and the next one ends that orphan (known by pid and start time) before it begins: nobody waits for its proof.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock, type LockOptions } from "../lock.ts";
import { processIdentity } from "./processIdentity.ts";

/** Not in the cache folder: stacks with different caches share the machine all the same. */
export const machineLockPath = (): string =>
  join(tmpdir(), `bvm-${userInfo().username}`, "barretenberg.lock");

const childFile = (): string => `${machineLockPath()}.child`;

/** Tells the lock which child does the work. */
export type NoteChild = (pid: number) => Promise<void>;

/** Runs `work` alone among all callers on this machine. Throws LOCK_ABORTED. */
export function withMachine<T>(
  work: (noteChild: NoteChild) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const exclusive = async (): Promise<T> => {
    await endOrphan();
    try {
      return await work(noteChild);
    } finally {
      await rm(childFile(), { force: true });
    }
  };
  return withLock(machineLockPath(), exclusive, options);
}

async function noteChild(pid: number): Promise<void> {
  await writeFile(childFile(), JSON.stringify({ pid, identity: await processIdentity(pid) }));
}

async function endOrphan(): Promise<void> {
  const child = await readChild();
  if (child === null) return;
  const runs = async (): Promise<boolean> => (await processIdentity(child.pid)) === child.identity;
  if (await runs()) process.kill(child.pid, "SIGKILL");
  while (await runs()) await sleep(20);
}

async function readChild(): Promise<{ pid: number; identity: string } | null> {
  const text = await readFile(childFile(), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // A holder killed while it wrote leaves half a line, or one without an identity: there is nothing to be sure of, so nothing is ended.
  const match = /^\{"pid":(\d+),"identity":"([^"]+)"\}$/.exec(text);
  return match ? { pid: Number(match[1]), identity: match[2] as string } : null;
}
