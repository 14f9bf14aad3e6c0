/**
 * Proves: the first `count` rows of a table are pairwise different.
 * Enforces: a list of row numbers, whose rows ascend strictly (`later` shows that of two neighbours), is as long as the table.
 * Sound because: rows that ascend strictly are different, so the list's `count` numbers are; `count` different numbers below
 *   `count` are all of them.
 */
import { mul, sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";

export interface DistinctRows {
  /** By row: is it in use? A prefix. */
  readonly active: readonly Bool[];
  readonly count: Wire;
}

/** `order`: the plan's row numbers in ascending order of their rows. `ascends(before, now, isUsed)` constrains two neighbours. */
export function assertDistinct(
  b: Builder,
  { active, count }: DistinctRows,
  order: () => readonly number[],
  ascends: (before: Wire, now: Wire, isUsed: Bool, name: string) => void,
  name: string,
): void {
  b.scope(name, () => {
    const bits = Math.max(1, active.length.toString(2).length);
    let before: Wire = b.zero;
    active.forEach((isUsed, i) => {
      if (i > 0) assertImplies(b, isUsed, active[i - 1]!, `active[${i}].prefix`);
      const number = witnessBits(b, bits, `number[${i}]`, () => BigInt(order()[i] ?? 0));
      const spare = sum(b, [[1n, count], [-1n, number]], -1n, `spare[${i}]`); // prettier-ignore
      assertBits(b, mul(b, isUsed, spare, `spareIfUsed[${i}]`), bits, `number[${i}].belowCount`);
      if (i > 0) ascends(before, number, isUsed, `ascends[${i}]`);
      before = number;
    });
  });
}
