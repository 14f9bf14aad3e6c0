/**
 * RIPEMD-160 of messages of any length: a pool of blocks that the messages share.
 *
 * Proves: for each job whose `commitment` is `messageCommitment(m)`: length = |m| and output = 12 zero bytes, then
 *   RIPEMD-160(m), as the precompiled contract returns it.
 * Assumes: as `MessageBlocks`.
 * Enforces: the runs of `MessageBlocks`, the compression of each block, its state reset where a run begins.
 * Parameters: `blocks`, the capacity. Job i is the message that ends in block i, as in `sha256Pool`.
 * Sound because: the padded message is in the run's blocks, and the state after the last is the digest. Bytes of a block and
 *   of a state are range-checked, so big-endian halves and little-endian words are two sums of the same bytes.
 * Cost: 4,887 gates a block.
 */
import { mux, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { constantBits, promiseBits, witnessBytes } from "../../builder/ranges.ts";
import type { U128, U32, U8 } from "../../builder/wire.ts";
import { type BlockContent, MessageBlocks } from "./messageBlocks.ts";
import { BLOCK_BYTES, padMessages } from "./messagePadding.ts";
import { ripemd160Compression } from "./ripemd160Compression.ts";
import { INITIAL_STATE } from "./ripemd160Constants.ts";
import type { MessageJob } from "./sha256.ts";

export function ripemd160Pool(
  b: Builder,
  blocks: number,
  messages: () => readonly Uint8Array[],
  name: string,
): MessageJob[] {
  return b.scope(name, () => {
    const plan = b.compute(() => padMessages(messages(), blocks, true));
    const runs = new MessageBlocks(b, blocks);
    let state = INITIAL_STATE.map((word) => constantBits(b, 32, word));
    return Array.from({ length: blocks }, (_, i) =>
      b.scope(`block[${i}]`, () => {
        const start = runs.starts(b);
        const into = INITIAL_STATE.map((word, j) =>
          mux(b, start, constantBits(b, 32, word), state[j]!, `state[${j}]`),
        );
        const bytes = witnessBytes(b, "byte", BLOCK_BYTES, () => plan![i]!.bytes);
        const words = Array.from({ length: 16 }, (_, j) =>
          promiseBits(b, littleEndian(b, bytes.slice(4 * j, 4 * j + 4), `word[${j}]`), 32, `word[${j}]`),
        );
        const block = runs.next(b, contentOf(b, bytes, words), () => plan![i]!);
        state = ripemd160Compression(b, words, into, "compression");
        return { ...block, output: outputOf(b, state) };
      }),
    );
  });
}

function contentOf(b: Builder, bytes: readonly U8[], words: readonly U32[]): BlockContent {
  const halves = [0, 16, 32, 48].map((at) => bigEndianHalf(b, bytes.slice(at, at + 16), `half[${at / 16}]`));
  const tail = sum(b, bytes.slice(56).map((byte, i): Term => [1n << BigInt(8 * (7 - i)), byte]), 0n, "tail"); // prettier-ignore
  const bits = sum(b, [[1n, words[14]!], [1n << 32n, words[15]!]], 0n, "bits"); // prettier-ignore
  return { halves, tail, bits };
}

function outputOf(b: Builder, state: readonly U32[]) {
  const bytes = state.flatMap((word, j) => {
    const value = (): Uint8Array =>
      Uint8Array.from({ length: 4 }, (_, i) => Number((b.value(word) >> BigInt(8 * i)) & 0xffn));
    const parts = witnessBytes(b, `digest[${j}]`, 4, value);
    const terms = parts.map((byte, i): Term => [1n << BigInt(8 * i), byte]);
    b.assertZero([], [...terms, [-1n, word]], 0n, `digest[${j}].bytes`);
    return parts;
  });
  return {
    hi: bigEndianHalf(b, bytes.slice(0, 4), "output.hi"),
    lo: bigEndianHalf(b, bytes.slice(4), "output.lo"),
  };
}

const littleEndian = (b: Builder, bytes: readonly U8[], name: string) =>
  sum(b, bytes.map((byte, i): Term => [1n << BigInt(8 * i), byte]), 0n, name); // prettier-ignore

const bigEndianHalf = (b: Builder, bytes: readonly U8[], name: string): U128 => {
  const terms = bytes.map((byte, i): Term => [1n << BigInt(8 * (bytes.length - 1 - i)), byte]);
  return promiseBits(b, sum(b, terms, 0n, name), 128, name);
};
