/** What the chips of the program `evm` offer one another. */
import type { Wire } from "../../builder/wire.ts";

/** Columns of the table of frames, with the bits of their entries (docs/spec/evm.md, Frames). */
export const FRAME_COLUMNS = {
  /** Position of its code's first symbol, and bytes of code. */
  codeBase: 20,
  codeSize: 24,
  /** Index of the first word of its stack. */
  stackBase: 16,
  /** First of its cells of memory, and words it may open. */
  memoryBase: 20,
  memoryLimit: 20,
  /** Ids of words. */
  address: 20,
  caller: 20,
  value: 20,
  /** Byte address and length of its call data. */
  inputStart: 25,
  inputLength: 24,
  /** The chunk's gas counter at which it has no gas left. */
  floor: 36,
  parent: 14,
  returnPc: 20,
  isStatic: 1,
  /** 0: a transaction's own. */
  depth: 11,
  /** Number of its transaction, from 1; 0: the system's. */
  transaction: 14,
  /** Height of the state's journal when it started. */
  checkpoint: 16,
  /** Number of its code object. */
  code: 14,
  /** Byte address and length of what it returned, known from its end. */
  outputStart: 25,
  outputLength: 24,
} as const;

export type FrameColumn = keyof typeof FRAME_COLUMNS;

export interface FrameColumns {
  /** The column's entry for frame `f`, with the column's bound. */
  read(column: FrameColumn, f: Wire, name: string): Wire;
  /** `f`, at which a column has been read, with the bound of a frame's number. */
  index(f: Wire): Wire;
}
