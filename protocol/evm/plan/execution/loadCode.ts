/** Code that an execution or a copy needs in the table of all code. */
import type { CodePlan, Segment } from "../code/codePlan.ts";
import type { StatePlan } from "../state/statePlan.ts";

const NO_BYTES = new Uint8Array();

/** Loads the code of an object, if it is not yet. Assumes number > 0, and that the state before the chunk or the chunk itself has it. */
export function loadCode(state: StatePlan, code: CodePlan, number: number): Segment {
  const { identity } = code.objects[number - 1]!;
  const bytes = state.code(identity.codeHash);
  if (bytes !== undefined) code.object(identity, bytes);
  return code.segment(identity.codeHash, bytes ?? NO_BYTES);
}
