import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { StackError } from "../../protocol/errors.ts";
import type { ProverError } from "./errors.ts";
import type { CircuitKeys, Step } from "./step.ts";
import type { ThreadReply } from "./witnessThread.ts";

/** What `bb prove` takes, of a witness that satisfies its circuit. */
export interface FilledCircuit {
  /** The witness file's bytes. */
  readonly witness: Uint8Array;
  /** What the proof's public inputs must be. */
  readonly publicInputs: readonly bigint[];
}

/**
 * Builds, fills and checks the step's circuit in a thread of its own.
 * Throws STATEMENT_NOT_TRUE with the first constraint broken, what `buildStep` throws, WITNESS_THREAD_DIED (out of memory).
 */
export async function fillCircuit(
  step: Step,
  keys: CircuitKeys,
  signal: AbortSignal,
): Promise<FilledCircuit> {
  const thread = new Worker(new URL("./witnessThread.ts", import.meta.url), { workerData: { step, keys } });
  const stop = (): void => void thread.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const exited = once(thread, "exit").then(([exitCode]) => died(exitCode as number));
    const [reply] = await Promise.race([once(thread, "message") as Promise<[ThreadReply]>, exited]);
    if ("witness" in reply) return reply;
    const { type = { code: "CIRCUIT_NOT_FILLED", reason: reply.text }, severity } = reply;
    throw new StackError(type, severity);
  } finally {
    signal.removeEventListener("abort", stop);
    await thread.terminate();
  }
}

function died(exitCode: number): never {
  throw new StackError<ProverError>({ code: "WITNESS_THREAD_DIED", exitCode }, "retry");
}
