/**
 * 256-bit integers as two halves of 128 bits: sums, differences and order over the integers, never modulo p.
 * The bounds of the halves are checked when building (BOUND_UNKNOWN, BOUND_TOO_LARGE).
 */
import { mul, mux, sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { builderError } from "../builder/errors.ts";
import {
  assertBits,
  assertFits,
  assertFitsWord,
  promiseBits,
  witnessBits,
  witnessBool,
  witnessU128,
} from "../builder/ranges.ts";
import type { Bool, Wire, Word } from "../builder/wire.ts";

const HALF = 1n << 128n;

/**
 * Proves: result = x + y < 2^256.
 * Enforces: lo + 2^128 carry = x.lo + y.lo and hi = x.hi + y.hi + carry, halves below 2^128, carry boolean.
 * Sound because: both sides stay below 2^130, so nothing wraps; a sum of 2^256 or more has no hi half.
 * Cost: 17 gates.
 */
export function addWords(b: Builder, x: Word, y: Word, name: string): Word {
  for (const word of [x, y]) assertFitsWord(b, word, name);
  const carry = witnessBool(b, `${name}.carry`, () => (b.value(x.lo) + b.value(y.lo)) >> 128n);
  const lo = sum(b, [[1n, x.lo], [1n, y.lo], [-HALF, carry]], 0n, `${name}.lo`); // prettier-ignore
  const hi = sum(b, [[1n, x.hi], [1n, y.hi], [1n, carry]], 0n, `${name}.hi`); // prettier-ignore
  return halves(b, hi, lo, name);
}

/**
 * Proves: result = x - (sum of ys) >= 0.
 * Enforces: lo = x.lo - sum(y.lo) + 2^128 borrow, hi = x.hi - sum(y.hi) - borrow, halves below 2^128, borrow below 4.
 * Parameters: at most 3 subtrahends (BAD_ARITY), so that a borrow below 4 suffices.
 * Sound because: all values stay below 2^131; a negative difference would need a negative hi half, which wraps above 2^128.
 * Cost: 20 gates.
 */
export function subtractWords(b: Builder, x: Word, ys: readonly Word[], name: string): Word {
  if (ys.length > 3)
    throw builderError({ code: "BAD_ARITY", where: b.where(name), expected: 3, got: ys.length });
  for (const word of [x, ...ys]) assertFitsWord(b, word, name);
  const low = (): bigint => ys.reduce((rest, y) => rest - b.value(y.lo), b.value(x.lo));
  const borrow = witnessBits(b, 2, `${name}.borrow`, () => (low() < 0n ? (-low() + HALF - 1n) / HALF : 0n));
  const minus = (half: "hi" | "lo"): Term[] => [[1n, x[half]], ...ys.map((y): Term => [-1n, y[half]])];
  const lo = sum(b, [...minus("lo"), [HALF, borrow]], 0n, `${name}.lo`);
  const hi = sum(b, [...minus("hi"), [-1n, borrow]], 0n, `${name}.hi`);
  return halves(b, hi, lo, name);
}

/**
 * Proves: result = 1 iff x < y, else 0.
 * Enforces: x.lo - y.lo = low - 2^128 borrow, x.hi - y.hi - borrow = high - 2^128 result, with low, high below 2^128.
 * Sound because: each line is a division with remainder by 2^128, hence unique.
 * Cost: 17 gates.
 */
export function isLessWord(b: Builder, x: Word, y: Word, name: string): Bool {
  for (const word of [x, y]) assertFitsWord(b, word, name);
  const borrow = witnessBool(b, `${name}.borrow`, () => b.value(x.lo) < b.value(y.lo));
  const low = sum(b, [[1n, x.lo], [-1n, y.lo], [HALF, borrow]], 0n, `${name}.low`); // prettier-ignore
  assertBits(b, low, 128, `${name}.low`);
  const less = witnessBool(b, name, () => b.value(x.hi) - b.value(borrow) < b.value(y.hi));
  const high = sum(b, [[1n, x.hi], [-1n, y.hi], [-1n, borrow], [HALF, less]], 0n, `${name}.high`); // prettier-ignore
  assertBits(b, high, 128, `${name}.high`);
  return less;
}

/**
 * Proves: result = value, a wire whose static bound is below 2^253, split into halves.
 * Sound because: hi < 2^125 and lo < 2^128 give a sum below 2^253, so the split is unique.
 * Cost: 14 gates.
 */
export function toWord(b: Builder, value: Wire, name: string): Word {
  assertFits(b, value, 253, name);
  const hi = witnessBits(b, 125, `${name}.hi`, () => b.value(value) >> 128n);
  const lo = witnessU128(b, `${name}.lo`, () => b.value(value) & (HALF - 1n));
  b.assertZero([], [[HALF, hi], [1n, lo], [-1n, value]], 0n, `${name}.split`); // prettier-ignore
  return { hi: promiseBits(b, hi, 128, `${name}.hi`), lo };
}

/** condition ? x : y. Cost: 4 gates. */
export const muxWord = (b: Builder, condition: Bool, x: Word, y: Word, name: string): Word => ({
  hi: mux(b, condition, x.hi, y.hi, `${name}.hi`),
  lo: mux(b, condition, x.lo, y.lo, `${name}.lo`),
});

/** x * y as a word; the static bounds must prove it is below 2^253. Cost: 15 gates. */
export const productWord = (b: Builder, x: Wire, y: Wire, name: string): Word =>
  toWord(b, mul(b, x, y, `${name}.product`), name);

const halves = (b: Builder, hi: Wire, lo: Wire, name: string): Word => ({
  hi: assertBits(b, hi, 128, `${name}.hi`),
  lo: assertBits(b, lo, 128, `${name}.lo`),
});
