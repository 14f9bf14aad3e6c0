/**
 * SHA-256 of messages of any length: a pool of blocks that the messages share.
 *
 * Proves: for each job whose `commitment` is `messageCommitment(m)`: length = |m| and output = SHA-256(m) (FIPS 180-4).
 * Assumes: as `MessageBlocks`.
 * Enforces: the runs of `MessageBlocks`, the compression of each block, its state reset where a run begins.
 * Parameters: `blocks`, the capacity. Job i is the message that ends in block i: n messages of a, b, .. blocks are the jobs
 *   a - 1, a + b - 1, ..; every other job has commitment 0.
 * Sound because: the padded message is in the run's blocks, and the state after the last is the digest.
 * Cost: 4,298 gates a block (the compression 3,946). A circuit with SHA-256 is never below 33,930 rows.
 */
import { mux, sum } from "../../builder/arithmetic.ts";
import { sha256Compression } from "../../builder/blackBoxes.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { constantBits, promiseBits, witnessU32 } from "../../builder/ranges.ts";
import type { U128, U32, Wire, Word } from "../../builder/wire.ts";
import { type BlockContent, MessageBlocks } from "./messageBlocks.ts";
import { padMessages } from "./messagePadding.ts";

/** A hash call for a caller's tables. It cannot fail, so it has no flag. */
export interface MessageJob {
  /** Of the input; 0 in a job that is not used. */
  readonly commitment: Wire;
  /** Of the input, in bytes. */
  readonly length: Wire;
  readonly output: Word;
}

const INITIAL = [
  0x6a09e667n, 0xbb67ae85n, 0x3c6ef372n, 0xa54ff53an, 0x510e527fn, 0x9b05688cn, 0x1f83d9abn, 0x5be0cd19n,
]; // prettier-ignore

export function sha256Pool(
  b: Builder,
  blocks: number,
  messages: () => readonly Uint8Array[],
  name: string,
): MessageJob[] {
  return b.scope(name, () => {
    const plan = b.compute(() => padMessages(messages(), blocks, false));
    const runs = new MessageBlocks(b, blocks);
    let state = INITIAL.map((word) => constantBits(b, 32, word));
    return Array.from({ length: blocks }, (_, i) =>
      b.scope(`block[${i}]`, () => {
        const start = runs.starts(b);
        const into = INITIAL.map((word, j) =>
          mux(b, start, constantBits(b, 32, word), state[j]!, `state[${j}]`),
        );
        const view = (): DataView => new DataView(plan![i]!.bytes.slice().buffer);
        const words = Array.from({ length: 16 }, (_, j) =>
          witnessU32(b, `word[${j}]`, () => BigInt(view().getUint32(4 * j))),
        );
        const block = runs.next(b, contentOf(b, words), () => plan![i]!);
        state = sha256Compression(b, words, into, "compression");
        return { ...block, output: { hi: joinU32(b, state, 0, "output.hi"), lo: joinU32(b, state, 4, "output.lo") } }; // prettier-ignore
      }),
    );
  });
}

function contentOf(b: Builder, words: readonly U32[]): BlockContent {
  const tail = sum(b, [[1n << 32n, words[14]!], [1n, words[15]!]], 0n, "tail"); // prettier-ignore
  return { halves: [0, 4, 8, 12].map((at) => joinU32(b, words, at, `half[${at / 4}]`)), tail, bits: tail };
}

/** Four words of 32 bits, big endian. */
function joinU32(b: Builder, words: readonly U32[], at: number, name: string): U128 {
  const terms = words.slice(at, at + 4).map((word, i): Term => [1n << BigInt(32 * (3 - i)), word]);
  return promiseBits(b, sum(b, terms, 0n, name), 128, name);
}
