/** The facts JOIN and MERGE of a chunk, each once. */
import { Tag } from "../../tags.ts";
import type { FactBook } from "../factBook.ts";

export interface ByteFactEntry {
  /** Ids. */
  readonly a: number;
  readonly b: number;
  /** Bytes. */
  readonly shift: number;
}

const WORD = 256n;
const ALL = (1n << WORD) - 1n;

/** The 32 bytes from byte `shift` of a || b. */
export const joinBytes = (a: bigint, b: bigint, shift: number): bigint =>
  (((a << WORD) | b) >> (WORD - BigInt(8 * shift))) & ALL;

/** The first `shift` bytes of a, then the last of b. */
export const mergeBytes = (a: bigint, b: bigint, shift: number): bigint => {
  const low = (1n << (WORD - BigInt(8 * shift))) - 1n;
  return (a & ~low & ALL) | (b & low);
};

export class ByteFactsPlan {
  readonly joins: ByteFactEntry[] = [];
  readonly merges: ByteFactEntry[] = [];
  readonly #book: FactBook;

  constructor(book: FactBook) {
    this.#book = book;
  }

  /** Id of the joined word; `shift` 0 to 31. */
  join(a: number, b: number, shift: number): number {
    return this.#fact("joins", Tag.JOIN, { a, b, shift }, joinBytes);
  }

  /** Id of the merged word; `shift` 0 to 32. */
  merge(a: number, b: number, shift: number): number {
    return this.#fact("merges", Tag.MERGE, { a, b, shift }, mergeBytes);
  }

  #fact(
    chip: "joins" | "merges",
    op: number,
    entry: ByteFactEntry,
    result: (a: bigint, b: bigint, shift: number) => bigint,
  ): number {
    const { a, b, shift } = entry;
    const question = { op, a, b, sp: shift };
    const known = this.#book.known(question);
    if (known !== undefined) return known;
    const number = this.#book.take(chip);
    const id = this.#book.word(chip, number, result(this.#book.value(a), this.#book.value(b), shift));
    this.#book.key(chip, number, { ...question, z: id });
    this[chip].push(entry);
    return id;
  }
}
