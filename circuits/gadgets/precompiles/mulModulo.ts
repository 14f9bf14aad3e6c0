/**
 * Multiplication modulo a number of up to 256 bits that is a wire.
 *
 * Proves: result = x * y modulo m; result < 2^256, and not always below m.
 * Assumes: nothing; limbs are below 2^64 (checked when building). For m = 0 there is a proof only if x * y < 2^256.
 * Enforces: x * y = quotient * m + result as integers, quotient < 2^256: four lines in base 2^128 with range-checked carries.
 * Parameters: none; a limb that is the constant 0 costs nothing.
 * Sound because: a line is below 2^195 in absolute value and its carry below 2^69, so it holds over the integers if it holds
 *   modulo p. An honest result below m, with one factor below m, has a quotient below 2^256.
 * Cost: 68 gates, 62 for a square.
 */
import type { Builder, Product, Term } from "../../builder/builder.ts";
import { assertFits, witnessBits } from "../../builder/ranges.ts";
import type { Wire } from "../../builder/wire.ts";
import { type Limbs, limbsValue, witnessLimbs } from "../limbs.ts";

const CARRY_BITS = 70;
const CARRY_SHIFT = 1n << 69n;
const LINE = 1n << 128n;

export function mulModulo(b: Builder, x: Limbs, y: Limbs, m: Limbs, name: string): Limbs {
  return b.scope(name, () => {
    // A limb whose bound is 0 is left out below: that bound is relied on as well.
    for (const limb of [...x, ...y, ...m]) assertFits(b, limb, 64, "limb");
    const product = (): bigint => limbsValue(b, x) * limbsValue(b, y);
    const modulus = (): bigint => limbsValue(b, m);
    const quotient = witnessLimbs(b, "quotient", () => (modulus() === 0n ? 0n : product() / modulus()));
    const result = witnessLimbs(b, "result", () => (modulus() === 0n ? product() : product() % modulus()));
    assertLines(b, [...productsOf(1n, x, y), ...productsOf(-1n, quotient, m)], result);
    return result;
  });
}

/** A product of limbs that stands at 2^(64 * column). */
type Placed = readonly [column: number, product: Product];

function productsOf(sign: bigint, x: Limbs, y: Limbs): Placed[] {
  const isSquare = x.every((limb, i) => limb.index === y[i]!.index);
  return x.flatMap((u, i) =>
    y.flatMap((v, j): Placed[] => {
      if (u.max === 0n || v.max === 0n || (isSquare && j < i)) return [];
      return [[i + j, [isSquare && j > i ? 2n * sign : sign, u, v]]];
    }),
  );
}

function assertLines(b: Builder, placed: readonly Placed[], result: Limbs): void {
  let carry: Wire | undefined;
  for (let g = 0; g < 4; g++) {
    const before = carry;
    const weight = (column: number): bigint => (column % 2 === 0 ? 1n : 1n << 64n);
    const products = placed
      .filter(([column]) => column >> 1 === g)
      .map(([column, [k, u, v]]): Product => [k * weight(column), u, v]);
    const terms: Term[] = result.flatMap((limb, i): Term[] => (i >> 1 === g ? [[-weight(i), limb]] : []));
    if (before !== undefined) terms.push([1n, before]);
    const into = before === undefined ? 0n : -CARRY_SHIFT;
    const value = (): bigint => {
      let s = into;
      for (const [k, u, v] of products) s += k * b.value(u) * b.value(v);
      for (const [k, u] of terms) s += k * b.value(u);
      return s;
    };
    if (g === 3) return b.assertZero(products, terms, into, "equation");
    carry = witnessBits(b, CARRY_BITS, `carry[${g}]`, () => (value() >> 128n) + CARRY_SHIFT);
    b.assertZero(products, [...terms, [-LINE, carry]], into + CARRY_SHIFT * LINE, "equation");
  }
}
