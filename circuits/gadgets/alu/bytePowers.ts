/** The constants 256^0 to 256^15: one table for all that cuts halves of words at bytes. Cost: 112 gates once, 2 a read. */
import type { Builder } from "../../builder/builder.ts";
import { assertFits, witnessBits, witnessBool } from "../../builder/ranges.ts";
import { type Rom, rom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";

export class BytePowers {
  readonly #rom: Rom<Wire>;

  constructor(b: Builder) {
    const powers = Array.from({ length: 16 }, (_, i) => b.constant(256n ** BigInt(i)));
    this.#rom = rom(b, powers, "bytePowers");
  }

  /** 256^exponent. Throws BOUND_TOO_LARGE unless the bound of `exponent` is below 16. */
  read(b: Builder, exponent: Wire, name: string): Wire {
    assertFits(b, exponent, 4, name);
    return this.#rom.read(b, exponent, name);
  }
}

/** A number of bytes, 0 to 31, as a whole half of a word or none, and the rest as a power: bytes = 16 half + log256(power). */
export interface ByteShift {
  readonly half: Bool;
  readonly power: Wire;
}

/** Sound because: a digit in base 16 is unique. Cost: 5.25 gates. Throws BOUND_TOO_LARGE unless `bytes` is below 32. */
export function byteShift(b: Builder, powers: BytePowers, bytes: Wire, name: string): ByteShift {
  assertFits(b, bytes, 5, name);
  const half = witnessBool(b, `${name}.half`, () => b.value(bytes) >> 4n);
  const rest = witnessBits(b, 4, `${name}.rest`, () => b.value(bytes) & 15n);
  b.assertZero([], [[16n, half], [1n, rest], [-1n, bytes]], 0n, `${name}.split`); // prettier-ignore
  return { half, power: powers.read(b, rest, `${name}.power`) };
}

/** As `ByteShift`, up to 32 bytes. */
export interface ByteCount extends ByteShift {
  /** 1 iff all 32; then `half` is 1 and `power` 1. */
  readonly whole: Bool;
}

/**
 * Proves: bytes = 16 half + rest + 16 whole, whole = 1 only where half = 1.
 * Assumes: nothing; the static bound of `bytes` is below 64 (BOUND_TOO_LARGE).
 * Enforces: also that bytes <= 32.
 * Sound because: where whole = 1, half is 1 and rest 0, so bytes = 32; where whole = 0, it is a number in base 16, at most 31. No
 *   other number of bytes has a solution.
 * Cost: 8.25 gates.
 */
export function byteCount(b: Builder, powers: BytePowers, bytes: Wire, name: string): ByteCount {
  assertFits(b, bytes, 6, name);
  const whole = witnessBool(b, `${name}.whole`, () => b.value(bytes) >> 5n);
  const half = witnessBool(b, `${name}.half`, () => b.value(bytes) >= 16n);
  const rest = witnessBits(b, 4, `${name}.rest`, () => b.value(bytes) & 15n);
  b.assertZero([], [[16n, half], [16n, whole], [1n, rest], [-1n, bytes]], 0n, `${name}.split`); // prettier-ignore
  b.assertZero([[1n, whole, half]], [[-1n, whole]], 0n, `${name}.wholeIsHalf`);
  b.assertZero([[1n, whole, rest]], [], 0n, `${name}.wholeHasNoRest`);
  return { half, whole, power: powers.read(b, rest, `${name}.power`) };
}
