import { existsSync, readFileSync, rmSync } from "node:fs";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";

interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
}

const GRACE_MS = 20_000;

/** Writes down which processes run, so that a later run finds them if this one is killed. */
export async function recordProcesses(file: string, processes: readonly RecordedProcess[]): Promise<void> {
  await writeFileDurably(file, JSON.stringify(processes));
}

/**
 * Ends what a killed run left behind; returns the names. A pid may have been given to another program since: only one
 * whose command line names this data folder is touched.
 */
export async function endLeftovers(file: string, dataDir: string): Promise<string[]> {
  if (!existsSync(file)) return [];
  const recorded = JSON.parse(readFileSync(file, "utf8")) as RecordedProcess[];
  const alive = recorded.filter(({ pid }) => commandLine(pid).includes(dataDir));
  for (const { pid } of alive) process.kill(pid, "SIGTERM");
  const deadline = Date.now() + GRACE_MS;
  for (const { pid } of alive) {
    while (commandLine(pid).includes(dataDir) && Date.now() < deadline)
      await new Promise((r) => setTimeout(r, 50));
    if (commandLine(pid).includes(dataDir)) process.kill(pid, "SIGKILL");
  }
  rmSync(file, { force: true });
  return alive.map(({ name }) => name);
}

/** Empty when there is no such process (or, off Linux, no way to ask). */
function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  try {
    return readFileSync(file, "utf8");
  } catch (_gone) {
    return "";
  }
}
