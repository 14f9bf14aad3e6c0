/** Offsets and lengths: operands of 256 bits that the machine takes only when they are small. */
import { combine, isZero, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, assertFitsWord, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";

/** Bits of lengths and offsets within a frame, of byte addresses, and of numbers of words. */
export const LENGTH_BITS = 24;
export const ADDRESS_BITS = 25;
export const WORDS_BITS = 20;
/** Of `clip` and of what it is compared with. */
const CLIP_BITS = 154;

/**
 * Proves: result = the word's value where that is below 2^25, else a number from 2^25 on, below 2^154.
 * Sound because: result = lo + 2^25 hi, an integer below 2^154; hi = 0 gives lo, any other hi at least 2^25. Cost: 1 gate.
 */
export function clip(b: Builder, word: Word, name: string): Wire {
  assertFitsWord(b, word, name);
  return sum(b, [[1n, word.lo], [1n << BigInt(ADDRESS_BITS), word.hi]], 0n, name); // prettier-ignore
}

/** ceil(bytes / 32) as `words`, and 32 * words - bytes as `spare`. Unique: spare < 32. Cost: 4 gates. */
export function wordsOf(
  b: Builder,
  bytes: Wire,
  name: string,
): { readonly words: Wire; readonly spare: Wire } {
  const words = witnessBits(b, WORDS_BITS, name, () => (b.value(bytes) + 31n) / 32n);
  const spare = sum(b, [[32n, words], [-1n, bytes]], 0n, `${name}.spare`); // prettier-ignore
  return { words, spare: assertBits(b, spare, 5, `${name}.spare.inWord`) };
}

export interface MemoryRange {
  readonly isEmpty: Bool;
  /** 0 where the range is empty. */
  readonly offset: Wire;
  readonly length: Wire;
}

/**
 * A range of a frame's memory from its two operands.
 * Proves: length and offset are the words' values, below 2^24; an empty range has offset 0, whatever the word is.
 * Enforces: both ranges. A longer one has no proof (the planner takes an exception). Cost: 8 gates.
 */
export function memoryRange(b: Builder, offset: Word, length: Word, name: string): MemoryRange {
  const size = assertBits(b, clip(b, length, `${name}.length`), LENGTH_BITS, `${name}.length.isSmall`);
  const isEmpty = isZero(b, size, `${name}.isEmpty`);
  const from = clip(b, offset, `${name}.from`);
  const own = combine(b, [[-1n, isEmpty, from]], [[1n, from]], 0n, `${name}.offset`);
  return { isEmpty, offset: assertBits(b, own, LENGTH_BITS, `${name}.offset.isSmall`), length: size };
}

/** ceil((offset + length) / 32), 0 for an empty range: the words that memory must have. Cost: 5 gates. */
export const touchedWords = (b: Builder, { offset, length }: MemoryRange, name: string): Wire =>
  wordsOf(b, sum(b, [[1n, offset], [1n, length]], 0n, `${name}.end`), name).words; // prettier-ignore

export interface ClampedOffset {
  /** min(offset, length). */
  readonly offset: Wire;
  /** What is left: length - offset. */
  readonly available: Wire;
  /** 1 only where the offset is at or past the end; may be 0 where it is at the end. */
  readonly isPast: Bool;
}

/**
 * Proves: offset = min(the word's value, length).
 * Enforces: isPast: clip - length >= 0 and offset = length; else length - clip >= 0 and offset = clip.
 * Sound because: length < 2^24, so clip <= length holds only of a true value, and a value past the end clips to at least length. Cost: 14 gates.
 */
export function clampOffset(b: Builder, word: Word, length: Wire, name: string): ClampedOffset {
  assertFits(b, length, LENGTH_BITS, name);
  const value = clip(b, word, `${name}.value`);
  const isPast = witnessBool(b, `${name}.isPast`, () => b.value(value) > b.value(length));
  const over = sum(b, [[1n, value], [-1n, length]], 0n, `${name}.over`); // prettier-ignore
  const distance = combine(b, [[2n, isPast, over]], [[-1n, over]], 0n, `${name}.distance`);
  assertBits(b, distance, CLIP_BITS, `${name}.side`);
  const offset = assertBits(b, mux(b, isPast, length, value, `${name}.offset`), LENGTH_BITS, `${name}.offset.inside`); // prettier-ignore
  const available = assertBits(b, sum(b, [[1n, length], [-1n, offset]], 0n, `${name}.left`), LENGTH_BITS, `${name}.left.inside`); // prettier-ignore
  return { offset, available, isPast };
}
