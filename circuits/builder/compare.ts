/** Order of small integers and their bits. Every function needs bounds: a raw field has no order. */
import { sum } from "./arithmetic.ts";
import type { Builder, Term } from "./builder.ts";
import { builderError } from "./errors.ts";
import { assertBits, assertFits, witnessBits, witnessBool } from "./ranges.ts";
import type { Bool, Wire } from "./wire.ts";

/**
 * Proves: x <= y.
 * Assumes: nothing; the bounds of x and y prove they are below 2^bits, bits <= 252 (checked when building).
 * Enforces: y - x < 2^bits.
 * Sound because: |y - x| < 2^bits, so a negative difference is above p - 2^252 > 2^bits.
 */
export function assertAtMost(b: Builder, x: Wire, y: Wire, bits: number, name: string): void {
  assertOrderable(b, x, y, bits, name);
  assertBits(b, sum(b, [[1n, y], [-1n, x]], 0n, name), bits, name); // prettier-ignore
}

/** Proves: x < y. As `assertAtMost` with y - x - 1. */
export function assertLess(b: Builder, x: Wire, y: Wire, bits: number, name: string): void {
  assertOrderable(b, x, y, bits, name);
  assertBits(b, sum(b, [[1n, y], [-1n, x]], -1n, name), bits, name); // prettier-ignore
}

/**
 * Proves: result = 1 iff x < y, else 0.
 * Enforces: x - y + 2^bits = low + 2^bits * notLess, with low < 2^bits and notLess boolean.
 * Sound because: the left side lies in [1, 2^(bits+1)) and is written uniquely; its top bit is 1 iff x >= y.
 */
export function isLess(b: Builder, x: Wire, y: Wire, bits: number, name: string): Bool {
  assertOrderable(b, x, y, bits, name);
  const top = 1n << BigInt(bits);
  const less = witnessBool(b, name, () => b.value(x) < b.value(y));
  // With notLess = 1 - less: low = x - y + 2^bits * less.
  const low = witnessBits(b, bits, `${name}.low`, () => b.value(x) - b.value(y) + top * b.value(less));
  b.assertZero([], [[1n, x], [-1n, y], [top, less], [-1n, low]], 0n, `${name}.split`); // prettier-ignore
  return less;
}

/** The `count` low-order-first bits of x. Enforces that x < 2^count. Cost: count + count/3 gates. */
export function toBits(b: Builder, x: Wire, count: number, name: string): Bool[] {
  if (count > 253)
    throw builderError({ code: "BAD_BITS", where: b.where(name), bits: count, allowed: "1..253" });
  const bits = Array.from({ length: count }, (_, i) =>
    witnessBool(b, `${name}[${i}]`, () => (b.value(x) >> BigInt(i)) & 1n),
  );
  const terms: Term[] = bits.map((bit, i) => [1n << BigInt(i), bit]);
  b.assertZero([], [...terms, [-1n, x]], 0n, `${name}.sum`);
  return bits;
}

function assertOrderable(b: Builder, x: Wire, y: Wire, bits: number, name: string): void {
  if (bits > 252) throw builderError({ code: "BAD_BITS", where: b.where(name), bits, allowed: "1..252" });
  assertFits(b, x, bits, name);
  assertFits(b, y, bits, name);
}
