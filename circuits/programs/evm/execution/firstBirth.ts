/**
 * The least of some numbers of transactions that is not 0; 0 if all are.
 *
 * Proves: result is that number.
 * Assumes: nothing; bounds of 14 bits are checked when building.
 * Enforces: result is one of the numbers, or 0; it is at most each that is not 0; it is 0 only if all are.
 * Cost: 7 gates a number, and 5.
 */
import { combine, isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, assertFits, witnessBits } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";

const BITS = 14;

export function firstBirth(b: Builder, births: readonly Wire[], name: string): Wire {
  return b.scope(name, () => {
    for (const birth of births) assertFits(b, birth, BITS, "birth");
    const first = witnessBits(b, BITS, "first", () => {
      const known = births.map((birth) => b.value(birth)).filter((birth) => birth !== 0n);
      return known.reduce((least, birth) => (birth < least ? birth : least), known[0] ?? 0n);
    });
    const differences = births.map((birth, k) => sum(b, [[1n, birth], [-1n, first]], 0n, `above[${k}]`)); // prettier-ignore
    const product = differences.reduce((so, one, k) => mul(b, so, one, `product[${k}]`));
    const isNone = isZero(b, first, "isNone");
    const all = sum(b, births.map((birth): Term => [1n, birth]), 0n, "sum"); // prettier-ignore
    const isSome = not(b, isNone, "isSome");
    b.assertZero([[1n, isSome, product]], [], 0n, "isOne");
    b.assertZero([[1n, isNone, all]], [], 0n, "none.allNone");
    differences.forEach((above, k) => {
      const isKnown = not(b, isZero(b, births[k]!, `isUnknown[${k}]`), `isKnown[${k}]`);
      assertBits(b, combine(b, [[1n, isKnown, above]], [], 0n, `least[${k}]`), BITS, `least[${k}]`);
    });
    return first;
  });
}
