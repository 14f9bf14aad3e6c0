/**
 * A word as a small number, for opcodes that treat all large ones alike.
 *
 * Proves: isSmall = 1 iff word < 2^bits; `low` = word modulo 2^bits where it is small.
 * Enforces: lo + 2^bits hi = low + 2^bits rest, low < 2^bits, rest < 2^140; isSmall = (rest = 0).
 * Parameters: bits in 1..11 (BAD_BITS).
 * Sound because: both sides are below 2^152, so the digits are unique; rest = hi + floor(lo / 2^bits) is 0 only if both are.
 * Cost: 10.75 gates.
 */
import { isZero } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { builderError } from "../../builder/errors.ts";
import { assertFitsWord, witnessBits } from "../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../builder/wire.ts";

export interface SmallIndex {
  readonly isSmall: Bool;
  readonly low: Wire;
}

const REST_BITS = 140;

export function smallIndex(b: Builder, word: Word, bits: number, name: string): SmallIndex {
  assertFitsWord(b, word, name);
  if (!Number.isInteger(bits) || bits < 1 || bits > 11)
    throw builderError({ code: "BAD_BITS", where: b.where(name), bits, allowed: "1..11" });
  const base = 1n << BigInt(bits);
  const low = witnessBits(b, bits, `${name}.low`, () => b.value(word.lo) % base);
  const rest = witnessBits(b, REST_BITS, `${name}.rest`, () => b.value(word.hi) + b.value(word.lo) / base);
  b.assertZero([], [[1n, word.lo], [base, word.hi], [-1n, low], [-base, rest]], 0n, `${name}.split`); // prettier-ignore
  return { low, isSmall: isZero(b, rest, `${name}.isSmall`) };
}
