/**
 * Arithmetic modulo a 256-bit prime that is not the circuit's.
 *
 * Proves: sum of k*x*y over `products` + sum of k*x over `terms` + constant = 0 modulo `modulus`.
 * Assumes: nothing; the static bounds of the limbs prove that they are below 2^64 (checked when building).
 * Enforces: the sum equals q * modulus as integers, for a witness q in [-2^259, 2^259): both sides are compared in base
 *   2^128, four lines whose carries are range-checked.
 * Parameters: products and terms whose |sum| is below 2^258 * modulus (checked when building).
 * Sound because: a line's products and terms add up to less than 2^199, its carries to less than 2^205 in absolute value, so it
 *   holds over the integers if it holds modulo p; the lines together are the equation.
 * Cost: 1 gate a limb product (16 a product, fewer with constants) + about 35.
 */
import type { Builder, Product, Term } from "../builder/builder.ts";
import { builderError } from "../builder/errors.ts";
import { assertFits, witnessBits } from "../builder/ranges.ts";
import type { Wire } from "../builder/wire.ts";
import { type Limbs, limbsValue } from "./limbs.ts";

export interface ModularSum {
  readonly products?: readonly (readonly [k: bigint, x: Limbs, y: Limbs])[];
  readonly terms?: readonly (readonly [k: bigint, x: Limbs])[];
  readonly constant?: bigint;
}

const QUOTIENT_SHIFT = 1n << 259n;
const LINE_BITS = 128n;
const LINES = 4;
const CARRY_BITS = 76;
const CARRY_SHIFT = 1n << 75n;
const absolute = (k: bigint): bigint => (k < 0n ? -k : k);

export function assertModular(b: Builder, sum: ModularSum, modulus: bigint, name: string): void {
  const { products = [], terms = [], constant = 0n } = sum;
  b.scope(name, () => {
    assertSmall(b, sum, modulus);
    // A limb whose bound is 0 is left out below: that bound is relied on as well.
    for (const [, ...integers] of [...products, ...terms])
      for (const limb of integers.flat()) assertFits(b, limb, 64, "limb");
    const total = (): bigint => {
      let value = constant;
      for (const [k, x, y] of products) value += k * limbsValue(b, x) * limbsValue(b, y);
      for (const [k, x] of terms) value += k * limbsValue(b, x);
      return value;
    };
    // A floor division when the sum is no multiple (a forged witness): the lines below then fail.
    const quotient = (): bigint => total() / modulus + QUOTIENT_SHIFT;
    const q = [64, 64, 64, 64, 4].map((bits, i) =>
      witnessBits(
        b,
        bits,
        `quotient[${i}]`,
        () => (quotient() >> BigInt(64 * i)) & ((1n << BigInt(bits)) - 1n),
      ),
    );
    const lines = linesOf(sum, modulus, q);
    assertLines(b, lines);
  });
}

type Line = { products: Product[]; terms: Term[]; constant: bigint };

/** What stands at 2^(128 g): the columns of weight 2^(64 * 2g) and 2^(64 * (2g + 1)). */
function linesOf(sum: ModularSum, modulus: bigint, q: readonly Wire[]): Line[] {
  const { products = [], terms = [], constant = 0n } = sum;
  const lines = Array.from({ length: LINES }, (): Line => ({ products: [], terms: [], constant: 0n }));
  const weight = (column: number): bigint => (column % 2 === 0 ? 1n : 1n << 64n);
  const line = (column: number): Line => lines[column >> 1]!;
  for (const [k, x, y] of products)
    x.forEach((u, i) =>
      y.forEach((v, j) => {
        if (u.max === 0n || v.max === 0n) return;
        line(i + j).products.push([k * weight(i + j), u, v]);
      }),
    );
  for (const [k, x] of terms) x.forEach((u, i) => line(i).terms.push([k * weight(i), u]));
  q.forEach((u, i) => {
    for (let j = 0; j < 4; j++)
      line(i + j).terms.push([-((modulus >> BigInt(64 * j)) & ((1n << 64n) - 1n)) * weight(i + j), u]);
  });
  const shifted = constant + QUOTIENT_SHIFT * modulus;
  for (let g = 0n; g < LINES; g++) {
    const rest = shifted >> (LINE_BITS * g);
    lines[Number(g)]!.constant = Number(g) === LINES - 1 ? rest : rest & ((1n << LINE_BITS) - 1n);
  }
  return lines;
}

function assertLines(b: Builder, lines: readonly Line[]): void {
  let carry: Wire | undefined;
  lines.forEach(({ products, terms, constant }, g) => {
    const before = carry;
    const into = before === undefined ? 0n : -CARRY_SHIFT;
    const value = (): bigint => {
      let s = constant + into + (before === undefined ? 0n : b.value(before));
      for (const [k, x, y] of products) s += k * b.value(x) * b.value(y);
      for (const [k, x] of terms) s += k * b.value(x);
      return s;
    };
    const all: Term[] = before === undefined ? [...terms] : [...terms, [1n, before]];
    if (g === LINES - 1) return b.assertZero(products, all, constant + into, "equation");
    const next = witnessBits(b, CARRY_BITS, `carry[${g}]`, () => (value() >> LINE_BITS) + CARRY_SHIFT);
    all.push([-(1n << LINE_BITS), next]);
    b.assertZero(products, all, constant + into + (CARRY_SHIFT << LINE_BITS), "equation");
    carry = next;
  });
}

/** Throws BAD_BITS when the integers could leave the quotient's range or a line its bounds. */
function assertSmall(
  b: Builder,
  { products = [], terms = [], constant = 0n }: ModularSum,
  modulus: bigint,
): void {
  const weight = products.reduce((s, [k]) => s + absolute(k), 0n);
  const linear = terms.reduce((s, [k]) => s + absolute(k), 0n);
  const bound = (weight << 512n) + (linear << 256n) + absolute(constant);
  if (bound >= modulus << 258n || weight > 8n || linear > 64n || modulus >> 255n !== 1n)
    throw builderError({ code: "BAD_BITS", where: b.where("size"), bits: bound.toString(2).length, allowed: "modulus * 2^258" }); // prettier-ignore
}
