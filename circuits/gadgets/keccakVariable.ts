/**
 * Proves: result = keccak256(the first `length` bytes of `padded`), 32 bytes.
 * Assumes: nothing.
 * Enforces: bytes from `length` to the end of the last block used are 01 00 .. 00 80 (81 if one byte); the digest is taken
 *   after that block.
 * Parameters: padded.bytes.length = 136 * blocks; the static bound of `length` is below that. `padded.bytes` holds
 *   message and padding; bytes after the last block used are free.
 * Sound because: `last` is one-hot, so lastAt is the last byte of its block. tail = lastAt - length is at most 135 by its
 *   range and not negative because the zeros, whose counted lengths are not, reach from length + 1 to the last byte.
 * Cost: a block 17,400 + 40 (+260 after the first), the padding 90, the digest 90.
 */
import { isConstant, sum } from "../builder/arithmetic.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertBits, witnessBits } from "../builder/ranges.ts";
import type { U64, U8, Wire } from "../builder/wire.ts";
import { type ByteStream, SLICE_BYTES } from "./byteStream.ts";
import { absorb, KECCAK_BLOCK, squeeze } from "./keccak.ts";

export function keccak256Variable(b: Builder, padded: ByteStream, length: Wire, name: string): U8[] {
  return b.scope(name, () => {
    const blocks = padded.bytes.length / KECCAK_BLOCK;
    const states: U64[][] = [];
    for (let i = 0; i < blocks; i++) {
      const block = padded.bytes.slice(i * KECCAK_BLOCK, (i + 1) * KECCAK_BLOCK);
      states.push(absorb(b, block, states[i - 1], `block[${i}]`));
    }
    if (blocks === 1) {
      assertPadding(b, padded, length, b.constant(BigInt(KECCAK_BLOCK - 1)));
      return squeeze(b, states[0]!);
    }
    const used = (): bigint => b.value(length) / BigInt(KECCAK_BLOCK);
    const last = states.map((_, i) =>
      witnessBits(b, 1, `last[${i}]`, () => (used() === BigInt(i) ? 1n : 0n)),
    );
    b.assertZero([], last.map((bit): Term => [1n, bit]), -1n, "last.one"); // prettier-ignore
    const places = last.map((bit, i): Term => [BigInt((i + 1) * KECCAK_BLOCK - 1), bit]);
    assertPadding(b, padded, length, sum(b, places, 0n, "lastAt"));
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

function assertPadding(b: Builder, padded: ByteStream, length: Wire, lastAt: Wire): void {
  const tail = sum(b, [[1n, lastAt], [-1n, length]], 0n, "tail"); // prettier-ignore
  assertBits(b, sum(b, [[-1n, tail]], BigInt(KECCAK_BLOCK - 1), "tail.room"), 8, "tail.room");
  const only = isConstant(b, tail, 0n, "only");
  const first = padded.byte(b, length, "firstPad");
  b.assertZero([], [[1n, first], [-128n, only]], -1n, "firstPad.is01"); // prettier-ignore
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
