/**
 * Proves: result = the number of bits of a word without leading zeros: 0 for 0, 256 at most.
 * Assumes: nothing; the halves are below 2^128 (checked when building).
 * Enforces: with `top` the upper half, or the lower one if the upper is 0, and T = 2^length, read from a table:
 *   top < T <= 2 top, or T = 1 if top is 0.
 * Sound because: T <= 2^128, so neither difference wraps; one power of two lies in (top, 2 top], and for 0 only 1 in (0, 1].
 * Cost: 27 gates, 520 once for the table.
 */
import { isZero, mux, sum } from "../../builder/arithmetic.ts";
import { not } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBits } from "../../builder/ranges.ts";
import { type Rom, rom } from "../../builder/rom.ts";
import type { Wire, Word } from "../../builder/wire.ts";

/** 2^0 .. 2^128. */
export const powersOfTwo = (b: Builder): Rom<Wire> =>
  rom(b, Array.from({ length: 129 }, (_, i) => b.constant(1n << BigInt(i))), "powersOfTwo"); // prettier-ignore

export function bitLength(b: Builder, word: Word, powers: Rom<Wire>, name: string): Wire {
  return b.scope(name, () => {
    assertFitsWord(b, word, "word");
    const isShort = isZero(b, word.hi, "isShort");
    const top = mux(b, isShort, word.lo, word.hi, "top");
    const empty = isZero(b, top, "isZero");
    const bits = (): number => (b.value(top) === 0n ? 0 : b.value(top).toString(2).length);
    const length = witnessBits(b, 8, "length", () => BigInt(bits()));
    const power = powers.read(b, length, "power");
    assertBits(b, sum(b, [[1n, power], [-1n, top]], -1n, "below"), 128, "below.is"); // prettier-ignore
    assertBits(b, sum(b, [[2n, top], [1n, empty], [-1n, power]], 0n, "above"), 128, "above.is"); // prettier-ignore
    return sum(b, [[1n, length], [128n, not(b, isShort, "isLong")]], 0n, "bits"); // prettier-ignore
  });
}
