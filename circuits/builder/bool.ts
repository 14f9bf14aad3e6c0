/** Boolean operations. Inputs are `Bool`, 0 or 1 by their bounds (BOUND_UNKNOWN, BOUND_TOO_LARGE); so are the results. */
import { combine, isZero, mul } from "./arithmetic.ts";
import type { Builder, Term } from "./builder.ts";
import { assertFits } from "./ranges.ts";
import type { Bool, Wire } from "./wire.ts";

const asBool = (wire: Wire): Bool => ({ index: wire.index, max: 1n }) as Bool;

function assertBools(b: Builder, xs: readonly Bool[], name: string): void {
  for (const x of xs) assertFits(b, x, 1, name);
}

export function not(b: Builder, x: Bool, name: string): Bool {
  assertBools(b, [x], name);
  return asBool(combine(b, [], [[-1n, x]], 1n, name));
}

export function and(b: Builder, x: Bool, y: Bool, name: string): Bool {
  assertBools(b, [x, y], name);
  return asBool(mul(b, x, y, name));
}

export function or(b: Builder, x: Bool, y: Bool, name: string): Bool {
  assertBools(b, [x, y], name);
  return asBool(combine(b, [[-1n, x, y]], [[1n, x], [1n, y]], 0n, name)); // prettier-ignore
}

export function xorBool(b: Builder, x: Bool, y: Bool, name: string): Bool {
  assertBools(b, [x, y], name);
  return asBool(combine(b, [[-2n, x, y]], [[1n, x], [1n, y]], 0n, name)); // prettier-ignore
}

/** 1 iff all are 1: their count minus their sum is zero. */
export function all(b: Builder, xs: readonly Bool[], name: string): Bool {
  assertBools(b, xs, name);
  const terms: Term[] = xs.map((x) => [-1n, x]);
  return isZero(b, combine(b, [], terms, BigInt(xs.length), `${name}.missing`), name);
}

/** 1 iff at least one is 1. */
export function any(b: Builder, xs: readonly Bool[], name: string): Bool {
  assertBools(b, xs, name);
  const none = isZero(b, combine(b, [], xs.map((x) => [1n, x]), 0n, `${name}.count`), `${name}.none`); // prettier-ignore
  return not(b, none, name);
}

/** Enforces x = 1. */
export const assertTrue = (b: Builder, x: Bool, name: string): void => b.assertZero([], [[1n, x]], -1n, name);

/** Enforces x = 0. */
export const assertFalse = (b: Builder, x: Bool, name: string): void => b.assertZero([], [[1n, x]], 0n, name);

/** Enforces: where x is 1, y is 1. Cost: 1 gate. */
export function assertImplies(b: Builder, x: Bool, y: Bool, name: string): void {
  assertBools(b, [x, y], name);
  b.assertZero([[1n, x, y]], [[-1n, x]], 0n, name);
}
