/** The memory of all frames as the planner fills it, and the list of its accesses in the order of time. */
import { accessTime } from "../../accessKey.ts";
import type { FactBook } from "../factBook.ts";

/**
 * Which accesses a row makes, in the order of its time: the frame's size, the frame of its return data, the data read, the
 * data written.
 */
export const Sub = { SIZE: 0, RETURN_FRAME: 1, READ: 2, WRITE: 2 ** 13 } as const;

/** Cells one copy or message may take, so that its accesses have subs of their own. */
export const MAX_COPY_WORDS = 2 ** 12;

/** Cells of a frame before its first word: its size in words, and the frame of its return data. */
export const CONTROL_CELLS = 2;

export interface MemoryAccessEntry {
  readonly time: bigint;
  readonly cell: number;
  /** Undefined: what was there stays. */
  readonly after: number | undefined;
}

export class MemoryBusPlan {
  readonly entries: MemoryAccessEntry[] = [];
  readonly #book: FactBook;
  readonly #cells: number[] = [];

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** The id that a cell holds before the chunk. */
  start(cell: number, id: number): void {
    this.#cells[cell] = id;
    this.#book.reach("memoryCells", cell + 1);
  }

  /** The id in a cell. */
  read(t: number, sub: number, cell: number): number {
    return this.#access(t, sub, cell, undefined);
  }

  /** Puts an id into a cell; the id it held. */
  write(t: number, sub: number, cell: number, id: number): number {
    return this.#access(t, sub, cell, id);
  }

  /** The id in a cell, without an access. */
  peek(cell: number): number {
    return this.#cells[cell] ?? 0;
  }

  #access(t: number, sub: number, cell: number, after: number | undefined): number {
    this.#book.take("memoryAccesses");
    this.#book.reach("memoryCells", cell + 1);
    const before = this.peek(cell);
    this.entries.push({ time: accessTime(t, sub), cell, after });
    if (after !== undefined) this.#cells[cell] = after;
    return before;
  }
}
