/**
 * What the precompiled contracts cost, from wires of their inputs (Yellow Paper, appendix E; EIP-152; EIP-2565).
 *
 * Proves: the result is the gas of the call.
 * Assumes: nothing; lengths are below 2^LENGTH_BITS by their bounds (checked when building).
 * Cost: a gas by words 5 gates; modexp 26 gates.
 */
import { combine, mul, mux, sum } from "../../builder/arithmetic.ts";
import { isLess } from "../../builder/compare.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFits, witnessBits } from "../../builder/ranges.ts";
import type { Wire } from "../../builder/wire.ts";

export const ECRECOVER_GAS = 3000n;

/** Width of the length of any input. */
const LENGTH_BITS = 32;
const MODEXP_MINIMUM = 200n;

export const sha256Gas = (b: Builder, length: Wire, name: string): Wire =>
  gasByWords(b, length, 60n, 12n, name);

export const ripemd160Gas = (b: Builder, length: Wire, name: string): Wire =>
  gasByWords(b, length, 600n, 120n, name);

export const identityGas = (b: Builder, length: Wire, name: string): Wire =>
  gasByWords(b, length, 15n, 3n, name);

/** One a round: the wire itself. */
export const blake2fGas = ({ rounds }: { readonly rounds: Wire }): Wire => rounds;

function gasByWords(b: Builder, length: Wire, base: bigint, perWord: bigint, name: string): Wire {
  assertFits(b, length, LENGTH_BITS, name);
  const words = roundedUp(b, length, 5, LENGTH_BITS - 4, `${name}.words`);
  return sum(b, [[perWord, words]], base, name);
}

/**
 * ceil(x / 2^shift), below 2^bits.
 * Sound because: x + slack = 2^shift * result with slack below 2^shift has one solution.
 */
function roundedUp(b: Builder, x: Wire, shift: number, bits: number, name: string): Wire {
  const unit = 1n << BigInt(shift);
  const result = witnessBits(b, bits, name, () => (b.value(x) + unit - 1n) >> BigInt(shift));
  const slack = witnessBits(b, shift, `${name}.slack`, () => unit * b.value(result) - b.value(x));
  b.assertZero([], [[unit, result], [-1n, x], [-1n, slack]], 0n, `${name}.ceiling`); // prettier-ignore
  return result;
}

export interface ModexpSizes {
  readonly baseLength: Wire;
  readonly modulusLength: Wire;
  readonly exponentBits: Wire;
}

/**
 * max(200, floor(words^2 * iterations / 3)), words = ceil(max(baseLength, modulusLength) / 8), iterations =
 * max(1, exponentBits - 1): for an exponent of at most 32 bytes (EIP-2565). Assumes lengths below 64, bits below 512
 * (checked when building).
 */
export function modexpGas(b: Builder, sizes: ModexpSizes, name: string): Wire {
  return b.scope(name, () => {
    const { baseLength, modulusLength, exponentBits } = sizes;
    const shorter = isLess(b, baseLength, modulusLength, 6, "baseIsShorter");
    const longest = mux(b, shorter, modulusLength, baseLength, "longest");
    const words = roundedUp(b, longest, 3, 4, "words");
    const several = isLess(b, b.one, exponentBits, 9, "severalBits");
    // 1 + several * (bits - 2)
    const iterations = combine(b, [[1n, several, exponentBits]], [[-2n, several]], 1n, "iterations"); // prettier-ignore
    const product = mul(b, mul(b, words, words, "complexity"), iterations, "product");
    const third = witnessBits(b, 14, "third", () => b.value(product) / 3n);
    const rest = witnessBits(b, 2, "rest", () => b.value(product) % 3n);
    b.assertZero([], [[3n, third], [1n, rest], [-1n, product]], 0n, "third.is"); // prettier-ignore
    assertBits(b, sum(b, [[1n, rest]], 1n, "rest.next"), 2, "rest.below3");
    const cheap = isLess(b, third, b.constant(MODEXP_MINIMUM), 14, "isCheap");
    return mux(b, cheap, b.constant(MODEXP_MINIMUM), third, "gas");
  });
}
