/**
 * The access lists of all transactions as one list of entries, addresses and keys in the order of the bytes.
 *
 * Proves: the entries of place t are rows base(t) to base(t) + count(t), all items of its list; `keys[t]` of them are keys.
 * Enforces: a place without entries has an empty list; the rest in gadgets/accessList.ts; keys are counted along the rows.
 * Cost: 167 gates a row, 20 a place.
 */
import { add, isZero, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { type AccessItem, accessItems, countAccessItems } from "../../../gadgets/accessList.ts";
import { SharedList } from "../../../gadgets/sharedList.ts";
import type { RawTransaction } from "./rawTransaction.ts";
import type { TransactionStream } from "./transactionStream.ts";

export interface AccessEntries {
  readonly list: readonly AccessItem[];
  /** By place: the row of its first entry, how many it has, and how many of them are keys. */
  readonly bases: readonly Wire[];
  readonly counts: readonly Wire[];
  readonly keys: readonly Wire[];
}

export function accessEntries(
  b: Builder,
  bytes: TransactionStream,
  raws: readonly RawTransaction[],
  capacity: number,
): AccessEntries {
  const bits = capacity.toString(2).length;
  const counts = raws.map((raw, i) =>
    b.scope(`transaction[${i}]`, () => countOf(b, bytes, raw, capacity, bits)),
  );
  const rows = new SharedList(b, counts, capacity, "accessEntry");
  const starts = rom(b, raws.map(({ accessList }) => accessList.start), "accessList.starts"); // prettier-ignore
  const ends = rom(b, raws.map(({ accessList }) => accessList.end), "accessList.ends"); // prettier-ignore
  const lists = { stream: bytes.stream, starts, ends, padding: bytes.padding };
  const list = accessItems(b, lists, rows.rows, "accessEntry");
  // Entry r: keys in the rows before r.
  const before: Wire[] = [b.zero];
  for (const [r, { isKey }] of list.entries())
    before.push(add(b, before[r]!, isKey, `accessEntry[${r}].keys`));
  const table = rom(b, before, "accessEntry.keysBefore");
  const marks = rows.bases.map((base, i) => table.read(b, base, `accessEntry.mark[${i}]`));
  const keys = raws.map((_, i) => {
    const name = `transaction[${i}].access.keys`;
    return assertBits(b, sum(b, [[1n, marks[i + 1]!], [-1n, marks[i]!]], 0n, name), bits, name); // prettier-ignore
  });
  return { list, bases: rows.bases.slice(0, -1), counts, keys };
}

/** Entries of a place; none only if its list is empty. */
function countOf(
  b: Builder,
  { stream }: TransactionStream,
  { accessList }: RawTransaction,
  capacity: number,
  bits: number,
): Wire {
  const { start, end, length } = accessList;
  const count = witnessBits(b, bits, "access.count", () =>
    countAccessItems(b, stream, b.value(start), b.value(end), capacity),
  );
  b.assertZero([[1n, isZero(b, count, "access.isEmpty"), length]], [], 0n, "access.complete");
  return count;
}
