/**
 * Do the words of a recoverable signature stand for a point R and nonzero scalars?
 *
 * Proves: result = 1 iff v is 27 or 28, 0 < r < n, 0 < s < n, and a point of secp256k1 has x = r.
 * Assumes: nothing; the halves are below 2^128 (checked when building).
 * Enforces: comparisons, and y^2 = r^3 + 7 or y^2 = -(r^3 + 7) modulo the field of the curve, for a witness y.
 * Sound because: the field has p = 3 modulo 4, so -1 is not a square and of a and -a exactly one is, for a other than 0; and
 *   r^3 + 7 is never 0, for the order of the curve is odd, so it has no point of order 2.
 * Cost: 242 gates.
 */
import { combine, isZero, sum } from "../../builder/arithmetic.ts";
import { all, and, not } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertFitsWord, constantWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, Word } from "../../builder/wire.ts";
import { type Limbs, limbsOfWord, limbsValue, witnessLimbs } from "../limbs.ts";
import { assertModular } from "../modular.ts";
import { FIELD, liftX, modulo, ORDER } from "../secp256k1.ts";
import { isLessWord } from "../word.ts";
import { isOnCurve } from "./ecrecoverNative.ts";

export interface SignatureWords {
  readonly v: Word;
  readonly r: Word;
  readonly s: Word;
}

export function recoveryConditions(b: Builder, { v, r, s }: SignatureWords): Bool {
  for (const word of [v, r, s]) assertFitsWord(b, word, "words");
  const conditions = [isParity(b, v), isScalarWord(b, r, "r"), isScalarWord(b, s, "s"), isXOfPoint(b, r)];
  return all(b, conditions, "valid");
}

/** v is 27 or 28: (v - 27)(v - 28) is 0. */
function isParity(b: Builder, { hi, lo }: Word): Bool {
  const small = isZero(b, hi, "v.isSmall");
  const product = combine(b, [[1n, lo, lo]], [[-55n, lo]], 27n * 28n, "v.product"); // prettier-ignore
  return and(b, small, isZero(b, product, "v.is27or28"), "v.isParity");
}

/** 0 < x < n. */
function isScalarWord(b: Builder, x: Word, name: string): Bool {
  const empty = isZero(b, sum(b, [[1n, x.hi], [1n, x.lo]], 0n, `${name}.halves`), `${name}.isZero`); // prettier-ignore
  const less = isLessWord(b, x, constantWord(b, ORDER), `${name}.isLess`);
  return and(b, less, not(b, empty, `${name}.isNot0`), `${name}.isScalar`);
}

function isXOfPoint(b: Builder, r: Word): Bool {
  const x = limbsOfWord(b, r, "x");
  const result = witnessBool(b, "x.isOnCurve", () => isOnCurve(limbsValue(b, x)));
  const square = witnessLimbs(b, "x2", () => modulo(limbsValue(b, x) ** 2n, FIELD));
  assertModular(b, { products: [[1n, x, x]], terms: [[-1n, square]] }, FIELD, "x2.isSquare"); // prettier-ignore
  const cubic = witnessLimbs(b, "cubic", () => modulo(limbsValue(b, x) ** 3n + 7n, FIELD));
  assertModular(b, { products: [[1n, square, x]], terms: [[-1n, cubic]], constant: 7n }, FIELD, "cubic.is"); // prettier-ignore
  const y = witnessLimbs(b, "root", () => liftX(limbsValue(b, x), 0n));
  const flag: Limbs = [result, b.zero, b.zero, b.zero];
  // y^2 = (2 * result - 1) * cubic
  const products = [[1n, y, y], [-2n, flag, cubic]] as const; // prettier-ignore
  assertModular(b, { products, terms: [[1n, cubic]] }, FIELD, "root.isRoot"); // prettier-ignore
  return result;
}
