/** What a frame's start hands to its end. */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { ADDRESS_BITS } from "../memory/operands.ts";
import type { FrameColumn } from "../services.ts";

/** Columns that a start fixes; where its memory lies the list of frames says, what it returns its end. */
export type StartColumns = Readonly<
  Record<Exclude<FrameColumn, "memoryBase" | "memoryLimit" | "outputStart" | "outputLength">, Wire>
>;

export interface OpenFrame {
  readonly active: Bool;
  readonly columns: StartColumns;
  /** Undefined: a transaction's own frame, whose caller has no memory. */
  readonly caller: { readonly memoryBase: Wire } | undefined;
  /** Where in the caller's memory the output goes, and how much of it at most; undefined: nowhere. */
  readonly room: { readonly start: Wire; readonly length: Wire } | undefined;
}

/** Cells before a frame's first word: its size, and whose return data it reads. */
export const MEMORY_HEAD = 2n;

/** The byte address of an offset in a frame's memory. */
export function byteAddress(b: Builder, memoryBase: Wire, offset: Wire, name: string): Wire {
  const address = sum(b, [[32n, memoryBase], [1n, offset]], 32n * MEMORY_HEAD, name); // prettier-ignore
  return assertBits(b, address, ADDRESS_BITS, `${name}.size`);
}
