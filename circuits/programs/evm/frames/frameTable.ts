/**
 * The columns of all frames. Frame 0 is the system's, 1 to `transactions` are the transactions' own, then creations, then calls.
 *
 * Proves: what is read of a frame is what its entry of the frames chip put there.
 * Assumes: every entry defines every column once, used or not (`define`; `close` refuses a gap).
 * Enforces: a frame's number is below their count; each column has the bound of FRAME_COLUMNS.
 * Cost: 2 gates a read, 3 a column of an entry.
 */
import type { Builder } from "../../../builder/builder.ts";
import { DeferredRom } from "../../../builder/deferredRom.ts";
import { constantBits } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { SYSTEM_COLUMNS } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { FRAME_COLUMNS, type FrameColumn, type FrameColumns } from "../services.ts";

const COLUMNS = Object.keys(FRAME_COLUMNS) as FrameColumn[];

/** What the planner knows of a frame's columns. */
export type FrameHints = (f: number, column: FrameColumn) => bigint;

export class FrameTable implements FrameColumns {
  readonly #b: Builder;
  readonly #columns: Readonly<Record<FrameColumn, DeferredRom<Wire>>>;

  /** `count`: frames without the system's. */
  constructor(b: Builder, count: number, hints: FrameHints) {
    this.#b = b;
    const column = (name: FrameColumn): DeferredRom<Wire> =>
      new DeferredRom<Wire>(
        b,
        { length: count + 1, bits: FRAME_COLUMNS[name], holdsKeys: false },
        (f) => hints(f, name),
        `frames.${name}`,
      );
    const entries = COLUMNS.map((name) => [name, column(name)] as const);
    this.#columns = Object.fromEntries(entries) as Record<FrameColumn, DeferredRom<Wire>>;
    for (const name of COLUMNS)
      this.#columns[name].define(b, 0, constantBits(b, FRAME_COLUMNS[name], SYSTEM_COLUMNS[name]));
  }

  read(column: FrameColumn, f: Wire, name: string): Wire {
    return this.#columns[column].read(this.#b, f, name);
  }

  index(f: Wire): Wire {
    return this.#columns.stackBase.checkedIndex(f);
  }

  /** Every frame but the system's, once. */
  define(f: number, columns: Readonly<Record<FrameColumn, Wire>>): void {
    for (const name of COLUMNS) this.#columns[name].define(this.#b, f, columns[name]);
  }

  close(): void {
    for (const name of COLUMNS) this.#columns[name].close();
  }
}
