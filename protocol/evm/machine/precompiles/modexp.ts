/** base ** exponent % modulus (EIP-198), priced by EIP-2565. Input: three lengths of 32 bytes, then the three numbers. */
import { bytesToUint, paddedSlice, paddedWord, uintToBytes } from "../word.ts";
import type { Precompile } from "./precompile.ts";

const LEAST_GAS = 200n;

type Lengths = { readonly base: bigint; readonly exponent: bigint; readonly modulus: bigint };

const lengthsOf = (input: Uint8Array): Lengths => ({
  base: paddedWord(input, 0n),
  exponent: paddedWord(input, 32n),
  modulus: paddedWord(input, 64n),
});

function gas(input: Uint8Array): bigint {
  const { base, exponent, modulus } = lengthsOf(input);
  const words = ((base > modulus ? base : modulus) + 7n) / 8n;
  const cost = (words * words * iterations(input, base, exponent)) / 3n;
  return cost > LEAST_GAS ? cost : LEAST_GAS;
}

/** Of squarings, about: from the exponent's length and the first 32 bytes of it. */
function iterations(input: Uint8Array, base: bigint, length: bigint): bigint {
  const missing = length < 32n ? 32n - length : 0n;
  const head = paddedWord(input, 96n + base) >> (8n * missing);
  const headBits = head === 0n ? 0n : BigInt(head.toString(2).length - 1);
  const count = headBits + (length > 32n ? 8n * (length - 32n) : 0n);
  return count > 1n ? count : 1n;
}

function run(input: Uint8Array): Uint8Array {
  const lengths = lengthsOf(input);
  // The exponent may have any length then, and costs nothing.
  if (lengths.modulus === 0n) return new Uint8Array();
  const [baseLength, exponentLength, modulusLength] = [lengths.base, lengths.exponent, lengths.modulus].map(
    Number,
  ) as [number, number, number];
  const read = (offset: number, length: number): bigint => bytesToUint(paddedSlice(input, offset, length));
  const modulus = read(96 + baseLength + exponentLength, modulusLength);
  if (modulus === 0n) return new Uint8Array(modulusLength);
  const base = read(96, baseLength);
  const exponent = paddedSlice(input, 96 + baseLength, exponentLength);
  return uintToBytes(power(base % modulus, exponent, modulus), modulusLength);
}

/** The exponent stays bytes: as a number it may be longer than the process has. */
function power(base: bigint, exponent: Uint8Array, modulus: bigint): bigint {
  let result = 1n % modulus;
  let isBegun = false;
  for (const byte of exponent)
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      const isSet = (byte & bit) !== 0;
      if (isBegun) result = (result * result) % modulus;
      if (isSet) result = isBegun ? (result * base) % modulus : base;
      isBegun ||= isSet;
    }
  return result;
}

export const modexp: Precompile = { gas, run };
