/**
 * What a caller can pay, and what its callee gets (EIP-150).
 *
 * Proves: `isShort` = 1 iff `left` is negative; `given` = min(requested, all but a 64th of `left`), 0 where `opens` is 0.
 * Assumes: |left| < 2^37; `opens` is 0 where isShort is 1.
 * Sound because: either range holds for one value of the flag; where requested and cap are equal for both, and then both give the
 *   same; a division by 64 has one quotient.
 * Cost: 15 gates.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";

export const GAS_BITS = 36;
/** Half the field: a difference of two gas counters above it is negative. */
const NEGATIVE = 1n << 200n;
const REQUEST_BITS = 166;

/** 1 iff `left` is below 0. */
export function isNegative(b: Builder, left: Wire, name: string): Bool {
  const negative = witnessBool(b, name, () => b.value(left) > NEGATIVE);
  // left, or -1 - left.
  const distance = combine(
    b,
    [[-2n, negative, left]],
    [
      [1n, left],
      [-1n, negative],
    ],
    0n,
    `${name}.distance`,
  );
  assertBits(b, distance, GAS_BITS + 1, `${name}.isProven`);
  return negative;
}

/** All but a 64th of `left` where `opens` is 1, else 0. */
export function allButOne64th(b: Builder, left: Wire, opens: Bool, name: string): Wire {
  const available = mul(b, opens, left, `${name}.available`);
  const part = witnessBits(b, GAS_BITS - 6, `${name}.64th`, () => b.value(available) >> 6n);
  assertBits(b, sum(b, [[1n, available], [-64n, part]], 0n, `${name}.rest`), 6, `${name}.isDivision`); // prettier-ignore
  return assertBits(b, sum(b, [[1n, available], [-1n, part]], 0n, name), GAS_BITS, `${name}.size`); // prettier-ignore
}

/** min(requested, cap). */
export function givenGas(b: Builder, requested: Word, cap: Wire, name: string): Wire {
  assertFitsWord(b, requested, name);
  const wanted = sum(b, [[1n, requested.lo], [1n << BigInt(GAS_BITS), requested.hi]], 0n, `${name}.wanted`); // prettier-ignore
  const isCapped = witnessBool(b, `${name}.isCapped`, () => b.value(wanted) > b.value(cap));
  const distance = combine(b, [[2n, isCapped, wanted], [-2n, isCapped, cap]], [[1n, cap], [-1n, wanted]], 0n, `${name}.distance`); // prettier-ignore
  assertBits(b, distance, REQUEST_BITS, `${name}.isLess`);
  return assertBits(b, mux(b, isCapped, cap, wanted, name), GAS_BITS, `${name}.size`);
}
