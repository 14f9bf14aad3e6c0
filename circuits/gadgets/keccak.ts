/** Keccak-256 (the original padding, as Ethereum uses it) over bytes. */
import { sum } from "../builder/arithmetic.ts";
import { bitXor, keccakF1600 } from "../builder/blackBoxes.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { builderError } from "../builder/errors.ts";
import { assertFits, constantBits, promiseBits, witnessBytes } from "../builder/ranges.ts";
import type { U64, U8 } from "../builder/wire.ts";

/** Bytes a permutation absorbs. */
export const KECCAK_BLOCK = 136;

/**
 * Proves: result = keccak256(message), 32 bytes.
 * Assumes: nothing; bytes are below 256 (checked when building). Parameters: message.length, fixed, below 136: one block.
 * Enforces: padding by constants, the permutation, the bytes of the digest.
 * Cost: 17,400 + 90 gates.
 */
export function keccak256(b: Builder, message: readonly U8[], name: string): U8[] {
  return b.scope(name, () => {
    if (message.length >= KECCAK_BLOCK)
      throw builderError({ code: "BAD_ARITY", where: b.where("message"), expected: KECCAK_BLOCK - 1, got: message.length }); // prettier-ignore
    const padded = [...message];
    while (padded.length < KECCAK_BLOCK) padded.push(b.zero);
    const only = message.length === KECCAK_BLOCK - 1;
    padded[message.length] = constantBits(b, 8, only ? 0x81n : 1n);
    if (!only) padded[KECCAK_BLOCK - 1] = constantBits(b, 8, 0x80n);
    return squeeze(b, absorb(b, padded, undefined, "block[0]"));
  });
}

/** The state after one more block of 136 bytes. */
export function absorb(
  b: Builder,
  block: readonly U8[],
  state: readonly U64[] | undefined,
  name: string,
): U64[] {
  return b.scope(name, () => {
    for (const byte of block) assertFits(b, byte, 8, "byte");
    const lanes = Array.from({ length: 17 }, (_, i) => {
      const terms = block.slice(8 * i, 8 * i + 8).map((byte, j): Term => [1n << BigInt(8 * j), byte]);
      const lane = promiseBits(b, sum(b, terms, 0n, `lane[${i}]`), 64, `lane[${i}]`);
      return state === undefined ? lane : bitXor(b, state[i]!, lane, 64, `xor[${i}]`);
    });
    for (let i = 17; i < 25; i++) lanes.push(state?.[i] ?? b.zero);
    return keccakF1600(b, lanes, "permutation");
  });
}

/** The 32 bytes of a digest. */
export function squeeze(b: Builder, state: readonly U64[]): U8[] {
  return state.slice(0, 4).flatMap((lane, i) => {
    const bytes = witnessBytes(b, `digest[${i}]`, 8, () =>
      Uint8Array.from({ length: 8 }, (_, j) => Number((b.value(lane) >> BigInt(8 * j)) & 0xffn)),
    );
    const terms = bytes.map((byte, j): Term => [1n << BigInt(8 * j), byte]);
    b.assertZero([], [...terms, [-1n, lane]], 0n, `digest[${i}].bytes`);
    return bytes;
  });
}
