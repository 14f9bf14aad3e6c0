import { memoryGas, wordsOf } from "./gas.ts";
import { putWord, viewOf, wordAt } from "./word.ts";

/**
 * Bytes a memory may have: 2 GiB. More costs over 2^43 gas, so that with the gas limit of any real block it is out of gas
 * (A-MACHINE-02).
 */
const MAX_MEMORY_BYTES = 2n ** 31n;

/** A range of memory that has been paid for. */
export type Range = { readonly offset: number; readonly length: number };

export const EMPTY_RANGE: Range = { offset: 0, length: 0 };

/** The memory of a frame: bytes that are zero until written, opened in words of 32. */
export class Memory {
  #bytes = new Uint8Array(0);
  #view = viewOf(this.#bytes);
  #words = 0;

  /** Open words. */
  get words(): number {
    return this.#words;
  }

  /** Words that reach to the end of the range; undefined: more than any gas pays for. No bytes open no memory, wherever they are. */
  static wordsTo(offset: bigint, length: bigint): number | undefined {
    if (length === 0n) return 0;
    const end = offset + length;
    return end > MAX_MEMORY_BYTES ? undefined : wordsOf(Number(end));
  }

  /** Gas of opening memory up to so many words. */
  expansionGas(words: number): number {
    return words <= this.#words ? 0 : memoryGas(words) - memoryGas(this.#words);
  }

  open(words: number): void {
    if (words <= this.#words) return;
    this.#words = words;
    const bytes = words * 32;
    if (bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes, 2 * this.#bytes.length, 1024));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }

  // What follows assumes open ranges.

  readWord(offset: number): bigint {
    return wordAt(this.#view, offset);
  }

  writeWord(offset: number, word: bigint): void {
    putWord(this.#view, offset, word);
  }

  writeByte(offset: number, byte: number): void {
    this.#bytes[offset] = byte;
  }

  /** A copy. */
  read({ offset, length }: Range): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }

  /** The bytes themselves: valid until the next write. */
  peek({ offset, length }: Range): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }

  write(offset: number, data: Uint8Array): void {
    this.#bytes.set(data, offset);
  }

  /** Fills the range from `source`, from `from` on; zeros beyond its end. */
  writePadded({ offset, length }: Range, source: Uint8Array, from: bigint): void {
    const start = from < BigInt(source.length) ? Number(from) : source.length;
    const part = source.subarray(start, Math.min(start + length, source.length));
    this.#bytes.set(part, offset);
    this.#bytes.fill(0, offset + part.length, offset + length);
  }

  /** Copies as if through a buffer (EIP-5656). */
  move(to: number, { offset, length }: Range): void {
    this.#bytes.copyWithin(to, offset, offset + length);
  }
}
