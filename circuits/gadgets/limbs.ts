/** 256-bit integers as four limbs of 64 bits, low first: what arithmetic modulo another prime works on. */
import { sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertFits, promiseBits, witnessU64 } from "../builder/ranges.ts";
import type { U128, U64, U8, Word } from "../builder/wire.ts";

export type Limbs = readonly [U64, U64, U64, U64];

const LIMB = (1n << 64n) - 1n;
const INDICES = [0, 1, 2, 3] as const;

/** The integer of some limbs. Only inside a witness function. */
export const limbsValue = (b: Builder, limbs: Limbs): bigint =>
  limbs.reduce((value, limb, i) => value + (b.value(limb) << BigInt(64 * i)), 0n);

const build = (limb: (i: number) => U64): Limbs => INDICES.map(limb) as unknown as Limbs;

/** A new 256-bit integer. Cost: 13 gates. */
export const witnessLimbs = (b: Builder, name: string, value: () => bigint): Limbs =>
  build((i) => witnessU64(b, `${name}.limb[${i}]`, () => (value() >> BigInt(64 * i)) & LIMB));

export const constantLimbs = (b: Builder, value: bigint): Limbs =>
  build((i) => promiseBits(b, b.constant((value >> BigInt(64 * i)) & LIMB), 64, "constant"));

/** The integer of 32 bytes, big endian. Cost: 12 gates. */
export const limbsOfBytes = (b: Builder, bytes: readonly U8[], name: string): Limbs =>
  build((i) => {
    for (const byte of bytes) assertFits(b, byte, 8, name);
    const terms = Array.from({ length: 8 }, (_, j): Term => [1n << BigInt(8 * j), bytes[31 - 8 * i - j]!]);
    return promiseBits(b, sum(b, terms, 0n, `${name}.limb[${i}]`), 64, name);
  });

/** The limbs of a word. Sound because: 64-bit limbs of a 128-bit half are unique. Cost: 15 gates. */
export function limbsOfWord(b: Builder, word: Word, name: string): Limbs {
  const halves = ([word.lo, word.hi] as const).flatMap((half, i) => splitHalf(b, half, `${name}.half[${i}]`));
  return halves as unknown as Limbs;
}

function splitHalf(b: Builder, half: U128, name: string): [U64, U64] {
  assertFits(b, half, 128, name);
  const low = witnessU64(b, `${name}.low`, () => b.value(half) & LIMB);
  const high = witnessU64(b, `${name}.high`, () => b.value(half) >> 64n);
  b.assertZero([], [[1n, low], [1n << 64n, high], [-1n, half]], 0n, name); // prettier-ignore
  return [low, high];
}

/** The two halves of some limbs. Cost: 2 gates. */
export const wordOfLimbs = (b: Builder, limbs: Limbs, name: string): Word => {
  const half = (low: U64, high: U64, part: string): U128 =>
    promiseBits(b, sum(b, [[1n, low], [1n << 64n, high]], 0n, `${name}.${part}`), 128, name); // prettier-ignore
  return { hi: half(limbs[2], limbs[3], "hi"), lo: half(limbs[0], limbs[1], "lo") };
};
