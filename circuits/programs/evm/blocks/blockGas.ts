/**
 * The gas of a chunk's transactions against its blocks.
 *
 * Proves: a block's `gasUsed` is the sum of that of its transactions; a transaction's gas limit fits what the earlier ones of its
 *   block left of the block's limit.
 * Assumes: a transaction uses at most its gas limit (the executor's rule).
 * Enforces: sums over all transactions in order, read where a block's transactions begin; a range of what is left.
 * Sound because: a sum over consecutive transactions is the difference of two sums from the first on; all stay below 2^81.
 * Cost: 16 gates a transaction, 3 a block.
 */
import { combine, mul, sum, add } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits } from "../../../builder/ranges.ts";
import { fieldRom } from "../../../builder/rom.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import type { Blocks } from "./blocks.ts";

export interface GasOfPlace {
  readonly active: Bool;
  readonly gasLimit: U64;
  /** `first`: the first transaction of this one's block, its number in the chunk. */
  readonly block: { readonly first: Wire };
}

/** `gasUsed[i]`: of the transaction in place i, any value if inactive. */
export function assertGasUsed(
  b: Builder,
  blockLimit: U64,
  blocks: Blocks,
  places: readonly GasOfPlace[],
  gasUsed: readonly U64[],
): void {
  b.scope("gas", () => {
    const sums: Wire[] = [b.zero];
    for (const [i, { active }] of places.entries()) {
      assertFits(b, gasUsed[i]!, 64, `used[${i}]`);
      assertFits(b, active, 1, `used[${i}]`);
      sums.push(add(b, sums[i]!, mul(b, active, gasUsed[i]!, `used[${i}]`), `sum[${i + 1}]`));
    }
    const table = fieldRom(b, sums, "sums");
    for (const [i, place] of places.entries()) assertGasLeft(b, blockLimit, place, sums[i]!, table, i);
    const marks = blocks.firstTransactions.map((first, i) => table.read(b, first, `mark[${i}]`));
    for (const [i, block] of blocks.list.entries())
      b.assertZero([], [[1n, marks[i + 1]!], [-1n, marks[i]!], [-1n, block.gasUsed]], 0n, `ofBlock[${i}]`); // prettier-ignore
  });
}

function assertGasLeft(
  b: Builder,
  blockLimit: U64,
  { active, gasLimit, block }: GasOfPlace,
  before: Wire,
  table: ReturnType<typeof fieldRom>,
  i: number,
): void {
  for (const integer of [blockLimit, gasLimit]) assertFits(b, integer, 64, `left[${i}]`);
  const start = table.read(b, block.first, `blockStart[${i}]`);
  const left = sum(b, [[1n, blockLimit], [-1n, gasLimit], [-1n, before], [1n, start]], 0n, `spare[${i}]`); // prettier-ignore
  assertBits(b, combine(b, [[1n, active, left]], [], 0n, `left[${i}]`), 64, `left[${i}]`);
}
