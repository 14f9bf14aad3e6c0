/** Order of keys: raw field elements, compared as the integers in [0, p) that they stand for. */
import { sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFits, promiseBits, witnessBits, witnessBool, witnessU128 } from "../../builder/ranges.ts"; // prettier-ignore
import type { Bool, U128, Wire, Word } from "../../builder/wire.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import { assertAtMostConstant } from "../canonicalField.ts";

const HALF = 1n << 128n;
/** Halves of keys have 126 bits; a birth of 16 may stand above. */
export const KEY_HI_BITS = 126;
const HI_BITS = 142;
const SLACK = 1n << 143n;
/** A multiple of the proof system's limbs of 14 bits, above 143. */
const DIFFERENCE_BITS = 154;

/** hi * 2^128 + lo, hi below 2^142. */
export interface Ordered {
  readonly hi: Wire;
  readonly lo: U128;
}

/**
 * Proves: if `active`, x < y.
 * Assumes: nothing; the bounds of the halves are checked when building.
 * Enforces: y.lo - x.lo - 1 + 2^128 borrow < 2^128; y.hi - x.hi - borrow < 2^154, plus 2^143 when not active.
 * Sound because: a negative difference of the high halves is above p - 2^143. When not active nothing is enforced: the slack
 *   makes any difference positive.
 * Cost: 18 gates.
 */
export function assertLessIf(b: Builder, active: Bool, x: Ordered, y: Ordered, name: string): void {
  assertFits(b, active, 1, name);
  for (const { hi, lo } of [x, y]) {
    assertFits(b, hi, HI_BITS, name);
    assertFits(b, lo, 128, name);
  }
  const borrow = witnessBool(b, `${name}.borrow`, () => b.value(y.lo) <= b.value(x.lo));
  const low = sum(b, [[1n, y.lo], [-1n, x.lo], [HALF, borrow]], -1n, `${name}.low`); // prettier-ignore
  assertBits(b, low, 128, `${name}.low`);
  const high = sum(b, [[1n, y.hi], [-1n, x.hi], [-1n, borrow], [-SLACK, active]], SLACK, `${name}.high`); // prettier-ignore
  assertBits(b, high, DIFFERENCE_BITS, `${name}.high`);
}

export interface Between {
  readonly active: Bool;
  readonly low: Wire;
  readonly key: Wire;
  /** 0: there is none above. */
  readonly next: Wire;
}

/**
 * Proves: if `active`, low < key < next, or low < key if next = 0. Returns the key's halves, canonical if `active`.
 * Assumes: nothing; all three are raw fields.
 * Enforces: for each an integer below 2^254 of which it is the residue, that of `next` at most p; the order of the integers.
 * Sound because: next has one such integer in [0, p] but for 0, which has two: above none, or p, above every key. A key
 *   below that is canonical, and so is `low` below the key.
 * Cost: 91 gates.
 */
export function assertBetween(b: Builder, { active, low, key, next }: Between, name: string): Word {
  return b.scope(name, () => {
    const least = residueOf(b, low, () => b.value(low), "low");
    const own = residueOf(b, key, () => b.value(key), "key");
    const limit = residueOf(b, next, () => b.value(next) || FIELD_MODULUS, "next");
    assertAtMostConstant(b, limit, FIELD_MODULUS, "next.limit");
    assertLessIf(b, active, least, own, "aboveLow");
    assertLessIf(b, active, own, limit, "belowNext");
    return own;
  });
}

/** An integer below 2^254 that is x modulo p: x, or x + p where that fits. Cost: 13 gates. */
function residueOf(b: Builder, x: Wire, integer: () => bigint, name: string): Word {
  const hi = witnessBits(b, KEY_HI_BITS, `${name}.hi`, () => integer() >> 128n);
  const lo = witnessU128(b, `${name}.lo`, () => integer() & (HALF - 1n));
  b.assertZero([], [[HALF, hi], [1n, lo], [-1n, x]], 0n, `${name}.split`); // prettier-ignore
  return { hi: promiseBits(b, hi, 128, `${name}.hi`), lo };
}
