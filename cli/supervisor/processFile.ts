import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { StackError } from "../../protocol/errors.ts";

export type ProcessFileError = { code: "NETWORK_RUNS_ALREADY"; dataDir: string; pid: number };

interface RecordedProcess {
  readonly name: string;
  readonly pid: number;
}

interface ProcessRecord {
  /** The `bvm up` that started them. */
  readonly supervisor: number;
  readonly processes: readonly RecordedProcess[];
}

const GRACE_MS = 20_000;

/**
 * Writes down which processes run, so that a later run finds them if this one is killed. At once, and whole or not at all; not
 * flushed to the disk: a machine that lost its power has lost the processes too.
 */
export function recordProcesses(file: string, processes: readonly RecordedProcess[]): void {
  const record: ProcessRecord = { supervisor: process.pid, processes };
  writeFileSync(`${file}.tmp`, JSON.stringify(record));
  renameSync(`${file}.tmp`, file);
}

/**
 * Ends what a killed run left behind; returns the names. A pid may have been given to another program since: only one
 * whose command line names this data folder is touched.
 * @throws StackError NETWORK_RUNS_ALREADY when the run that started them is alive
 */
export async function endLeftovers(file: string, dataDir: string): Promise<string[]> {
  if (!existsSync(file)) return [];
  const { supervisor, processes } = JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
  const alive = processes.filter(({ pid }) => commandLine(pid).includes(dataDir));
  // Agents that run and a supervisor that does: the folder has an owner, which would start them again.
  if (supervisor !== process.pid && alive.length > 0 && isSupervisor(supervisor))
    throw new StackError<ProcessFileError>(
      { code: "NETWORK_RUNS_ALREADY", dataDir, pid: supervisor },
      "fatal",
    );
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

const isSupervisor = (pid: number): boolean => {
  const args = commandLine(pid).split("\0");
  return args.some((arg) => arg.endsWith("cli/main.ts")) && args.includes("up");
};

/** Empty when there is no such process (or, off Linux, no way to ask). */
function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  try {
    return readFileSync(file, "utf8");
  } catch (_gone) {
    return "";
  }
}
