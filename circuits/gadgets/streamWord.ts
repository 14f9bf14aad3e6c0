/**
 * The 32 bytes from a position of a stream on, but nothing before `from` nor past `end`: bytes outside are zero.
 *
 * Proves: `hi` and `lo` are the big-endian integers of bytes `at` to at + 16 and at + 16 to at + 32, those outside [from, end)
 *   counted as zero. `missing` = how many of the 32 lie at `end` or after it.
 * Assumes: at <= from <= at + 16; from <= end; all below 2^bits, as is at + 32; at - end at most 31.
 * Enforces: two cuts, each the lesser of its place and `end`; the slices between them.
 * Parameters: bits, at most 64.
 * Sound because: `isLess` is exact; a slice's power puts it where the half begins, and each half is at most 16 bytes long.
 * Cost: 45 gates.
 */
import { combine, mux, sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { isLess } from "../builder/compare.ts";
import { assertBits } from "../builder/ranges.ts";
import type { Wire, Word } from "../builder/wire.ts";
import { powerOf256, type SuffixStream } from "./suffixStream.ts";

export interface WordPlace {
  readonly at: Wire;
  readonly from: Wire;
  readonly end: Wire;
  readonly bits: number;
}

export interface StreamWord {
  /** Below 2^128 each, by what they are; no range is spent on it. */
  readonly hi: Wire;
  readonly lo: Wire;
  /** 0 to 63. */
  readonly missing: Wire;
}

const HALF_BYTES = 16;

export function readWord(
  b: Builder,
  stream: SuffixStream,
  { at, from, end, bits }: WordPlace,
  name: string,
): StreamWord {
  return b.scope(name, () => {
    const cut = (bytes: number, part: string): Wire => {
      const place = sum(b, [[1n, at]], BigInt(bytes), part);
      const planned = assertBits(b, place, bits, part);
      return mux(b, isLess(b, planned, end, bits, `${part}.inside`), planned, end, `${part}.cut`);
    };
    const [middle, last] = [cut(HALF_BYTES, "middle"), cut(2 * HALF_BYTES, "last")];
    // Places of each cut before the end of its half: what its suffix is to be shifted by.
    const places = (half: number, position: Wire, part: string): Wire => {
      const difference = sum(b, [[1n, at], [-1n, position]], BigInt(HALF_BYTES * half), part); // prettier-ignore
      return assertBits(b, difference, 6, part);
    };
    const power = (of: Wire, part: string): Wire => stream.powers.read(b, of, `${part}.power`);
    const missing = places(2, last, "missing");
    const first = power(places(1, from, "first"), "first");
    const inner = power(places(1, middle, "inner"), "inner");
    const outer = power(missing, "outer");
    const [s0, s1, s2] = [from, middle, last].map((position, i) =>
      stream.suffix(b, position, `suffix[${i}]`),
    );
    return {
      hi: combine(b, [[1n, first, s0!], [-1n, inner, s1!]], [], 0n, "hi"), // prettier-ignore
      lo: combine(b, [[powerOf256(HALF_BYTES + 1), inner, s1!], [-1n, outer, s2!]], [], 0n, "lo"), // prettier-ignore
      missing,
    };
  });
}

/** The halves with their bound. Cost: 13 gates. */
export const boundedWord = (b: Builder, { hi, lo }: Pick<StreamWord, "hi" | "lo">, name: string): Word => ({
  hi: assertBits(b, hi, 128, `${name}.hi`),
  lo: assertBits(b, lo, 128, `${name}.lo`),
});
