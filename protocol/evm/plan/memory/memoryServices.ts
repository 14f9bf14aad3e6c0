/** What the planners of memory share. */
import type { FactKey } from "../../factKey.ts";
import type { FactBook } from "../factBook.ts";
import type { Answer } from "../rowMachine.ts";
import type { ByteFactsPlan } from "./byteFactsPlan.ts";
import type { MemoryBusPlan } from "./memoryBusPlan.ts";

/** Of a frame, as the circuit's table of frames has them. */
export type MemoryColumn =
  | "memoryBase"
  | "inputStart"
  | "inputLength"
  | "codeBase"
  | "codeSize"
  | "outputStart"
  | "outputLength"
  | "address";

export interface MemoryFramesPlan {
  column(column: MemoryColumn, frame: number): number;
}

/** The machine of rows (rowMachine.ts), as far as memory needs it. */
export interface Rows {
  readonly t: number;
  readonly frame: number;
  question(op: number): FactKey;
  /** Id of the operand `depth` words below the top. */
  operand(depth: number): number;
  step(op: number, answer?: Answer): void;
}

export interface MemoryPlanServices {
  readonly book: FactBook;
  readonly bus: MemoryBusPlan;
  readonly bytes: ByteFactsPlan;
  readonly frames: MemoryFramesPlan;
  readonly rows: Rows;
}
