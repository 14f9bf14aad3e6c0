/**
 * All transactions of a chunk: BEGIN and END of each place, access lists, receipts.
 *
 * Proves: the rows of the active places, in order, each from BEGIN to END, nothing else of the system's code but the last HALT.
 * Assumes: the files of this folder it puts together; the rows start at `startPc`.
 * Enforces: END of place i comes before BEGIN of place i + 1.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import type { U64, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import type { TransactionEntry } from "../../../../protocol/evm/plan/execution/transactionOps.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { warmAccessLists } from "./accessLists.ts";
import { beginTransaction, type BeginServices, type Begun } from "./begin.ts";
import { endTransaction, type Ended, type EndServices } from "./end.ts";
import type { TransactionStart } from "./transactionStart.ts";
import type { PlaceBlock } from "./transactionTables.ts";

export interface Executed {
  /** Of the first row. */
  readonly startPc: Wire;
  /** Of the frames 1, 2, ...: of places 0, 1, ... */
  readonly starts: readonly TransactionStart[];
  /** END rows, by place. */
  readonly ends: readonly Wire[];
  /** By place. */
  readonly gasUsed: readonly U64[];
  readonly receiptsHead: Wire;
}

export function executeTransactions(
  b: Builder,
  services: BeginServices & EndServices,
  transactions: Transactions,
  blocks: readonly PlaceBlock[],
  given: { readonly receiptsHead: Wire; readonly entry: (i: number) => TransactionEntry | undefined },
): Executed {
  const { places } = transactions;
  const begun = places.map((place, i): Begun =>
    b.scope(`begin[${i}]`, () => {
      const entry = (): TransactionEntry | undefined => given.entry(i);
      return beginTransaction(b, services, { i, place, block: blocks[i]!, entry });
    }),
  );
  warmAccessLists(b, services, transactions.accessEntries.list, begun.map(({ t }) => t)); // prettier-ignore
  const ended: Ended[] = [];
  for (const [i, place] of places.entries())
    b.scope(`end[${i}]`, () => {
      const before = ended.at(-1);
      if (before !== undefined) assertLater(b, place.active, before.t, begun[i]!.t);
      const source = { i, place, block: blocks[i]!, begun: begun[i]!, entry: () => given.entry(i) };
      const hasNext = places[i + 1]?.active ?? b.zero;
      const receiptsHead = before?.receiptsHead ?? given.receiptsHead;
      ended.push(endTransaction(b, services, { ...source, hasNext, receiptsHead }));
    });
  const first = places[0]!.active;
  return {
    startPc: sum(b, [[BigInt(SystemCode.BEGIN - SystemCode.HALT), first]], BigInt(SystemCode.HALT), "startPc"), // prettier-ignore
    starts: begun,
    ends: ended.map(({ t }) => t),
    gasUsed: ended.map(({ gasUsed }) => gasUsed),
    receiptsHead: ended.at(-1)!.receiptsHead,
  };
}

function assertLater(b: Builder, active: Wire, end: Wire, begin: Wire): void {
  const later = combine(b, [[1n, active, begin], [-1n, active, end]], [[-1n, active]], 0n, "afterPrevious"); // prettier-ignore
  assertBits(b, later, FACT_FIELDS.t.bits, "afterPrevious");
}
