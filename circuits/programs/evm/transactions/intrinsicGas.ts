/**
 * What a transaction costs before anything runs (yellow paper, section 6.2; EIP-2028, EIP-2930, EIP-3860).
 *
 * Proves: `intrinsic` = 21,000 + 32,000 for a creation + 16 a data byte, 4 if it is zero + 2,400 an address and 1,900 a key of the
 *   access list + 2 a word of a creation's data; the gas limit covers it; a creation's data has at most 49,152 bytes.
 * Cost: 15 gates.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits } from "../../../builder/ranges.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";

export const INTRINSIC = {
  TRANSACTION: 21_000n,
  CREATION: 32_000n,
  DATA_BYTE: 16n,
  ZERO_BYTE: 4n,
  ACCESS_ADDRESS: 2_400n,
  ACCESS_KEY: 1_900n,
  INITCODE_WORD: 2n,
} as const;

/** Bytes (EIP-3860). */
export const MAX_INITCODE = 49_152n;

const LENGTH_BITS = 24;

export interface GasFacts {
  readonly gasLimit: U64;
  readonly isCreation: Bool;
  /** Of the data: bytes, those that are zero, words. */
  readonly bytes: Wire;
  readonly zeros: Wire;
  readonly words: Wire;
  /** Of the access list: addresses and keys together, and keys. */
  readonly entries: Wire;
  readonly keys: Wire;
}

/** Returns what is left of the gas limit, for the execution; and the intrinsic gas. */
export function intrinsicGas(b: Builder, facts: GasFacts): { intrinsic: Wire; left: U64 } {
  const { isCreation, bytes, zeros, words, entries, keys } = facts;
  for (const wire of [bytes, zeros, words, entries, keys]) assertFits(b, wire, LENGTH_BITS, "intrinsic");
  assertFits(b, facts.gasLimit, 64, "intrinsic");
  const G = INTRINSIC;
  const intrinsic = combine(
    b,
    [[G.INITCODE_WORD, isCreation, words]],
    [
      [G.CREATION, isCreation],
      [G.DATA_BYTE, bytes],
      [G.ZERO_BYTE - G.DATA_BYTE, zeros],
      [G.ACCESS_ADDRESS, entries],
      [G.ACCESS_KEY - G.ACCESS_ADDRESS, keys],
    ],
    G.TRANSACTION,
    "intrinsic",
  );
  const left = sum(b, [[1n, facts.gasLimit], [-1n, intrinsic]], 0n, "intrinsic.left"); // prettier-ignore
  const room = combine(b, [[-1n, isCreation, bytes]], [[MAX_INITCODE, isCreation]], 0n, "initcode.room");
  assertBits(b, room, LENGTH_BITS, "initcode.room");
  return {
    intrinsic: assertBits(b, intrinsic, 64, "intrinsic"),
    left: assertBits(b, left, 64, "intrinsic.covered"),
  };
}
