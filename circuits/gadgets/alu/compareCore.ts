/**
 * LT, GT, EQ, ISZERO: result = 1 iff x < y, x > y, x = y, x = 0 (y is ignored).
 *
 * Enforces: v = the leading difference of x and y (of x and 0 where ISZERO); 0 <= (less ? -1 - v : v) < 2^128; equal = (v = 0);
 *   result = less, 1 - less - equal, or equal.
 * Sound because: |v| < 2^128, so exactly one `less` passes the range: 1 where v < 0, else 0.
 * Cost: 30 gates. The result is a bit, so that its word is one of the constants 0 and 1.
 */
import { combine, isZero, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { leadingDifference } from "./words.ts";

const OPCODES = ["LT", "GT", "EQ", "ISZERO"] as const;
export type CompareOpcode = (typeof OPCODES)[number];

export interface ComparisonCore<Name extends CompareOpcode | "SLT" | "SGT"> extends Core<Name> {
  /** The result as a bit; `result` is its word. */
  readonly bit: Bool;
}

export function compareCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<CompareOpcode>,
  name: string,
): ComparisonCore<CompareOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const { LT, GT, EQ, ISZERO } = choice.flags;
    const difference = (half: "hi" | "lo"): Wire => {
      const terms: Term[] = [[1n, x[half]], [-1n, y[half]]]; // prettier-ignore
      return combine(b, [[1n, ISZERO, y[half]]], terms, 0n, `difference.${half}`);
    };
    const v = leadingDifference(b, difference("hi"), difference("lo"), "difference");
    const less = isNegative(b, v, "less");
    const equal = isZero(b, v, "equal");
    const byLess = sum(b, [[1n, LT], [-1n, GT]], 0n, "byLess"); // prettier-ignore
    const byEqual = sum(b, [[1n, EQ], [1n, ISZERO], [-1n, GT]], 0n, "byEqual"); // prettier-ignore
    const bit = combine(b, [[1n, byLess, less], [1n, byEqual, equal]], [[1n, GT]], 0n, "result"); // prettier-ignore
    const result = assertBits(b, bit, 1, "result");
    return { ...choice, bit: result, result: { hi: b.zero, lo: result } };
  });
}

/** Proves: result = 1 iff v < 0. Assumes |v| <= 2^128 - 1, as an integer. Cost: 8.5 gates. */
export function isNegative(b: Builder, v: Wire, name: string): Bool {
  // A negative integer stands above p / 2.
  const less = witnessBool(b, name, () => b.value(v) >> 200n !== 0n);
  const size = combine(b, [[-2n, less, v]], [[1n, v], [-1n, less]], 0n, `${name}.size`); // prettier-ignore
  assertBits(b, size, 128, `${name}.size`);
  return less;
}
