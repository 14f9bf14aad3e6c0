/**
 * A multiple of the generator of secp256k1 by a challenge that is fixed only after the signatures it tests
 * (docs/spec/signatures.md).
 *
 * Proves: k = 2^132 + sum of (digit_j + 1) * 16^j for the 32 digits of `seed`, and point = k * G.
 * Assumes: nothing; `seed` is below 2^128 (checked when building).
 * Enforces: the digits of the seed, a table read for each digit, and 31 additions on the curve.
 * Sound because: digits are unique. The addition law used is incomplete: it needs different x. The running sum is a * G with
 *   a >= 2^132, the next summand c * G with 0 < c <= 16^32 = 2^128, and a + c < 2^134 < order, so a != c and a != -c.
 * Cost: 13,600 gates, once a circuit: 6,500 of tables, 31 additions of 225.
 */
import { sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertFits, constantWord, promiseBits, witnessBits } from "../builder/ranges.ts";
import { type Rom, rom } from "../builder/rom.ts";
import type { U128, Wire } from "../builder/wire.ts";
import { type Limbs, limbsOfWord } from "./limbs.ts";
import { addOnCurve, type PointLimbs } from "./pointAddition.ts";
import { addPoints, GENERATOR, multiplyPoint, type Point } from "./secp256k1.ts";

export interface ChallengePoint extends PointLimbs {
  /** The scalar, below 2^133. */
  readonly scalar: Limbs;
}

const DIGITS = 32;
const RADIX = 16n;
const TOP = 1n << 132n;
/** k - seed: one of each power of 16, and the top. */
const OFFSET = TOP + (RADIX ** BigInt(DIGITS) - 1n) / (RADIX - 1n);

/** The scalar a seed stands for. */
export const challengeScalar = (seed: bigint): bigint => seed + OFFSET;

export function challengePoint(b: Builder, seed: U128, name: string): ChallengePoint {
  return b.scope(name, () => {
    assertFits(b, seed, 128, "seed");
    const digits = Array.from({ length: DIGITS }, (_, j) =>
      witnessBits(b, 4, `digit[${j}]`, () => (b.value(seed) >> BigInt(4 * j)) & 15n),
    );
    const terms = digits.map((digit, j): Term => [RADIX ** BigInt(j), digit]);
    b.assertZero([], [...terms, [-1n, seed]], 0n, "digits");
    const tables = pointTables(b);
    let point = readPoint(b, tables, digits, DIGITS - 1);
    for (let j = DIGITS - 2; j >= 0; j--)
      point = addOnCurve(b, point, readPoint(b, tables, digits, j), `add[${j}]`);
    return { ...point, scalar: scalarLimbs(b, seed) };
  });
}

type Tables = readonly [Rom<U128>, Rom<U128>, Rom<U128>, Rom<U128>];

let multiples: readonly Point[] | undefined;

/** Entry 16 j + d is (d + 1) * 16^j * G; the last row has 2^132 * G added. Computed once a process. */
function generatorMultiples(): readonly Point[] {
  if (multiples) return multiples;
  const points: Point[] = [];
  let base = GENERATOR;
  for (let j = 0; j < DIGITS; j++) {
    let point = j === DIGITS - 1 ? addPoints(multiplyPoint(GENERATOR, TOP), base) : base;
    for (let d = 0; d < RADIX; d++, point = addPoints(point, base)) points.push(point);
    if (j < DIGITS - 1) base = points.at(-1)!;
  }
  return (multiples = points);
}

function pointTables(b: Builder): Tables {
  const columns: U128[][] = [[], [], [], []];
  for (const point of generatorMultiples()) {
    const [x, y] = [constantWord(b, point.x), constantWord(b, point.y)];
    [x.lo, x.hi, y.lo, y.hi].forEach((half, i) => columns[i]!.push(half));
  }
  return columns.map((column, i) => rom(b, column, `multiples[${i}]`)) as unknown as Tables;
}

function readPoint(b: Builder, tables: Tables, digits: readonly Wire[], j: number): PointLimbs {
  const at = sum(b, [[1n, digits[j]!]], RADIX * BigInt(j), `at[${j}]`);
  const [xLo, xHi, yLo, yHi] = tables.map((table, i) => table.read(b, at, `read[${j}][${i}]`));
  return {
    x: limbsOfWord(b, { hi: xHi!, lo: xLo! }, `multiple[${j}].x`),
    y: limbsOfWord(b, { hi: yHi!, lo: yLo! }, `multiple[${j}].y`),
  };
}

function scalarLimbs(b: Builder, seed: U128): Limbs {
  const k = sum(b, [[1n, seed]], OFFSET, "scalar");
  const limb = (i: number, bits: number): Wire =>
    witnessBits(b, bits, `scalar[${i}]`, () => (b.value(k) >> BigInt(64 * i)) & ((1n << 64n) - 1n));
  const limbs = [limb(0, 64), limb(1, 64), limb(2, 6)];
  const terms = limbs.map((wire, i): Term => [1n << BigInt(64 * i), wire]);
  b.assertZero([], [...terms, [-1n, k]], 0n, "scalar.limbs");
  return [...limbs.map((wire) => promiseBits(b, wire, 64, "scalar")), b.zero] as unknown as Limbs;
}
