/**
 * The first s bytes of x, then the last 32 - s bytes of y.
 *
 * Enforces: one half is mixed, hx and hy (x's and y's; x's twice where all 32 bytes are x's): with P the power of the rest of s,
 *   hx P = upX 2^128 + lowX, hy P = upY 2^128 + lowY, mixed P = upX 2^128 + lowY. The half before it is x's, the one after y's.
 * Sound because: the first two lines are divisions by 2^128 of integers below 2^249: upX = the first bytes of hx, lowY = the last of
 *   hy, moved up. P is not 0 in the field, so the third fixes `mixed`.
 * Cost: 41 gates and `byteShift` once, or 43 and `byteCount`.
 */
import { mux } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertFitsWord, witnessU128 } from "../../builder/ranges.ts";
import type { Word } from "../../builder/wire.ts";
import type { ByteCount, ByteShift } from "./bytePowers.ts";
import { shiftUp } from "./joinWords.ts";
import { HALF } from "./limbPair.ts";

export function mergeWords(
  b: Builder,
  [x, y]: readonly [Word, Word],
  count: ByteShift | ByteCount,
  name: string,
): Word {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const { half, power } = count;
    const hx = mux(b, half, x.lo, x.hi, "x");
    const last = mux(b, half, y.lo, y.hi, "y");
    const hy = "whole" in count ? mux(b, count.whole, hx, last, "wholeX") : last;
    const upper = shiftUp(b, hx, power, undefined, "upper");
    const lower = shiftUp(b, hy, power, undefined, "lower");
    const moved = (): bigint => b.value(upper.up) * HALF + b.value(lower.low);
    const mixed = witnessU128(b, "mixed", () => (b.value(power) === 0n ? 0n : moved() / b.value(power)));
    b.assertZero([[1n, mixed, power]], [[-HALF, upper.up], [-1n, lower.low]], 0n, "mixed.shift"); // prettier-ignore
    return { hi: mux(b, half, x.hi, mixed, "hi"), lo: mux(b, half, mixed, y.lo, "lo") };
  });
}
