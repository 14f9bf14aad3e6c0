/**
 * A field element as the integer it stands for, so that elements can be ordered.
 *
 * Proves: result.hi * 2^128 + result.lo = x, the representative in [0, p).
 * Assumes: nothing.
 * Enforces: the split modulo p, halves of 126 and 128 bits, and that their integer is at most p - 1.
 * Sound because: the only other split of x into halves of these sizes is that of x + p, which is above p - 1.
 * Cost: 28 gates.
 */
import { sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import {
  assertBits,
  assertFitsWord,
  promiseBits,
  witnessBits,
  witnessBool,
  witnessU128,
} from "../builder/ranges.ts";
import { MAX_FIELD, type Wire, type Word } from "../builder/wire.ts";

const HALF = 1n << 128n;

export function splitField(b: Builder, x: Wire, name: string): Word {
  return b.scope(name, () => {
    const hi = promiseBits(b, witnessBits(b, 126, "hi", () => b.value(x) >> 128n), 128, "hi"); // prettier-ignore
    const lo = witnessU128(b, "lo", () => b.value(x) & (HALF - 1n));
    b.assertZero([], [[HALF, hi], [1n, lo], [-1n, x]], 0n, "split"); // prettier-ignore
    assertAtMostConstant(b, { hi, lo }, MAX_FIELD, "canonical");
    return { hi, lo };
  });
}

/**
 * Proves: x <= limit, a constant below 2^256. The bounds of x's halves are checked when building.
 * Enforces: limit.lo - x.lo + 2^128 borrow and limit.hi - x.hi - borrow are below 2^128.
 * Cost: 17 gates.
 */
export function assertAtMostConstant(b: Builder, x: Word, limit: bigint, name: string): void {
  assertFitsWord(b, x, name);
  const [limitHi, limitLo] = [limit >> 128n, limit & (HALF - 1n)];
  const borrow = witnessBool(b, `${name}.borrow`, () => b.value(x.lo) > limitLo);
  const low = sum(b, [[-1n, x.lo], [HALF, borrow]], limitLo, `${name}.low`); // prettier-ignore
  assertBits(b, low, 128, `${name}.low`);
  const high = sum(b, [[-1n, x.hi], [-1n, borrow]], limitHi, `${name}.high`); // prettier-ignore
  assertBits(b, high, 128, `${name}.high`);
}
