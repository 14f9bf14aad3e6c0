import { spawn } from "node:child_process";
import { once } from "node:events";
import { ProvingError } from "../errors.ts";
import { barretenbergBinary } from "./binary.ts";
import { withMachine, type NoteChild } from "./machineLock.ts";
import { watchPeakMemory } from "./peakMemory.ts";

export type RunOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when another proof of this machine must end first. */
  readonly onWait?: (() => void) | undefined;
};

export type RunResult = { readonly stdout: string; readonly seconds: number; readonly peakBytes: number };

/** How much of the end of bb's output an error carries. */
const OUTPUT_TAIL = 2_000;

/** `runBarretenberg`, while no other heavy command runs on this machine. Its seconds do not count the wait. */
export function runBarretenbergAlone(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return withMachine((noteChild) => runBarretenberg(args, options, noteChild), options);
}

/**
 * Runs one `bb` command to its end and measures wall seconds and peak memory.
 * Throws BB_FAILED (retry when a signal ended it: the machine may have run out of memory) and BB_ABORTED.
 */
export async function runBarretenberg(
  args: readonly string[],
  { signal }: RunOptions = {},
  noteChild?: NoteChild,
): Promise<RunResult> {
  const command = `bb ${args.join(" ")}`;
  const binary = await barretenbergBinary();
  if (signal?.aborted) throw new ProvingError({ code: "BB_ABORTED", command }, "retry");
  const start = performance.now();
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  const stop = (): boolean => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop, { once: true });
  const memory = child.pid === undefined ? undefined : watchPeakMemory(child.pid);
  try {
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    if (child.pid !== undefined) await noteChild?.(child.pid);
    const [exitCode, endedBy] = await closed;
    if (signal?.aborted) throw new ProvingError({ code: "BB_ABORTED", command }, "retry");
    if (exitCode !== 0) {
      const output = `${stdout()}${stderr()}`.trim().slice(-OUTPUT_TAIL);
      throw new ProvingError(
        { code: "BB_FAILED", command, exitCode, signal: endedBy, output },
        endedBy === null ? "fatal" : "retry",
      );
    }
    return { stdout: stdout(), seconds: (performance.now() - start) / 1000, peakBytes: memory?.stop() ?? 0 };
  } finally {
    memory?.stop();
    signal?.removeEventListener("abort", stop);
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
