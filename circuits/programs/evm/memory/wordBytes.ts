/**
 * Bytes of two words put together: what unaligned memory is made of.
 *
 * Words are four halves of 16 bytes; a shift of s bytes is one of g halves and j < 16 bytes. All splitting is one division:
 * half * 256^j = above * 2^128 + below, with above < 2^120, below < 2^128. Both sides stay below 2^248, so nothing wraps and
 * the division is unique; `below` is a multiple of 256^j.
 */
import { add, combine, mux } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, assertFitsWord, constantBits, witnessBits, witnessU128 } from "../../../builder/ranges.ts"; // prettier-ignore
import { rom, type Rom } from "../../../builder/rom.ts";
import { type Bool, MAX_FIELD, type U128, type Wire, type Word } from "../../../builder/wire.ts";

const HALF_BYTES = 16;
const HALF = 1n << 128n;

/** 256^j for j from 0 to 15. One a circuit. */
export const bytePowers = (b: Builder): Rom<Wire> =>
  rom(b, Array.from({ length: HALF_BYTES }, (_, j) => constantBits(b, 128, 1n << BigInt(8 * j))), "bytePowers"); // prettier-ignore

interface Split {
  readonly above: Wire;
  readonly below: Wire;
}

function split(b: Builder, half: U128, power: Wire, name: string): Split {
  const shifted = (): bigint => b.value(half) * b.value(power);
  const above = witnessBits(b, 120, `${name}.above`, () => shifted() / HALF);
  const below = witnessU128(b, `${name}.below`, () => shifted() % HALF);
  b.assertZero([[1n, half, power]], [[-HALF, above], [-1n, below]], 0n, `${name}.split`); // prettier-ignore
  return { above, below };
}

export interface JoinShift {
  /** The shift is 16 * far + bytes. */
  readonly far: Bool;
  readonly bytes: Wire;
}

/**
 * Proves: result = the 32 bytes from byte 16 * far + bytes of x || y.
 * Assumes: `bytes` < 16: the table of powers enforces it.
 * Sound because: the high halves of two neighbours are multiples of 256^j, and what comes in from the next is below it.
 * Cost: 63 gates.
 */
export function joinWords(
  b: Builder,
  powers: Rom<Wire>,
  [x, y]: readonly [Word, Word],
  shift: JoinShift,
): Word {
  assertFitsWord(b, x, "x");
  assertFitsWord(b, y, "y");
  const power = powers.read(b, shift.bytes, "power");
  const halves = [mux(b, shift.far, x.lo, x.hi, "half[0]"), mux(b, shift.far, y.hi, x.lo, "half[1]"), mux(b, shift.far, y.lo, y.hi, "half[2]")]; // prettier-ignore
  const [s0, s1, s2] = halves.map((half, i) => split(b, half, power, `half[${i}]`)) as [Split, Split, Split];
  return {
    hi: assertBits(b, add(b, s0.below, s1.above, "hi"), 128, "hi"),
    lo: assertBits(b, add(b, s1.below, s2.above, "lo"), 128, "lo"),
  };
}

export interface MergeShift extends JoinShift {
  /** Then far = 1, bytes = 0, and the shift is 32. */
  readonly whole: Bool;
}

/**
 * Proves: result = the first 16 * far + bytes + 16 * whole bytes of x, then the last of y.
 * Assumes: `bytes` < 16: the table of powers enforces it.
 * Enforces: whole implies far and bytes = 0; both halves of the result below 2^128.
 * Sound because: m * 256^j = above(x) * 2^128 + below(y) has one m below 2^128, whose first j bytes are x's and the others y's;
 *   m is a half of the result, unless x is taken whole.
 * Cost: 56 gates.
 */
export function mergeWords(
  b: Builder,
  powers: Rom<Wire>,
  [x, y]: readonly [Word, Word],
  shift: MergeShift,
): Word {
  assertFitsWord(b, x, "x");
  assertFitsWord(b, y, "y");
  const { far, bytes, whole } = shift;
  assertFits(b, bytes, 4, "bytes");
  assertImplies(b, whole, far, "whole.far");
  b.assertZero([[1n, whole, bytes]], [], 0n, "whole.bytes"); // prettier-ignore
  const power = powers.read(b, bytes, "power");
  const above = split(b, mux(b, far, x.lo, x.hi, "x.half"), power, "x").above;
  const below = split(b, mux(b, far, y.lo, y.hi, "y.half"), power, "y").below;
  const middle = b.witness("middle", () => (b.value(above) * HALF + b.value(below)) / b.value(power));
  b.assertZero([[1n, middle, power]], [[-HALF, above], [-1n, below]], 0n, "middle.bytes"); // prettier-ignore
  const low = mux(b, far, middle, y.lo, "low");
  return {
    hi: assertBits(b, raw(mux(b, far, x.hi, middle, "hi")), 128, "hi"),
    lo: assertBits(b, raw(mux(b, whole, x.lo, low, "lo")), 128, "lo"),
  };
}

/**
 * Without its bound, so that it is proven again: a word may be its own operand, and then its bound would rest on itself.
 */
const raw = ({ index }: Wire): Wire => ({ index, max: MAX_FIELD });

/** The shift as one number. */
export const shiftOf = (b: Builder, { far, bytes }: JoinShift, whole: Bool | undefined, name: string): Wire =>
  combine(b, [], [[16n, far], [1n, bytes], ...(whole === undefined ? [] : [[16n, whole] as const])], 0n, name); // prettier-ignore
