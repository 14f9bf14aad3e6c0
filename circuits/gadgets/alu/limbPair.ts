/** Halves of words as two limbs of 64 bits: half = low + 2^64 high. A limb times a half is below 2^192, far from p. */
import { sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertFits, promiseBits, witnessU64 } from "../../builder/ranges.ts";
import type { U128, U64 } from "../../builder/wire.ts";

export interface Limbs {
  readonly low: U64;
  readonly high: U64;
}
export interface LimbPair extends Limbs {
  readonly half: U128;
}

export const LIMB = 1n << 64n;
export const HALF = 1n << 128n;

/** Two limbs, bounded and tied to nothing yet. Cost: 6.5 gates. */
export const witnessLimbs = (b: Builder, name: string, value: () => bigint): Limbs => ({
  low: witnessU64(b, `${name}.low`, () => BigInt.asUintN(64, value())),
  high: witnessU64(b, `${name}.high`, () => value() >> 64n),
});

/** A new half. Cost: 7.5 gates. */
export function witnessLimbPair(b: Builder, name: string, value: () => bigint): LimbPair {
  const { low, high } = witnessLimbs(b, name, value);
  return { half: promiseBits(b, sum(b, [[1n, low], [LIMB, high]], 0n, name), 128, name), low, high }; // prettier-ignore
}

/** The limbs of a half. Sound because: two digits below 2^64 are unique. Cost: 7.5 gates. */
export function limbPairOf(b: Builder, half: U128, name: string): LimbPair {
  assertFits(b, half, 128, name);
  const { low, high } = witnessLimbs(b, name, () => b.value(half));
  b.assertZero([], [[1n, low], [LIMB, high], [-1n, half]], 0n, `${name}.split`); // prettier-ignore
  return { half, low, high };
}
