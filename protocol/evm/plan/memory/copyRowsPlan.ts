/** Copies of bytes into memory, cell by cell (circuits/programs/evm/memory/copyRows.ts). */
import { Sub } from "./memoryBusPlan.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";

const WORD = 32;

export interface CopyJob {
  readonly t: number;
  /** Byte addresses; `source` of code a position in the table of all code. */
  readonly destination: number;
  readonly length: number;
  readonly source: number;
  readonly isCode: boolean;
  /** Bytes that the source has; after them come zeros. */
  readonly available: number;
}

/** Id of the 32 bytes of code at a position. */
export type CodeWordAt = (position: number) => number;

export class CopyRowsPlan {
  readonly #services: Pick<MemoryPlanServices, "book" | "bus" | "bytes">;
  readonly #codeWord: CodeWordAt;

  constructor(services: Pick<MemoryPlanServices, "book" | "bus" | "bytes">, codeWord: CodeWordAt) {
    this.#services = services;
    this.#codeWord = codeWord;
  }

  copy(job: CopyJob): void {
    const { t, destination, length } = job;
    if (length === 0) return;
    const { book, bus, bytes } = this.#services;
    const head = destination % WORD;
    const rows = Math.ceil((head + length) / WORD);
    const tail = head + length - WORD * (rows - 1);
    book.take("copyWords", rows);
    const cell = Math.floor(destination / WORD);
    this.#sources(job, head, rows).forEach((source, j) => {
      const old = bus.peek(cell + j);
      const begun = j === 0 && head > 0 ? bytes.merge(old, source, head) : source;
      const after = j === rows - 1 && tail < WORD ? bytes.merge(begun, old, tail) : begun;
      bus.write(t, Sub.WRITE + j, cell + j, after);
    });
  }

  /** For each cell the id of the 32 bytes that come there, zeros past the source's end. */
  #sources({ t, length, source, isCode, available }: CopyJob, head: number, rows: number): number[] {
    const { book, bus, bytes } = this.#services;
    const valid = available >= length ? WORD * rows : available === 0 ? 0 : available + head;
    const from = isCode ? 0 : source - head + WORD;
    const [q, shift] = [Math.floor(from / WORD), from % WORD];
    // What is before the first cell is not read. It counts all the same: behind other blocks there is a cell before it.
    if (q === 0 && available > 0) book.take("memoryAccesses");
    let held = q * available > 0 ? bus.read(t, Sub.READ, q - 1) : 0;
    return Array.from({ length: rows }, (_, j) => {
      const left = valid - WORD * j;
      if (left <= 0) return 0;
      const isAlone = j === rows - 1 && shift === 0;
      const second = isCode || isAlone ? 0 : bus.read(t, Sub.READ + 1 + j, q + j);
      const found = isCode ? this.#codeWord(source - head + WORD * j) : shift === 0 ? held : bytes.join(held, second, shift); // prettier-ignore
      held = second;
      return left >= WORD ? found : bytes.merge(found, 0, left);
    });
  }
}
