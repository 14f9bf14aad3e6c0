/** Boolean operations. Inputs are `Bool`, hence 0 or 1; so are the results. */
import { combine, isZero, mul } from "./arithmetic.ts";
import type { Builder, Term } from "./builder.ts";
import type { Bool, Wire } from "./wire.ts";

const asBool = (wire: Wire): Bool => ({ index: wire.index, max: 1n }) as Bool;

export const not = (b: Builder, x: Bool, name: string): Bool => asBool(combine(b, [], [[-1n, x]], 1n, name));

export const and = (b: Builder, x: Bool, y: Bool, name: string): Bool => asBool(mul(b, x, y, name));

export const or = (b: Builder, x: Bool, y: Bool, name: string): Bool =>
  asBool(combine(b, [[-1n, x, y]], [[1n, x], [1n, y]], 0n, name)); // prettier-ignore

export const xorBool = (b: Builder, x: Bool, y: Bool, name: string): Bool =>
  asBool(combine(b, [[-2n, x, y]], [[1n, x], [1n, y]], 0n, name)); // prettier-ignore

/** 1 iff all are 1: their count minus their sum is zero. */
export function all(b: Builder, xs: readonly Bool[], name: string): Bool {
  const terms: Term[] = xs.map((x) => [-1n, x]);
  return isZero(b, combine(b, [], terms, BigInt(xs.length), `${name}.missing`), name);
}

/** 1 iff at least one is 1. */
export function any(b: Builder, xs: readonly Bool[], name: string): Bool {
  const none = isZero(b, combine(b, [], xs.map((x) => [1n, x]), 0n, `${name}.count`), `${name}.none`); // prettier-ignore
  return not(b, none, name);
}

/** Enforces x = 1. */
export const assertTrue = (b: Builder, x: Bool, name: string): void => b.assertZero([], [[1n, x]], -1n, name);

/** Enforces x = 0. */
export const assertFalse = (b: Builder, x: Bool, name: string): void => b.assertZero([], [[1n, x]], 0n, name);

/** Enforces: where x is 1, y is 1. Cost: 1 gate. */
export const assertImplies = (b: Builder, x: Bool, y: Bool, name: string): void =>
  b.assertZero([[1n, x, y]], [[-1n, x]], 0n, name);
