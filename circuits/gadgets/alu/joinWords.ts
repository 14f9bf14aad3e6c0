/**
 * The 32 bytes that start at byte s of the 64 bytes x || y, s in 0..31.
 *
 * Enforces: with g0, g1, g2 the three halves from byte 16 * half on and P the power of the rest of s,
 *   g2 P = up2 2^128 + out, g1 P + up2 = up1 2^128 + lo, g0 P + up1 = up0 2^128 + hi; out, lo, hi < 2^128, ups < 2^120.
 * Sound because: P <= 2^120, so both sides of each line are below 2^249 and it is a division by 2^128, unique. Together they are
 *   the product of (g0, g1, g2) and P, its middle two digits: the bytes moved up by s.
 * Cost: 47 gates, and `byteShift` once.
 */
import { mux } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, assertFits, assertFitsWord, witnessBits } from "../../builder/ranges.ts";
import type { U128, Wire, Word } from "../../builder/wire.ts";
import type { ByteShift } from "./bytePowers.ts";
import { HALF } from "./limbPair.ts";

const UP_BITS = 120;

/** x and y are the first and the second 32 bytes. */
export function joinWords(b: Builder, [x, y]: readonly [Word, Word], shift: ByteShift, name: string): Word {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const halves = [x.hi, x.lo, y.hi, y.lo];
    const from = (i: number): U128 => mux(b, shift.half, halves[i + 1]!, halves[i]!, `half[${i}]`);
    const [g0, g1, g2] = [from(0), from(1), from(2)];
    const out = shiftUp(b, g2, shift.power, undefined, "out");
    const lo = shiftUp(b, g1, shift.power, out.up, "lo");
    const hi = shiftUp(b, g0, shift.power, lo.up, "hi");
    return { hi: hi.low, lo: lo.low };
  });
}

export interface Shifted {
  /** What leaves the half, below 2^120. */
  readonly up: Wire;
  readonly low: U128;
}

/**
 * Proves: half * power + from = up * 2^128 + low. Assumes power <= 2^120. Cost: 12.75 gates, 13.75 with `from`.
 */
export function shiftUp(b: Builder, half: U128, power: Wire, from: Wire | undefined, name: string): Shifted {
  assertFits(b, half, 128, name);
  assertFits(b, power, UP_BITS + 1, name);
  const into: Term[] = from === undefined ? [] : [[1n, from]];
  const total = (): bigint => b.value(half) * b.value(power) + (from === undefined ? 0n : b.value(from));
  const up = witnessBits(b, UP_BITS, `${name}.up`, () => total() / HALF);
  const low = assertBits(
    b,
    b.witness(name, () => total() % HALF),
    128,
    name,
  );
  b.assertZero([[1n, half, power]], [...into, [-HALF, up], [-1n, low]], 0n, `${name}.shift`);
  return { up, low };
}
