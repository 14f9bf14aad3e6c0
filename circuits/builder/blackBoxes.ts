/**
 * The functions `bb` proves by itself. Each wrapper fills the outputs with the native value of `nativeBlackBox.ts`;
 * inputs are typed and their bounds checked (BOUND_UNKNOWN, BOUND_TOO_LARGE), so a value `bb` would refuse or silently
 * range-check cannot come in.
 *
 * An output used nowhere else is not protected: `bb` unites it with its own value, whatever the witness says. `check`
 * recomputes every one of them (I-BUILDER-03).
 */
import type { Builder } from "./builder.ts";
import type { BlackBoxName, Input } from "./circuit.ts";
import { builderError } from "./errors.ts";
import { evaluateBlackBox } from "./nativeBlackBox.ts";
import { assertFits } from "./ranges.ts";
import {
  type Bits,
  type Bool,
  MAX_FIELD,
  type U32,
  type U64,
  type U8,
  type Wire,
  maxOfBits,
} from "./wire.ts";

/** Bitwise x & y. Cost: 8 bits 8.5 gates, 32: 6, 64: 15, 128: 33. */
export const bitAnd = <N extends number>(b: Builder, x: Wire, y: Wire, bits: N, name: string): Bits<N> =>
  bitwise(b, "AND", x, y, bits, name);

/** Bitwise x ^ y. Cost: as `bitAnd`. */
export const bitXor = <N extends number>(b: Builder, x: Wire, y: Wire, bits: N, name: string): Bits<N> =>
  bitwise(b, "XOR", x, y, bits, name);

/** The Poseidon2 permutation, t = 4. Cost: 73 gates. */
export function poseidon2Permutation(
  b: Builder,
  state: readonly Wire[],
  name: string,
): [Wire, Wire, Wire, Wire] {
  assertCount(b, state, 4, name);
  return call(b, "Poseidon2Permutation", [state], 4, MAX_FIELD, name) as [Wire, Wire, Wire, Wire];
}

/** Keccak-f[1600] on 25 lanes. Cost: about 15,100 gates. */
export function keccakF1600(b: Builder, lanes: readonly U64[], name: string): U64[] {
  assertCount(b, lanes, 25, name);
  for (const lane of lanes) assertFits(b, lane, 64, name);
  return call(b, "Keccakf1600", [lanes], 25, maxOfBits(64), name) as U64[];
}

/** SHA-256 compression: 16 message words into 8 state words. Cost: about 3,700 gates. */
export function sha256Compression(
  b: Builder,
  message: readonly U32[],
  state: readonly U32[],
  name: string,
): U32[] {
  assertCount(b, message, 16, name);
  assertCount(b, state, 8, name);
  for (const word of [...message, ...state]) assertFits(b, word, 32, name);
  return call(b, "Sha256Compression", [message, state], 8, maxOfBits(32), name) as U32[];
}

export interface EcdsaInputs {
  /** 32 bytes each, big endian. */
  readonly x: readonly U8[];
  readonly y: readonly U8[];
  /** r then s, 32 bytes each. */
  readonly signature: readonly U8[];
  /** The 32-byte digest that was signed. */
  readonly hash: readonly U8[];
}

/**
 * Proves: result = 1 iff `signature` is a low-s ECDSA secp256k1 signature of `hash` by the key (x, y), else 0.
 * A key off the curve gives 0. The parity bit of a recoverable signature is not tied. Cost: 37,500 gates, +5,000 once.
 */
export function ecdsaSecp256k1(b: Builder, inputs: EcdsaInputs, name: string): Bool {
  const { x, y, signature, hash } = inputs;
  assertCount(b, x, 32, `${name}.x`);
  assertCount(b, y, 32, `${name}.y`);
  assertCount(b, signature, 64, `${name}.signature`);
  assertCount(b, hash, 32, `${name}.hash`);
  for (const byte of [...x, ...y, ...signature, ...hash]) assertFits(b, byte, 8, name);
  return call(b, "EcdsaSecp256k1", [x, y, signature, hash, [1n]], 1, 1n, name)[0] as Bool;
}

export interface RecursionInputs {
  readonly key: readonly Wire[];
  readonly proof: readonly Wire[];
  readonly publicInputs: readonly Wire[];
  readonly keyHash: Wire;
}

/**
 * Proves: `proof` proves `publicInputs` for the circuit whose key has the hash `keyHash`.
 * Assumes: the caller constrains `keyHash`; the key itself is bound to it here.
 * Cost: 681,900 gates for the first, 744,400 for each further one. Not recomputed by `check`: the verifier tells.
 */
export function recursiveAggregation(b: Builder, inputs: RecursionInputs, name: string): void {
  const { key, proof, publicInputs, keyHash } = inputs;
  assertCount(b, key, 115, `${name}.key`);
  assertCount(b, proof, 410, `${name}.proof`);
  call(b, "RecursiveAggregation", [key, proof, publicInputs, [keyHash], [1n]], 0, 0n, name);
}

function bitwise<N extends number>(
  b: Builder,
  kind: "AND" | "XOR",
  x: Wire,
  y: Wire,
  bits: N,
  name: string,
): Bits<N> {
  assertFits(b, x, bits, name);
  assertFits(b, y, bits, name);
  return call(b, kind, [[x, y]], 1, maxOfBits(bits), name, bits)[0] as Bits<N>;
}

function call(
  b: Builder,
  kind: BlackBoxName,
  groups: readonly (readonly (Wire | bigint)[])[],
  outputCount: number,
  outputMax: bigint,
  name: string,
  parameter = 0,
): Wire[] {
  const results = b.compute(
    () =>
      evaluateBlackBox(
        kind,
        groups.map((g) => g.map((w) => (typeof w === "bigint" ? w : b.value(w)))),
        parameter,
      ) ?? [],
  );
  const outputs = Array.from({ length: outputCount }, (_, i) => {
    const wire = b.witness(outputCount === 1 ? name : `${name}[${i}]`, () => results?.[i] ?? 0n);
    return { index: wire.index, max: outputMax };
  });
  const inputs: Input[][] = groups.map((g) => g.map((w) => (typeof w === "bigint" ? w : w.index)));
  const wires = [...groups.flat().filter((w) => typeof w !== "bigint"), ...outputs];
  b.blackBox({ name: kind, inputs, outputs: outputs.map((w) => w.index), parameter }, wires, name);
  return outputs;
}

function assertCount(b: Builder, wires: readonly Wire[], expected: number, name: string): void {
  if (wires.length !== expected)
    throw builderError({ code: "BAD_ARITY", where: b.where(name), expected, got: wires.length });
}
