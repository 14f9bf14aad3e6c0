/** Opcodes that no other chip can execute; see circuits/programs/evm/frames/misfits.ts. */
import type { FactKey } from "../../factKey.ts";

export interface MisfitEntry {
  /** Of its rows. */
  readonly questions: readonly FactKey[];
}
