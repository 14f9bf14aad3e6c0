/** Simple questions about words, and their values in witness functions. */
import { add, combine, isZero, sub } from "../../builder/arithmetic.ts";
import { and } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFits, assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U128, Wire, Word } from "../../builder/wire.ts";
import { HALF } from "./limbPair.ts";

/** The integer of a word. Only inside a witness function. */
export const valueOfWord = (b: Builder, { hi, lo }: { readonly hi: Wire; readonly lo: Wire }): bigint =>
  b.value(hi) * HALF + b.value(lo);

/** Proves: result = 1 iff word = 0. Sound because: the sum of two halves is 0 only if both are. Cost: 3 gates. */
export function isZeroWord(b: Builder, word: Word, name: string): Bool {
  assertFitsWord(b, word, name);
  return isZero(b, add(b, word.hi, word.lo, `${name}.halves`), name);
}

/** Proves: result = 1 iff x = y. Sound because: halves below p are equal as integers iff their difference is 0. Cost: 7 gates. */
export function isEqualWord(b: Builder, x: Word, y: Word, name: string): Bool {
  for (const word of [x, y]) assertFitsWord(b, word, name);
  const same = (half: "hi" | "lo"): Bool =>
    isZero(b, sub(b, x[half], y[half], `${name}.${half}.difference`), `${name}.${half}`);
  return and(b, same("hi"), same("lo"), name);
}

/**
 * Proves: v = 0 iff the words are equal, else v has the sign of x - y; |v| < 2^128.
 * Assumes: hi = x.hi - y.hi and lo = x.lo - y.lo, differences of integers below 2^128 (as field elements).
 * Enforces: v = hi + (hi = 0 ? lo : 0).
 * Sound because: halves are digits in base 2^128, so the first that differs decides.
 * Cost: 3 gates.
 */
export function leadingDifference(b: Builder, hi: Wire, lo: Wire, name: string): Wire {
  const sameHi = isZero(b, hi, `${name}.sameHi`);
  return combine(b, [[1n, sameHi, lo]], [[1n, hi]], 0n, name);
}

export interface Magnitude {
  /** 1 iff the half is 2^127 or more: the number is negative. */
  readonly negative: Bool;
  /** The half, or its complement 2^128 - 1 - half where `negative`; below 2^127. */
  readonly hi: Wire;
}

/**
 * Proves: what `Magnitude` says of the upper half of a word.
 * Sound because: exactly one of half and 2^128 - 1 - half is below 2^127.
 * Cost: 8.5 gates.
 */
export function magnitudeOf(b: Builder, half: U128, name: string): Magnitude {
  assertFits(b, half, 128, name);
  const negative = witnessBool(b, `${name}.negative`, () => b.value(half) >> 127n);
  const hi = combine(b, [[-2n, negative, half]], [[1n, half], [HALF - 1n, negative]], 0n, `${name}.magnitude`); // prettier-ignore
  return { negative, hi: assertBits(b, hi, 127, `${name}.magnitude`) };
}
