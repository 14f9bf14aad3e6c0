/** The scalar field of BN254 (alt_bn128, EIP-196): the field of every circuit, hash and public input. */
import { StackError } from "./errors.ts";

/** An element of the field: an integer in `[0, FIELD_MODULUS)`. */
export type Field = bigint;

/** The order of the BN254 group, a prime of 254 bits (EIP-196). */
export const FIELD_MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** Bytes of a field element in its canonical form (big endian). */
export const FIELD_BYTES = 32;

export type FieldError =
  | { code: "FIELD_OUT_OF_RANGE"; value: bigint; modulus: bigint }
  | { code: "FIELD_WRONG_LENGTH"; expected: number; actual: number }
  | { code: "FIELD_ZERO_INVERSE" }
  | { code: "WORD_OUT_OF_RANGE"; value: bigint; bits: number };

const fail = (type: FieldError): never => {
  throw new StackError(type, "fatal");
};

/** `value` reduced into `[0, FIELD_MODULUS)`; negative values too. */
export function mod(value: bigint): Field {
  const r = value % FIELD_MODULUS;
  return r < 0n ? r + FIELD_MODULUS : r;
}

export const isField = (value: bigint): value is Field => value >= 0n && value < FIELD_MODULUS;

/** Throws `FIELD_OUT_OF_RANGE`: a value that is not reduced has a second, equal form and must not pass. */
export function assertField(value: bigint): Field {
  return isField(value) ? value : fail({ code: "FIELD_OUT_OF_RANGE", value, modulus: FIELD_MODULUS });
}

/** The multiplicative inverse (extended Euclid). Throws `FIELD_ZERO_INVERSE`. */
export function inverse(value: Field): Field {
  let [a, b] = [mod(value), FIELD_MODULUS];
  if (a === 0n) fail({ code: "FIELD_ZERO_INVERSE" });
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b] = [b, a - q * b];
    [x, y] = [y, x - q * y];
  }
  return mod(x);
}

/** `value ** exponent` in the field. Assumes `exponent >= 0`. */
export function power(value: Field, exponent: bigint): Field {
  let [result, base] = [1n, mod(value)];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * base);
    base = mod(base * base);
  }
  return result;
}

/** Writes `value` as 32 bytes, big endian, at `offset`. Assumes `value` is in the field. */
export function writeField(view: DataView, offset: number, value: Field): void {
  view.setBigUint64(offset, value >> 192n);
  view.setBigUint64(offset + 8, BigInt.asUintN(64, value >> 128n));
  view.setBigUint64(offset + 16, BigInt.asUintN(64, value >> 64n));
  view.setBigUint64(offset + 24, BigInt.asUintN(64, value));
}

/** Reads 32 bytes, big endian, at `offset`; not checked against the modulus. */
export function readField(view: DataView, offset: number): bigint {
  const high = (view.getBigUint64(offset) << 64n) | view.getBigUint64(offset + 8);
  return (high << 128n) | (view.getBigUint64(offset + 16) << 64n) | view.getBigUint64(offset + 24);
}

/** The canonical 32 bytes (big endian) of `value`. Throws `FIELD_OUT_OF_RANGE`. */
export function fieldToBytes(value: Field): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  writeField(new DataView(bytes.buffer), 0, assertField(value));
  return bytes;
}

/** The element whose canonical form is `bytes`. Throws `FIELD_WRONG_LENGTH`, `FIELD_OUT_OF_RANGE`. */
export function bytesToField(bytes: Uint8Array): Field {
  if (bytes.length !== FIELD_BYTES)
    fail({ code: "FIELD_WRONG_LENGTH", expected: FIELD_BYTES, actual: bytes.length });
  return assertField(readField(new DataView(bytes.buffer, bytes.byteOffset, FIELD_BYTES), 0));
}

/** `0x` and 64 hexadecimal digits. Throws `FIELD_OUT_OF_RANGE`. */
export const fieldToHex = (value: Field): `0x${string}` =>
  `0x${assertField(value).toString(16).padStart(64, "0")}`;

/** A 256-bit word in two 128-bit halves, each of which fits the field. */
export type WordHalves = { readonly hi: Field; readonly lo: Field };

const HALF_BITS = 128n;

/** Splits a word of 256 bits. Throws `WORD_OUT_OF_RANGE`. */
export function splitWord(word: bigint): WordHalves {
  if (word < 0n || word >> 256n) fail({ code: "WORD_OUT_OF_RANGE", value: word, bits: 256 });
  return { hi: word >> HALF_BITS, lo: BigInt.asUintN(128, word) };
}

/** The inverse of `splitWord`. Throws `WORD_OUT_OF_RANGE` when a half has more than 128 bits. */
export function joinWord({ hi, lo }: WordHalves): bigint {
  for (const half of [hi, lo])
    if (half < 0n || half >> HALF_BITS) fail({ code: "WORD_OUT_OF_RANGE", value: half, bits: 128 });
  return (hi << HALF_BITS) | lo;
}
