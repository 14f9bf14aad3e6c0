/**
 * SLT, SGT: result = 1 iff x < y, x > y, as numbers in two's complement.
 *
 * Enforces: sx and sy, the signs (range of the upper half + 2^127 - 2^128 s); v = the leading difference with upper halves
 *   x.hi - 2^128 sx and y.hi - 2^128 sy; 0 <= (less ? -1 - v : v) < 2^128; the result is less where SLT, 1 - less - equal where SGT.
 * Sound because: only the right sign passes the range of its half; signed upper halves differ by less than 2^128, so the
 *   argument of `compareCore` holds.
 * Cost: 42 gates.
 */
import { combine, isZero, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { U128, Wire } from "../../builder/wire.ts";
import { type Choose, type Operands, chooseOpcode } from "./choice.ts";
import { type ComparisonCore, isNegative } from "./compareCore.ts";
import { HALF } from "./limbPair.ts";
import { leadingDifference } from "./words.ts";

const OPCODES = ["SLT", "SGT"] as const;
export type SignedCompareOpcode = (typeof OPCODES)[number];

export function signedCompareCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<SignedCompareOpcode>,
  name: string,
): ComparisonCore<SignedCompareOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const { SLT, SGT } = choice.flags;
    const [xHi, yHi] = [shiftedHalf(b, x.hi, "x"), shiftedHalf(b, y.hi, "y")];
    const hi = sum(b, [[1n, xHi], [-1n, yHi]], 0n, "difference.hi"); // prettier-ignore
    const lo = sum(b, [[1n, x.lo], [-1n, y.lo]], 0n, "difference.lo"); // prettier-ignore
    const v = leadingDifference(b, hi, lo, "difference");
    const less = isNegative(b, v, "less");
    const equal = isZero(b, v, "equal");
    const byLess = sum(b, [[1n, SLT], [-1n, SGT]], 0n, "byLess"); // prettier-ignore
    const bit = combine(b, [[1n, byLess, less], [-1n, SGT, equal]], [[1n, SGT]], 0n, "result"); // prettier-ignore
    const result = assertBits(b, bit, 1, "result");
    return { ...choice, bit: result, result: { hi: b.zero, lo: result } };
  });
}

/** The upper half of a signed number, plus 2^127: ordered as the numbers are. Cost: 8.5 gates. */
function shiftedHalf(b: Builder, half: U128, name: string): Wire {
  const negative = witnessBool(b, `${name}.negative`, () => b.value(half) >> 127n);
  const shifted = sum(b, [[1n, half], [-HALF, negative]], HALF / 2n, `${name}.shifted`); // prettier-ignore
  return assertBits(b, shifted, 128, `${name}.shifted`);
}
