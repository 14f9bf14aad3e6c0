/** Keccak-256 (the original padding, as Ethereum uses it) over bytes. */
import { isConstant, sum } from "../builder/arithmetic.ts";
import { bitXor, keccakF1600 } from "../builder/blackBoxes.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { builderError } from "../builder/errors.ts";
import { assertBits, constantBits, promiseBits, witnessBits, witnessBytes } from "../builder/ranges.ts";
import type { U64, U8, Wire } from "../builder/wire.ts";
import { type ByteStream, SLICE_BYTES } from "./byteStream.ts";

/** Bytes a permutation absorbs. */
export const KECCAK_BLOCK = 136;

/**
 * Proves: result = keccak256(message), 32 bytes.
 * Assumes: nothing. Parameters: message.length, fixed, below 136: one block.
 * Enforces: padding by constants, the permutation, the bytes of the digest.
 * Cost: 15,100 + 90 gates.
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

/**
 * Proves: result = keccak256(the first `length` bytes of `padded`), 32 bytes.
 * Assumes: nothing.
 * Enforces: bytes from `length` to the end of the last block used are 01 00 .. 00 80 (81 if one byte); the digest is taken
 *   after that block.
 * Parameters: padded.bytes.length = 136 * blocks; the static bound of `length` is below that. `padded.bytes` holds
 *   message and padding; bytes after the last block used are free.
 * Sound because: `last` is one-hot, so blockEnd = 136 * (its place + 1). tail = blockEnd - length - 1 is at most 135 by its
 *   range and not negative because the zeros, whose counted lengths are not, reach from length + 1 to the last byte.
 * Cost: a block 15,100 + 40 (+260 after the first), the padding 90, the digest 90.
 */
export function keccak256Variable(b: Builder, padded: ByteStream, length: Wire, name: string): U8[] {
  return b.scope(name, () => {
    const blocks = padded.bytes.length / KECCAK_BLOCK;
    const states: U64[][] = [];
    for (let i = 0; i < blocks; i++) {
      const block = padded.bytes.slice(i * KECCAK_BLOCK, (i + 1) * KECCAK_BLOCK);
      states.push(absorb(b, block, states[i - 1], `block[${i}]`));
    }
    if (blocks === 1) {
      assertPadding(b, padded, length, b.constant(BigInt(KECCAK_BLOCK)));
      return squeeze(b, states[0]!);
    }
    const used = (): bigint => b.value(length) / BigInt(KECCAK_BLOCK);
    const last = states.map((_, i) =>
      witnessBits(b, 1, `last[${i}]`, () => (used() === BigInt(i) ? 1n : 0n)),
    );
    b.assertZero([], last.map((bit): Term => [1n, bit]), -1n, "last.one"); // prettier-ignore
    const end = sum(b, last.map((bit, i): Term => [BigInt((i + 1) * KECCAK_BLOCK), bit]), 0n, "blockEnd"); // prettier-ignore
    assertPadding(b, padded, length, end);
    return squeeze(
      b,
      [0, 1, 2, 3].map((lane) => selectLane(b, last, states, lane)),
    );
  });
}

function selectLane(b: Builder, last: readonly Wire[], states: readonly U64[][], lane: number): U64 {
  const value = (): bigint => b.value(states[last.findIndex((bit) => b.value(bit) === 1n)]?.[lane] ?? b.zero);
  const wire = b.witness(`lane[${lane}]`, value);
  b.assertZero(
    states.map((state, i) => [1n, last[i]!, state[lane]!] as const),
    [[-1n, wire]],
    0n,
    `lane[${lane}]`,
  );
  return assertBits(b, wire, 64, `lane[${lane}].size`);
}

function assertPadding(b: Builder, padded: ByteStream, length: Wire, end: Wire): void {
  const tail = sum(b, [[1n, end], [-1n, length]], -1n, "tail"); // prettier-ignore
  assertBits(b, sum(b, [[-1n, tail]], BigInt(KECCAK_BLOCK - 1), "tail.room"), 8, "tail.room");
  const only = isConstant(b, tail, 0n, "only");
  const first = padded.byte(b, length, "firstPad");
  b.assertZero([], [[1n, first], [-128n, only]], -1n, "firstPad.is01"); // prettier-ignore
  const lastAt = sum(b, [[1n, end]], -1n, "lastAt");
  const last = padded.byte(b, lastAt, "lastPad");
  b.assertZero([], [[1n, last], [-1n, only]], -128n, "lastPad.is80"); // prettier-ignore
  // Zeros in between: tail - 1 of them, none when there is one padding byte.
  let at: Wire = sum(b, [[1n, length]], 1n, "zerosAt");
  const takes: Wire[] = [];
  for (let i = 0; i < 5; i++) {
    const rest = (): bigint => {
      const all = b.value(tail) - 1n + b.value(only) - takes.reduce((n, take) => n + b.value(take), 0n);
      return all > BigInt(SLICE_BYTES) ? BigInt(SLICE_BYTES) : all > 0n ? all : 0n;
    };
    const take = witnessBits(b, 5, `zeros[${i}].length`, rest);
    const zeros = padded.slice(b, at, take, `zeros[${i}]`);
    b.assertZero([], [[1n, zeros]], 0n, `zeros[${i}].are0`);
    at = sum(b, [[1n, at], [1n, take]], 0n, `zeros[${i}].next`); // prettier-ignore
    takes.push(take);
  }
  b.assertZero([], [[1n, at], [-1n, lastAt], [-1n, only]], 0n, "zeros.reachLast"); // prettier-ignore
}

function absorb(b: Builder, block: readonly U8[], state: readonly U64[] | undefined, name: string): U64[] {
  return b.scope(name, () => {
    const lanes = Array.from({ length: 17 }, (_, i) => {
      const terms = block.slice(8 * i, 8 * i + 8).map((byte, j): Term => [1n << BigInt(8 * j), byte]);
      const lane = promiseBits(b, sum(b, terms, 0n, `lane[${i}]`), 64, `lane[${i}]`);
      return state === undefined ? lane : bitXor(b, state[i]!, lane, 64, `xor[${i}]`);
    });
    for (let i = 17; i < 25; i++) lanes.push(state?.[i] ?? b.zero);
    return keccakF1600(b, lanes, "permutation");
  });
}

function squeeze(b: Builder, state: readonly U64[]): U8[] {
  return state.slice(0, 4).flatMap((lane, i) => {
    const bytes = witnessBytes(b, `digest[${i}]`, 8, () =>
      Uint8Array.from({ length: 8 }, (_, j) => Number((b.value(lane) >> BigInt(8 * j)) & 0xffn)),
    );
    const terms = bytes.map((byte, j): Term => [1n << BigInt(8 * j), byte]);
    b.assertZero([], [...terms, [-1n, lane]], 0n, `digest[${i}].bytes`);
    return bytes;
  });
}
