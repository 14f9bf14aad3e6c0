/** Field arithmetic on wires, with the static bound of each result. Nothing here wraps silently: a bound is only stated
 * when the integer result stays below the modulus. */
import { FIELD_MODULUS, inverse } from "../../protocol/field.ts";
import type { Builder, Product, Term } from "./builder.ts";
import { assertFits } from "./ranges.ts";
import { MAX_FIELD, type Bool, type Wire } from "./wire.ts";

/**
 * A new wire equal to the combination (modulo p).
 * Cost: 1 gate up to 3 terms and no product, +1 per further 3 terms; each product beyond the first +1.
 */
export function combine(
  b: Builder,
  products: readonly Product[],
  terms: readonly Term[],
  constant: bigint,
  name: string,
): Wire {
  const wire = b.witness(name, () => evaluate(b, products, terms, constant));
  b.assertZero(products, [...terms, [-1n, wire]], constant, name);
  return { index: wire.index, max: combinedMax(products, terms, constant) };
}

/** A new wire equal to the linear combination. */
export const sum = (b: Builder, terms: readonly Term[], constant: bigint, name: string): Wire =>
  combine(b, [], terms, constant, name);

export const add = (b: Builder, x: Wire, y: Wire, name: string): Wire =>
  sum(b, [[1n, x], [1n, y]], 0n, name); // prettier-ignore

/** x - y modulo p: unbounded, range-check the result to prove x >= y. */
export const sub = (b: Builder, x: Wire, y: Wire, name: string): Wire =>
  sum(b, [[1n, x], [-1n, y]], 0n, name); // prettier-ignore

export const mul = (b: Builder, x: Wire, y: Wire, name: string): Wire =>
  combine(b, [[1n, x, y]], [], 0n, name);

/** Enforces x = y. */
export function assertEqual(b: Builder, x: Wire, y: Wire, name: string): void {
  if (x.index !== y.index) b.assertZero([], [[1n, x], [-1n, y]], 0n, name); // prettier-ignore
}

/** Enforces x = constant. */
export function assertConstant(b: Builder, x: Wire, value: bigint, name: string): void {
  b.assertZero([], [[1n, x]], -value, name);
}

/** Enforces x = y where `condition` is 1, nothing where it is 0. Cost: 2 gates. */
export function assertEqualIf(b: Builder, condition: Bool, x: Wire, y: Wire, name: string): void {
  assertFits(b, condition, 1, name);
  if (x.index === y.index) return;
  b.assertZero([[1n, condition, x], [-1n, condition, y]], [], 0n, name); // prettier-ignore
}

/** condition ? x : y. Cost: 2 gates. */
export function mux<T extends Wire>(b: Builder, condition: Bool, x: T, y: T, name: string): T {
  assertFits(b, condition, 1, name);
  if (x.index === y.index) return x.max > y.max ? x : y;
  const wire = b.witness(name, () => b.value(b.value(condition) === 1n ? x : y));
  b.assertZero([[1n, condition, x], [-1n, condition, y]], [[1n, y], [-1n, wire]], 0n, name); // prettier-ignore
  // Sound because: condition is 0 or 1, so the result is x or y and keeps what both types promise.
  return { index: wire.index, max: x.max > y.max ? x.max : y.max } as T;
}

/**
 * Proves: result = 1 iff x = 0, else 0.
 * Enforces: x * inverse + result = 1 and x * result = 0.
 * Sound because: x = 0 forces result = 1 by the first; x != 0 forces result = 0 by the second. The inverse is free when
 * x = 0, which changes nothing else.
 * Cost: 2 gates.
 */
export function isZero(b: Builder, x: Wire, name: string): Bool {
  const inverted = b.witness(`${name}.inverse`, () => (b.value(x) === 0n ? 0n : inverse(b.value(x))));
  const result = b.witness(name, () => (b.value(x) === 0n ? 1n : 0n));
  b.assertZero([[1n, x, inverted]], [[1n, result]], -1n, `${name}.one`);
  b.assertZero([[1n, x, result]], [], 0n, `${name}.zero`);
  return { index: result.index, max: 1n } as Bool;
}

/** Proves: result = 1 iff x = y, else 0. Cost: 3 gates. */
export const isEqual = (b: Builder, x: Wire, y: Wire, name: string): Bool =>
  isZero(b, sub(b, x, y, `${name}.difference`), name);

/** Proves: result = 1 iff x = value, else 0. Cost: 3 gates. */
export const isConstant = (b: Builder, x: Wire, value: bigint, name: string): Bool =>
  isZero(b, sum(b, [[1n, x]], -value, `${name}.difference`), name);

/** Enforces x != 0, by an inverse. Cost: 1 gate. */
export function assertNotZero(b: Builder, x: Wire, name: string): void {
  const inverted = b.witness(`${name}.inverse`, () => (b.value(x) === 0n ? 0n : inverse(b.value(x))));
  b.assertZero([[1n, x, inverted]], [], -1n, name);
}

function evaluate(
  b: Builder,
  products: readonly Product[],
  terms: readonly Term[],
  constant: bigint,
): bigint {
  let s = constant;
  for (const [k, x, y] of products) s += k * b.value(x) * b.value(y);
  for (const [k, x] of terms) s += k * b.value(x);
  return s;
}

/** Greatest integer value when every coefficient is positive, MAX_FIELD when it could wrap. */
function combinedMax(products: readonly Product[], terms: readonly Term[], constant: bigint): bigint {
  if (constant < 0n) return MAX_FIELD;
  let max = constant;
  for (const [k, x, y] of products) {
    if (k < 0n) return MAX_FIELD;
    max += k * x.max * y.max;
  }
  for (const [k, x] of terms) {
    if (k < 0n) return MAX_FIELD;
    max += k * x.max;
  }
  return max < FIELD_MODULUS ? max : MAX_FIELD;
}
