/**
 * Division with remainder over the integers: dividend = quotient * divisor + remainder, remainder < divisor.
 *
 * Assumes: the dividend, lo + 2^128 hi, lies in [0, 2^256), lo in [0, 2^128] and hi in [0, 2^128); the divisor is not 0.
 * Enforces, with q the quotient, d the divisor, their lower halves in limbs:
 *   d.low q.lo + 2^64 d.high q.low + r.lo - lo = 2^128 (carry - 1), carry < 2^70;
 *   cross = q.hi d.high + q.high d.hi < 2^70; q.hi d.hi = 0;
 *   (carry - 1) + q.high d.high + q.hi d.low + q.low d.hi + 2^64 cross + r.hi - hi = 0;
 *   the leading difference of d and r is in [1, 2^128].
 * Sound because: no product has more than 192 bits but q.hi d.hi, which is 0 in the field only if one of them is; cross is an integer
 *   below 2^194. So both lines hold over the integers and together are the equation; quotient and remainder are unique.
 *   They exist: q d <= dividend < 2^256 leaves q.hi d.hi = 0, cross < 2^64 and carry < 2^66.
 * Cost: 54 gates.
 */
import { combine, sum } from "../../builder/arithmetic.ts";
import type { Builder, Product, Term } from "../../builder/builder.ts";
import { assertBits, assertFits, witnessBits, witnessU128, witnessWord } from "../../builder/ranges.ts";
import type { Wire, Word } from "../../builder/wire.ts";
import { HALF, LIMB, type Limbs, witnessLimbPair } from "./limbPair.ts";
import { leadingDifference } from "./words.ts";

export interface Dividend {
  /** The lower half as a combination. */
  readonly products: readonly Product[];
  readonly terms: readonly Term[];
  readonly hi: Wire;
}
export interface Divisor extends Limbs {
  readonly hi: Wire;
}
export interface Division {
  readonly quotient: Word;
  readonly remainder: Word;
}

const CARRY_BITS = 70;

export function divide(b: Builder, dividend: Dividend, divisor: Divisor, name: string): Division {
  return b.scope(name, () => {
    for (const half of [dividend.hi, divisor.hi]) assertFits(b, half, 128, "operand");
    for (const limb of [divisor.low, divisor.high]) assertFits(b, limb, 64, "operand");
    const lowerHalf = (): bigint => linearValue(b, dividend.products, dividend.terms);
    const numerator = (): bigint => b.value(dividend.hi) * HALF + lowerHalf();
    const denominator = (): bigint =>
      b.value(divisor.hi) * HALF + b.value(divisor.high) * LIMB + b.value(divisor.low) || 1n;
    const lo = witnessLimbPair(b, "quotient.lo", () => (numerator() / denominator()) % HALF);
    const hi = witnessU128(b, "quotient.hi", () => numerator() / denominator() / HALF);
    const remainder = witnessWord(b, "remainder", () => numerator() % denominator());

    const low: Product[] = [[1n, divisor.low, lo.half], [LIMB, divisor.high, lo.low]]; // prettier-ignore
    const excess = (): bigint => linearValue(b, low, [[1n, remainder.lo]]) - lowerHalf();
    const carry = witnessBits(b, CARRY_BITS, "carry", () => excess() / HALF + 1n);
    b.assertZero(
      [...low, ...dividend.products.map(([k, u, v]): Product => [-k, u, v])],
      [[1n, remainder.lo], ...dividend.terms.map(([k, u]): Term => [-k, u]), [-HALF, carry]],
      HALF,
      "lo.equation",
    );

    const cross = combine(b, [[1n, hi, divisor.high], [1n, lo.high, divisor.hi]], [], 0n, "cross"); // prettier-ignore
    assertBits(b, cross, CARRY_BITS, "cross");
    b.assertZero([[1n, hi, divisor.hi]], [], 0n, "noProductOfUpperHalves");
    b.assertZero(
      [[1n, lo.high, divisor.high], [1n, hi, divisor.low], [1n, lo.low, divisor.hi]], // prettier-ignore
      [[1n, carry], [LIMB, cross], [1n, remainder.hi], [-1n, dividend.hi]], // prettier-ignore
      -1n,
      "hi.equation",
    );
    assertBelow(b, remainder, divisor, "remainder.below");
    return { quotient: { hi, lo: lo.half }, remainder };
  });
}

/**
 * Proves: x < y.
 * Assumes: the halves of y, low + 2^64 high and hi, are integers below 2^128, as those of x are.
 * Sound because: the leading difference of y and x is in [1, 2^128], so it is positive.
 * Cost: 12.5 gates.
 */
export function assertBelow(b: Builder, x: Word, y: Divisor, name: string): void {
  const hi = sum(b, [[1n, y.hi], [-1n, x.hi]], 0n, `${name}.hi`); // prettier-ignore
  const lo = sum(b, [[1n, y.low], [LIMB, y.high], [-1n, x.lo]], 0n, `${name}.lo`); // prettier-ignore
  const v = leadingDifference(b, hi, lo, `${name}.difference`);
  assertBits(b, sum(b, [[1n, v]], -1n, name), 128, name);
}

function linearValue(b: Builder, products: readonly Product[], terms: readonly Term[]): bigint {
  let s = 0n;
  for (const [k, u, v] of products) s += k * b.value(u) * b.value(v);
  for (const [k, u] of terms) s += k * b.value(u);
  return s;
}
