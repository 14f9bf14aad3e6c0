/**
 * Addition on secp256k1 by the chord: for points whose x differ modulo the field.
 *
 * Proves: the result is p + q.
 * Assumes: p and q are on the curve and p.x != q.x modulo the field; if they are equal the slope is unconstrained.
 * Enforces: slope * (p.x - q.x) = p.y - q.y, x = slope^2 - p.x - q.x, y = slope * (p.x - x) - p.y, modulo the field.
 * Parameters: none.
 * Sound because: with different x the slope is unique. Coordinates are below 2^256, not reduced.
 * Cost: 155 gates for x alone, 245 with y.
 */
import type { Builder } from "../builder/builder.ts";
import { type Limbs, limbsValue, witnessLimbs } from "./limbs.ts";
import { assertModular } from "./modular.ts";
import { FIELD, modulo, type Point, slope } from "./secp256k1.ts";

export interface PointLimbs {
  readonly x: Limbs;
  readonly y: Limbs;
}

/** x of `p + q`, and its slope, for points whose x differ. */
export function assertSumX(b: Builder, p: PointLimbs, q: PointLimbs, name: string): { m: Limbs; x: Limbs } {
  const read = (point: PointLimbs): Point => ({ x: limbsValue(b, point.x), y: limbsValue(b, point.y) });
  const m = witnessLimbs(b, `${name}.slope`, () => slope(read(p), read(q)));
  const x = witnessLimbs(b, `${name}.x`, () =>
    modulo(limbsValue(b, m) ** 2n - limbsValue(b, p.x) - limbsValue(b, q.x), FIELD),
  );
  const slopes = [[1n, m, p.x], [-1n, m, q.x]] as const; // prettier-ignore
  assertModular(b, { products: slopes, terms: [[-1n, p.y], [1n, q.y]] }, FIELD, `${name}.onLine`); // prettier-ignore
  assertModular(b, { products: [[1n, m, m]], terms: [[-1n, p.x], [-1n, q.x], [-1n, x]] }, FIELD, `${name}.third`); // prettier-ignore
  return { m, x };
}

/** p + q. */
export function addOnCurve(b: Builder, p: PointLimbs, q: PointLimbs, name: string): PointLimbs {
  const { m, x } = assertSumX(b, p, q, name);
  const y = witnessLimbs(b, `${name}.y`, () =>
    modulo(limbsValue(b, m) * (limbsValue(b, p.x) - limbsValue(b, x)) - limbsValue(b, p.y), FIELD),
  );
  const turned = [[1n, m, p.x], [-1n, m, x]] as const; // prettier-ignore
  assertModular(b, { products: turned, terms: [[-1n, p.y], [-1n, y]] }, FIELD, `${name}.turn`); // prettier-ignore
  return { x, y };
}
