/** The WebAssembly module of assembly/, as a function that gives consecutive powers of tau. */
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { POWERS_WASM } from "./wasm.ts";

/** The prime of the coordinates (EIP-196). */
const PRIME = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
const GENERATOR = { x: 1n, y: 2n };

/** Layout of the module's elements: assembly/field.ts. */
const LIMBS = 9;
const LIMB_BITS = 29n;
const MONTGOMERY_BITS = 261n;

/** Bytes of a point in bn254_g1.dat: x, y, big endian. */
export const POINT_BYTES = 64;

// The part of the WebAssembly API in use: the language library types it only for browsers.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array): Promise<{ instance: { exports: unknown } }>;
};

type Global = { readonly value: number };

type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly inputs: Global;
  readonly output: Global;
  readonly BATCH: Global;
  begin(): void;
  next(count: number): void;
};

export type Powers = {
  /** The largest `count` of `next`. */
  readonly batch: number;
  /** The next `count` points, in a view that the next call overwrites. */
  next(count: number): Uint8Array;
};

/** tau^first * G, tau^(first + 1) * G, ... Takes about 0.3 s to fill its tables. Assumes: tau is in [1, order). */
export async function createPowers(tau: bigint, first: number): Promise<Powers> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(POWERS_WASM, "base64"));
  const module = instance.exports as Exports;
  const inputs = [
    toMontgomery(GENERATOR.x, PRIME),
    toMontgomery(GENERATOR.y, PRIME),
    toMontgomery(1n, PRIME),
    toMontgomery(tau, FIELD_MODULUS),
    toMontgomery(power(tau, first), FIELD_MODULUS),
  ];
  const memory = new Uint32Array(module.memory.buffer, module.inputs.value, inputs.length * LIMBS);
  inputs.forEach((element, i) => memory.set(toLimbs(element), i * LIMBS));
  module.begin();
  return {
    batch: module.BATCH.value,
    next(count) {
      module.next(count);
      return new Uint8Array(module.memory.buffer, module.output.value, count * POINT_BYTES);
    },
  };
}

const toMontgomery = (value: bigint, modulus: bigint): bigint => (value << MONTGOMERY_BITS) % modulus;

const toLimbs = (value: bigint): number[] =>
  Array.from({ length: LIMBS }, (_, i) =>
    Number(BigInt.asUintN(Number(LIMB_BITS), value >> (LIMB_BITS * BigInt(i)))),
  );

function power(base: bigint, exponent: number): bigint {
  let [result, square] = [1n, base];
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = (result * square) % FIELD_MODULUS;
    square = (square * square) % FIELD_MODULUS;
  }
  return result;
}
