/**
 * The 213 bytes that BLAKE2's compression takes as a precompiled contract (EIP-152):
 *   rounds (4, big endian) | h (8 words) | m (16 words) | t (2 words) | final (1), words of 8 bytes little endian.
 *
 * Proves: the parts are those of the bytes that `commitment` commits to; `commitment` is 0 iff the job is not used.
 * Assumes: nothing.
 * Enforces: bytes below 256, sums for the parts and for the words of the message, zeros beyond byte 213.
 * Cost: 965 gates, 511 of them hashes.
 */
import { mul, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { promiseBits, witnessBool, witnessBytes } from "../../builder/ranges.ts";
import type { U128, U32, U8, Wire } from "../../builder/wire.ts";
import { messageStart } from "../../../protocol/evm/message.ts";
import { messageStep } from "../message.ts";
import type { Lane } from "./blake2Round.ts";

export const BLAKE2F_BYTES = 213;
const PADDED_BYTES = 224;

export interface Blake2fInput {
  readonly commitment: Wire;
  readonly rounds: U32;
  readonly h: readonly Lane[];
  readonly m: readonly Lane[];
  readonly t: readonly Lane[];
  /** The last byte: 0 or 1 in a call that does not fail. */
  readonly final: U8;
}

/** `bytes`: of the call, none in a job that is not used. */
export function blake2fInput(b: Builder, bytes: () => Uint8Array | undefined): Blake2fInput {
  const used = witnessBool(b, "used", () => bytes() !== undefined);
  const input = witnessBytes(b, "byte", BLAKE2F_BYTES, () => bytes() ?? new Uint8Array(BLAKE2F_BYTES));
  const rounds = promiseBits(b, bigEndian(b, input.slice(0, 4), "rounds"), 32, "rounds");
  const words = Array.from({ length: 26 }, (_, i) => laneAt(b, input, 4 + 8 * i, `word[${i}]`));
  return {
    commitment: mul(b, used, commitmentOf(b, input), "commitment"),
    rounds,
    h: words.slice(0, 8),
    m: words.slice(8, 24),
    t: words.slice(24),
    final: input[212]!,
  };
}

function commitmentOf(b: Builder, bytes: readonly U8[]): Wire {
  const half = (at: number): U128 => {
    const part = Array.from({ length: 16 }, (_, i) => bytes[at + i] ?? b.zero);
    return promiseBits(b, bigEndian(b, part, `half[${at / 16}]`), 128, "half");
  };
  let hash: Wire = b.constant(messageStart(BLAKE2F_BYTES));
  for (let at = 0; at < PADDED_BYTES; at += 32)
    hash = messageStep(b, hash, { hi: half(at), lo: half(at + 16) }, `hash[${at / 32}]`);
  return hash;
}

function laneAt(b: Builder, bytes: readonly U8[], at: number, name: string): Lane {
  const half = (from: number, part: string): U32 => {
    const reversed = bytes.slice(from, from + 4).reverse();
    return promiseBits(b, bigEndian(b, reversed, `${name}.${part}`), 32, name);
  };
  return { hi: half(at + 4, "hi"), lo: half(at, "lo") };
}

const bigEndian = (b: Builder, bytes: readonly U8[], name: string): Wire =>
  sum(b, bytes.map((byte, i): Term => [1n << BigInt(8 * (bytes.length - 1 - i)), byte]), 0n, name); // prettier-ignore
