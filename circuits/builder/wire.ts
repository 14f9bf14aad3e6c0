/**
 * Wires and what is statically known of them.
 *
 * A `Wire` is a handle: the index of a witness in the circuit and `max`, the greatest value the constraints made so far
 * allow it (`MAX_FIELD` when nothing is known). A bound belongs to the handle: range-checking a wire returns a new
 * handle with a tighter bound, so code that was given only the old one cannot use knowledge it does not have.
 *
 * The branded types below exist only through checking constructors (`ranges.ts`, `bool.ts`, gadgets that prove the
 * bound); a smaller type may stand where a wider one is asked.
 */
import { FIELD_MODULUS } from "../../protocol/field.ts";

export const MAX_FIELD = FIELD_MODULUS - 1n;

declare const bits: unique symbol;

export interface Wire {
  readonly index: number;
  /** Greatest value the constraints allow; MAX_FIELD = unbounded. */
  readonly max: bigint;
}
/** Nothing is known of it. */
export type Field = Wire;

export type U128 = Wire & { readonly [bits]: { readonly 128: true } };
export type U64 = U128 & { readonly [bits]: { readonly 64: true } };
export type U32 = U64 & { readonly [bits]: { readonly 32: true } };
export type U16 = U32 & { readonly [bits]: { readonly 16: true } };
export type U8 = U16 & { readonly [bits]: { readonly 8: true } };
export type Bool = U8 & { readonly [bits]: { readonly 1: true } };

/** 256 bits as two halves: value = hi * 2^128 + lo. Never one field, which would wrap modulo the field. */
export interface Word {
  readonly hi: U128;
  readonly lo: U128;
}

export interface TypeOfBits {
  1: Bool;
  8: U8;
  16: U16;
  32: U32;
  64: U64;
  128: U128;
}
/** The type of a wire proven to be below 2^N; other widths are plain wires with a bound. */
export type Bits<N extends number> = N extends keyof TypeOfBits ? TypeOfBits[N] : Wire;

const MAX_OF_BITS: readonly bigint[] = Array.from({ length: 255 }, (_, n) => (1n << BigInt(n)) - 1n);

/** 2^n - 1, n at most 254. */
export const maxOfBits = (n: number): bigint => MAX_OF_BITS[n]!;

export const isBounded = (wire: Wire): boolean => wire.max < MAX_FIELD;

/** Does the static bound of `wire` prove it is below 2^n? */
export const fitsBits = (wire: Wire, n: number): boolean => wire.max <= maxOfBits(n);
