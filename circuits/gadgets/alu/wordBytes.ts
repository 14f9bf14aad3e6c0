/** Words as 32 bytes, big endian. */
import { sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { builderError } from "../../builder/errors.ts";
import { assertFits, assertFitsWord, promiseBits, witnessBytes } from "../../builder/ranges.ts";
import type { U128, U8, Word } from "../../builder/wire.ts";
import { wordToBytes } from "../../../protocol/evm/machine/word.ts";
import { HALF } from "./limbPair.ts";
import { valueOfWord } from "./words.ts";

/** The bytes of a word. Sound because: digits in base 256 are unique. Cost: 52 gates. */
export function bytesOfWord(b: Builder, word: Word, name: string): U8[] {
  assertFitsWord(b, word, name);
  const bytes = witnessBytes(b, name, 32, () => wordToBytes(valueOfWord(b, word) % (HALF * HALF)));
  for (const [part, from] of [
    ["hi", 0],
    ["lo", 16],
  ] as const)
    // prettier-ignore
    b.assertZero([], [...digits(bytes, from), [-1n, word[part]]], 0n, `${name}.${part}`);
  return bytes;
}

/** The word of 32 bytes. Throws BAD_ARITY. Cost: 12 gates. */
export function wordOfBytes(b: Builder, bytes: readonly U8[], name: string): Word {
  if (bytes.length !== 32)
    throw builderError({ code: "BAD_ARITY", where: b.where(name), expected: 32, got: bytes.length });
  for (const byte of bytes) assertFits(b, byte, 8, name);
  const half = (part: string, from: number): U128 =>
    promiseBits(b, sum(b, digits(bytes, from), 0n, `${name}.${part}`), 128, name);
  return { hi: half("hi", 0), lo: half("lo", 16) };
}

const digits = (bytes: readonly U8[], from: number): Term[] =>
  bytes.slice(from, from + 16).map((byte, i): Term => [256n ** BigInt(15 - i), byte]);
