/**
 * x * y modulo 2^256.
 *
 * Enforces, with lo = low + 2^64 high of both factors:
 *   x.low y.lo + 2^64 x.high y.low = lo + 2^128 carry, lo < 2^128, carry < 2^70;
 *   cross = x.high y.hi + y.high x.hi = crossLow + 2^64 crossHigh, crossLow < 2^64, crossHigh < 2^140;
 *   carry + x.low y.hi + y.low x.hi + x.high y.high + 2^64 crossLow = hi + 2^128 out, hi < 2^128, out < 2^70.
 * Sound because: no product has more than 192 bits, so all lines stay below 2^206 and hold over the integers; each is a division by a
 *   power of two, unique. The first is lo * lo but for x.high y.high 2^128, which is in the third; crossHigh and `out` are multiples
 *   of 2^256. They have solutions: carry < 2^66, crossHigh < 2^129, out < 2^67.
 * Cost: 36 gates, and 7.5 a factor for its limbs.
 */
import type { Builder, Product } from "../../builder/builder.ts";
import { assertFits, witnessBits, witnessU128, witnessU64 } from "../../builder/ranges.ts";
import type { U128, Word } from "../../builder/wire.ts";
import { HALF, LIMB, type LimbPair, limbPairOf } from "./limbPair.ts";

export interface Factor {
  readonly hi: U128;
  readonly lo: LimbPair;
}

export const factorOf = (b: Builder, word: Word, name: string): Factor => ({
  hi: word.hi,
  lo: limbPairOf(b, word.lo, name),
});

const CARRY_BITS = 70;
const CROSS_BITS = 140;

export function truncatedProduct(b: Builder, x: Factor, y: Factor, name: string): Word {
  return b.scope(name, () => {
    for (const half of [x.hi, x.lo.half, y.hi, y.lo.half]) assertFits(b, half, 128, "factor");
    for (const limb of [x.lo.low, x.lo.high, y.lo.low, y.lo.high]) assertFits(b, limb, 64, "factor");
    const value = (products: readonly Product[]): bigint =>
      products.reduce((s, [k, u, v]) => s + k * b.value(u) * b.value(v), 0n);

    const low = merged([[1n, x.lo.low, y.lo.half], [LIMB, x.lo.high, y.lo.low]]); // prettier-ignore
    const lo = witnessU128(b, "lo", () => value(low) % HALF);
    const carry = witnessBits(b, CARRY_BITS, "carry", () => value(low) / HALF);
    b.assertZero(low, [[-1n, lo], [-HALF, carry]], 0n, "lo.product"); // prettier-ignore

    const cross = merged([[1n, x.lo.high, y.hi], [1n, y.lo.high, x.hi]]); // prettier-ignore
    const crossLow = witnessU64(b, "crossLow", () => value(cross) % LIMB);
    const crossHigh = witnessBits(b, CROSS_BITS, "crossHigh", () => value(cross) / LIMB);
    b.assertZero(cross, [[-1n, crossLow], [-LIMB, crossHigh]], 0n, "cross.product"); // prettier-ignore

    const high = merged([[1n, x.lo.low, y.hi], [1n, y.lo.low, x.hi], [1n, x.lo.high, y.lo.high]]); // prettier-ignore
    const total = (): bigint => b.value(carry) + value(high) + LIMB * b.value(crossLow);
    const hi = witnessU128(b, "hi", () => total() % HALF);
    const out = witnessBits(b, CARRY_BITS, "out", () => total() / HALF);
    b.assertZero(high, [[1n, carry], [LIMB, crossLow], [-1n, hi], [-HALF, out]], 0n, "hi.product"); // prettier-ignore
    return { hi, lo };
  });
}

/** Products of the same wires, as a square has, take one gate. */
function merged(products: readonly Product[]): Product[] {
  const list: Product[] = [];
  for (const [k, u, v] of products) {
    const at = list.findIndex(
      ([, s, t]) =>
        (s.index === u.index && t.index === v.index) || (s.index === v.index && t.index === u.index),
    );
    if (at < 0) list.push([k, u, v]);
    else list[at] = [list[at]![0] + k, u, v];
  }
  return list;
}
