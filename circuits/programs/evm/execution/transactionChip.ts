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
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import type { TransactionEntry } from "../../../../protocol/evm/plan/execution/transactionOps.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { warmAccessLists } from "./accessLists.ts";
import { beginTransaction, type BeginServices, type Begun } from "./begin.ts";
import { endTransaction, type Ended, type EndServices } from "./end.ts";
import type { PlaceBlock } from "./transactionTables.ts";

/** After BEGIN of all places. */
export interface BegunTransactions {
  /** Of the first row. */
  readonly startPc: Wire;
  /** Of frames 1, 2, ...: of places 0, 1, ... */
  readonly starts: readonly Begun[];
}

export interface EndedTransactions {
  /** END rows, by place. */
  readonly rows: readonly Wire[];
  /** By place. */
  readonly gasUsed: readonly U64[];
  readonly receiptsHead: Wire;
}

type EntryOf = (i: number) => TransactionEntry | undefined;

export function beginTransactions(
  b: Builder,
  services: BeginServices,
  { places, accessEntries }: Transactions,
  blocks: readonly PlaceBlock[],
  entry: EntryOf,
): BegunTransactions {
  const starts = places.map((place, i): Begun =>
    b.scope(`begin[${i}]`, () =>
      beginTransaction(b, services, { i, place, block: blocks[i]!, entry: () => entry(i) }),
    ),
  );
  warmAccessLists(b, services, accessEntries.list, starts.map(({ t }) => t)); // prettier-ignore
  const first = places[0]!.active;
  const startPc = sum(b, [[BigInt(SystemCode.BEGIN - SystemCode.HALT), first]], BigInt(SystemCode.HALT), "startPc"); // prettier-ignore
  return { startPc: assertBits(b, startPc, 2, "startPc"), starts };
}

/** `successes`: of the own frames. */
export function endTransactions(
  b: Builder,
  services: EndServices,
  { places }: Transactions,
  given: {
    readonly blocks: readonly PlaceBlock[];
    readonly starts: readonly Begun[];
    readonly successes: readonly Bool[];
    readonly receiptsHead: Wire;
    readonly entry: EntryOf;
  },
): EndedTransactions {
  const ended: Ended[] = [];
  for (const [i, place] of places.entries())
    b.scope(`end[${i}]`, () => {
      const before = ended.at(-1);
      const begun = given.starts[i]!;
      if (before !== undefined) assertLater(b, place.active, before.t, begun.t);
      const hasNext = places[i + 1]?.active ?? b.zero;
      const receiptsHead = before?.receiptsHead ?? given.receiptsHead;
      const [block, success] = [given.blocks[i]!, given.successes[i]!];
      const source = { i, place, block, begun, hasNext, success, receiptsHead, entry: () => given.entry(i) };
      ended.push(endTransaction(b, services, source));
    });
  return {
    rows: ended.map(({ t }) => t),
    gasUsed: ended.map(({ gasUsed }) => gasUsed),
    receiptsHead: ended.at(-1)!.receiptsHead,
  };
}

function assertLater(b: Builder, active: Wire, end: Wire, begin: Wire): void {
  const later = combine(b, [[1n, active, begin], [-1n, active, end]], [[-1n, active]], 0n, "afterPrevious"); // prettier-ignore
  assertBits(b, later, FACT_FIELDS.t.bits, "afterPrevious");
}
