/** How much a chunk may touch in the state tree: fixed when a circuit's key is made, known to the planner. */
import { StackError } from "../errors.ts";

export type TreeAccessShape = {
  /** Levels of the tree in use, 2 to 32: at most 2^height leaves before and after; everything beyond is unused. */
  readonly height: number;
  /** Leaves that are opened and stay: present keys that are read, low leaves of absent ones. Each once. */
  readonly reads: number;
  /** Leaves that change: updated values, low leaves of insertions. What does not fit `reads` may stand here too. */
  readonly writes: number;
  /** New leaves. */
  readonly insertions: number;
  /** Keys shown to be absent and staying so. */
  readonly absences: number;
};

export type TreeAccessError =
  | {
      code: "TREE_ACCESS_CAPACITY";
      list: "reads" | "writes" | "insertions" | "absences";
      needed: number;
      capacity: number;
    }
  | { code: "TREE_ACCESS_REPEATED"; key: bigint }
  | { code: "TREE_HEIGHT_EXCEEDED"; leafCount: number; height: number };

export const failTreeAccess = (type: TreeAccessError): never => {
  throw new StackError(type, "fatal");
};

/** Gates of a level of one path; of a node of the top, before and after, with its places in the tables. */
const LEVEL_GATES = 76;
const TOP_NODE_GATES = 168;
/** More nodes would be too many accesses of one table (RAM_ACCESS_LIMIT). */
const MOST_TOP_LEVELS = 13;

/**
 * How many of the uppermost levels in use are hashed once for all accesses instead of once for each: what makes the fewest
 * gates. At least one level is left to the paths.
 */
export function topLevels({ height, reads, writes }: TreeAccessShape): number {
  const pathGates = (2 * writes + reads) * LEVEL_GATES;
  const gates = (top: number): number => TOP_NODE_GATES * 2 ** top + pathGates * (height - top);
  let best = 0;
  for (let top = 1; top <= Math.min(height - 1, MOST_TOP_LEVELS); top++)
    if (gates(top) < gates(best)) best = top;
  return best;
}
