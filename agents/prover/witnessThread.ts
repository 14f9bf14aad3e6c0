// A thread of its own: filling a circuit takes seconds in which the prover must keep its lease and answer for its health.
import { parentPort, workerData } from "node:worker_threads";
import { check } from "../../circuits/builder/check.ts";
import { emitWitness } from "../../circuits/builder/emitWitness.ts";
import { StackError } from "../../protocol/errors.ts";
import type { ProverError } from "./errors.ts";
import { buildStep, programOf, type CircuitKeys, type Step } from "./step.ts";

/** An error crosses threads as its parts. */
export type ThreadReply =
  | { readonly witness: Uint8Array; readonly publicInputs: readonly bigint[] }
  | {
      readonly type: StackError["type"] | undefined;
      readonly severity: StackError["severity"];
      readonly text: string;
    };

const { step, keys } = workerData as { step: Step; keys: CircuitKeys };
parentPort!.postMessage(fill());

function fill(): ThreadReply {
  try {
    const { circuit, witness } = buildStep(step, keys);
    const [broken] = check(circuit, witness).broken;
    if (broken) {
      const { name: constraint, kind } = broken;
      throw new StackError<ProverError>(
        { code: "STATEMENT_NOT_TRUE", program: programOf(step), constraint, kind },
        "fatal",
      );
    }
    return {
      witness: emitWitness(witness),
      publicInputs: circuit.publicInputs.map(({ wire }) => witness[wire]!),
    };
  } catch (error) {
    const known = error instanceof StackError ? error : undefined;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { type: known?.type, severity: known?.severity ?? "retry", text };
  }
}
