/** Opcodes that no other chip can execute; see circuits/programs/evm/frames/misfits.ts. */
import type { FactKey } from "../../factKey.ts";
import type { FramePlanServices, FramesPlan } from "./framesPlan.ts";

export interface MisfitEntry {
  /** Of its rows. */
  readonly questions: readonly FactKey[];
}

/** Executes the rows of an opcode that cannot be: true if it is one. */
export function planMisfit(_services: FramePlanServices, _frames: FramesPlan, _op: number): boolean {
  return false;
}
