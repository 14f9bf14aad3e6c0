/**
 * An exponent as 64 digits of 4 bits, and how many of the first are zeros.
 *
 * Proves: `digits`, the first the highest, are those of the word; at least `skipped` of the first are 0; `bits` is its length.
 * Assumes: nothing.
 * Enforces: digits below 16 that sum to the halves; 4 (64 - skipped) = bits + slack, slack below 4.
 * Sound because: the word is below 2^bits <= 16^(64 - skipped).
 * Cost: 135 gates.
 */
import { sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { witnessBits } from "../../builder/ranges.ts";
import type { Rom } from "../../builder/rom.ts";
import type { U128, Wire, Word } from "../../builder/wire.ts";
import { bitLength } from "./bitLength.ts";

export const DIGITS = 64;
const HALF_DIGITS = 32;

export interface Exponent {
  readonly bits: Wire;
  readonly digits: readonly Wire[];
  readonly skipped: Wire;
  /** 64 - skipped, as a wire whose bound is not known. */
  readonly used: Wire;
}

export function exponentDigits(b: Builder, word: Word, powers: Rom<Wire>, name: string): Exponent {
  return b.scope(name, () => {
    const digits = [...digitsOf(b, word.hi, "hi"), ...digitsOf(b, word.lo, "lo")];
    const bits = bitLength(b, word, powers, "bitLength");
    const skipped = witnessBits(b, 7, "skipped", () => BigInt(DIGITS) - (b.value(bits) + 3n) / 4n);
    const slack = witnessBits(b, 2, "slack", () => -b.value(bits) & 3n);
    b.assertZero([], [[4n, skipped], [1n, bits], [1n, slack]], -4n * BigInt(DIGITS), "skipped.areZeros"); // prettier-ignore
    const used = sum(b, [[-1n, skipped]], BigInt(DIGITS), "used");
    return { bits, digits, skipped, used };
  });
}

function digitsOf(b: Builder, half: U128, name: string): Wire[] {
  const shift = (i: number): bigint => BigInt(4 * (HALF_DIGITS - 1 - i));
  const digits = Array.from({ length: HALF_DIGITS }, (_, i) =>
    witnessBits(b, 4, `${name}[${i}]`, () => (b.value(half) >> shift(i)) & 15n),
  );
  const terms = digits.map((digit, i): Term => [1n << shift(i), digit]);
  b.assertZero([], [...terms, [-1n, half]], 0n, `${name}.sum`);
  return digits;
}
