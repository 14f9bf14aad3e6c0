import { decode, encode, Token, Type } from "cborg";

/**
 * Deterministic CBOR (RFC 8949, section 4.2) with one rule more: a bigint is always a bignum (tag 2), however small, so
 * that numbers and bigints come back as what they were. The same value has the same bytes, so its hash names it.
 */
export const encodeCanonical = (value: unknown): Uint8Array =>
  encode(value, { typeEncoders: { bigint: bignum } });

/** Undoes `encodeCanonical`. Throws on anything that is not one whole value of it. */
export const decodeCanonical = (bytes: Uint8Array): unknown =>
  decode(bytes, {
    strict: true,
    allowUndefined: false,
    allowIndefinite: false,
    rejectDuplicateMapKeys: true,
    tags: { 2: (inner: () => unknown) => BigInt(`0x0${Buffer.from(inner() as Uint8Array).toString("hex")}`) },
  });

function bignum(value: bigint): Token[] {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  return [
    new Token(Type.tag, 2),
    new Token(Type.bytes, value === 0n ? new Uint8Array() : new Uint8Array(bytes)),
  ];
}
