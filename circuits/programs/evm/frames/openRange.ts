/**
 * A range of a frame's memory from its two operands, or the statement that no gas pays for it.
 *
 * Proves: where `isHuge` is 0, offset and length are the operands' values (offset 0 of an empty range), `words` what memory must
 *   have, and the range ends at or before 2^24; where it is 1, the range is not empty and ends after, and all three are 0.
 * Assumes: nothing. Memory of 2^19 words costs more than 2^29 gas, which no transaction has: a huge range always runs out of gas.
 * Sound because: both operands clip to integers below 2^154 that keep their order against 2^24, so the end has one side.
 * Cost: 20 gates.
 */
import { combine, isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { clip, LENGTH_BITS, wordsOf } from "../memory/operands.ts";

export interface OpenedRange {
  readonly isHuge: Bool;
  readonly offset: Wire;
  readonly length: Wire;
  /** Words that memory must have: 0 for an empty range. */
  readonly words: Wire;
}

const LIMIT = 1n << BigInt(LENGTH_BITS);
/** Of the sum of two clipped operands. */
const END_BITS = 156;

export function openRange(b: Builder, offset: Word, length: Word, name: string): OpenedRange {
  return b.scope(name, () => {
    const size = clip(b, length, "size");
    const isEmpty = isZero(b, size, "isEmpty");
    const from = clip(b, offset, "from");
    const own = combine(b, [[-1n, isEmpty, from]], [[1n, from]], 0n, "start");
    const end = sum(b, [[1n, own], [1n, size]], 0n, "end"); // prettier-ignore
    const isHuge = witnessBool(b, "isHuge", () => b.value(end) >= LIMIT);
    const excess = combine(b, [[1n, isHuge, end]], [[-LIMIT, isHuge]], 0n, "excess");
    assertBits(b, excess, END_BITS, "huge.isPastLimit");
    const isSmall = not(b, isHuge, "isSmall");
    const last = assertBits(b, mul(b, isSmall, end, "last"), LENGTH_BITS, "small.isWithinLimit");
    return {
      isHuge,
      offset: assertBits(b, mul(b, isSmall, own, "offset"), LENGTH_BITS, "offset.size"),
      length: assertBits(b, mul(b, isSmall, size, "length"), LENGTH_BITS, "length.size"),
      words: wordsOf(b, last, "words").words,
    };
  });
}
