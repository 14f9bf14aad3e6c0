/** Checking constructors of the integer types: the only way, with `bool.ts`, to a wire whose type promises a bound. */
import type { Builder } from "./builder.ts";
import { builderError } from "./errors.ts";
import {
  type Bits,
  type Bool,
  type U128,
  type U16,
  type U32,
  type U64,
  type U8,
  type Wire,
  type Word,
  fitsBits,
} from "./wire.ts";

/**
 * Proves: `wire` < 2^bits.
 * Assumes: nothing.
 * Enforces: one RANGE (for one bit, x * x = x), or nothing when the static bound already proves it.
 * Cost: bits 1: 1.0 gates, 8: 1.25, 16: 1.5, 32: 1.75, 64: 3.25, 128: 6.5.
 */
export function assertBits<N extends number>(b: Builder, wire: Wire, bits: N, name: string): Bits<N> {
  if (fitsBits(wire, bits)) {
    b.relyOn(wire);
    return wire as Bits<N>;
  }
  if (bits === 1) {
    b.assertZero([[1n, wire, wire]], [[-1n, wire]], 0n, name);
    return { index: wire.index, max: 1n } as Bits<N>;
  }
  return b.range(wire, bits, name) as Bits<N>;
}

/** A new wire proven to be below 2^bits. */
export function witnessBits<N extends number>(
  b: Builder,
  bits: N,
  name: string,
  value: () => bigint,
): Bits<N> {
  return assertBits(b, b.witness(name, value), bits, name);
}

export const witnessBool = (b: Builder, name: string, value: () => boolean | bigint): Bool =>
  witnessBits(b, 1, name, () => BigInt(value()));
export const witnessU8 = (b: Builder, name: string, value: () => bigint): U8 =>
  witnessBits(b, 8, name, value);
export const witnessU16 = (b: Builder, name: string, value: () => bigint): U16 =>
  witnessBits(b, 16, name, value);
export const witnessU32 = (b: Builder, name: string, value: () => bigint): U32 =>
  witnessBits(b, 32, name, value);
export const witnessU64 = (b: Builder, name: string, value: () => bigint): U64 =>
  witnessBits(b, 64, name, value);
export const witnessU128 = (b: Builder, name: string, value: () => bigint): U128 =>
  witnessBits(b, 128, name, value);

/** A new 256-bit word from its value. */
export function witnessWord(b: Builder, name: string, value: () => bigint): Word {
  return {
    hi: witnessU128(b, `${name}.hi`, () => (value() >> 128n) & LOW),
    lo: witnessU128(b, `${name}.lo`, () => value() & LOW),
  };
}

/** `count` bytes `name[i]`, each range-checked; a short list counts as zeros. */
export function witnessBytes(b: Builder, name: string, count: number, values: () => Uint8Array): U8[] {
  const wires = b.witnesses(name, count, () => Array.from(values(), BigInt));
  return wires.map((wire, i) => assertBits(b, wire, 8, `${name}[${i}]`));
}

/** The constant `value` with the type of its width. Throws BOUND_TOO_LARGE when it does not fit. */
export function constantBits<N extends number>(b: Builder, bits: N, value: bigint): Bits<N> {
  return promiseBits(b, b.constant(value), bits, "constant");
}

/** The constant 256-bit word `value`. */
export function constantWord(b: Builder, value: bigint): Word {
  return { hi: constantBits(b, 128, value >> 128n), lo: constantBits(b, 128, value & LOW) };
}

/**
 * Gives a wire the type its static bound already proves; makes no constraint.
 * Throws: BOUND_UNKNOWN or BOUND_TOO_LARGE when the bound does not prove it.
 */
export function promiseBits<N extends number>(b: Builder, wire: Wire, bits: N, name: string): Bits<N> {
  assertFits(b, wire, bits, name);
  return wire as Bits<N>;
}

/**
 * Throws BOUND_UNKNOWN or BOUND_TOO_LARGE unless the static bound of `wire` is below 2^bits. Makes no constraint: whoever
 * relies on a type calls it, for a cast gives a wire the type and not the bound.
 */
export function assertFits(b: Builder, wire: Wire, bits: number, name: string): void {
  if (fitsBits(wire, bits)) return b.relyOn(wire);
  const where = b.where(name);
  if (wire.max.toString(2).length >= 254)
    throw builderError({ code: "BOUND_UNKNOWN", where, wire: wire.index });
  throw builderError({ code: "BOUND_TOO_LARGE", where, wire: wire.index, max: wire.max, bits });
}

/** `assertFits` for both halves. */
export function assertFitsWord(b: Builder, { hi, lo }: Word, name: string): void {
  assertFits(b, hi, 128, `${name}.hi`);
  assertFits(b, lo, 128, `${name}.lo`);
}

const LOW = (1n << 128n) - 1n;
