/**
 * AND with the mask 2^bits - 1, a constant of the circuit: what cleans an address (bits = 160).
 *
 * Enforces: where active, the mask's value; the half it cuts = high * 2^cut + low with low < 2^cut, high < 2^140.
 * Parameters: bits in 1..255, not 128 (BAD_BITS).
 * Sound because: both sides of the split are below 2^253, so the digits are unique; the other half is kept or 0.
 * Cost: 12 gates for 160 bits.
 */
import type { Builder } from "../../builder/builder.ts";
import { builderError } from "../../builder/errors.ts";
import { assertFitsWord, promiseBits, witnessBits } from "../../builder/ranges.ts";
import type { U128, Word } from "../../builder/wire.ts";
import { type Choose, type Core, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";

/** A range has limbs of 14 bits: up to the next multiple costs nothing. */
const LIMB_BITS = 14;

interface MaskOperands {
  readonly x: Word;
  readonly mask: Word;
}

export function lowBitsCore(
  b: Builder,
  { x, mask }: MaskOperands,
  bits: number,
  choose: Choose<"AND">,
  name: string,
): Core<"AND"> {
  return b.scope(name, () => {
    for (const word of [x, mask]) assertFitsWord(b, word, "operand");
    if (!Number.isInteger(bits) || bits < 1 || bits > 255 || bits === 128)
      throw builderError({ code: "BAD_BITS", where: b.where("mask"), bits, allowed: "1..255, not 128" });
    const choice = chooseOpcode(b, ["AND"], choose);
    const value = (1n << BigInt(bits)) - 1n;
    const isMask = (part: "hi" | "lo", expected: bigint): void =>
      b.assertZero([[1n, choice.active, mask[part]]], [[-expected, choice.active]], 0n, `mask.${part}`);
    isMask("hi", value / HALF);
    isMask("lo", value % HALF);
    const low = lowBits(b, bits > 128 ? x.hi : x.lo, bits % 128, "cut");
    return { ...choice, result: bits > 128 ? { hi: low, lo: x.lo } : { hi: b.zero, lo: low } };
  });
}

function lowBits(b: Builder, half: U128, bits: number, name: string): U128 {
  const highBits = LIMB_BITS * Math.ceil((128 - bits) / LIMB_BITS);
  const power = 1n << BigInt(bits);
  const high = witnessBits(b, highBits, `${name}.high`, () => b.value(half) / power);
  const low = witnessBits(b, bits, `${name}.low`, () => b.value(half) % power);
  b.assertZero([], [[power, high], [1n, low], [-1n, half]], 0n, `${name}.split`); // prettier-ignore
  return promiseBits(b, low, 128, `${name}.low`);
}
