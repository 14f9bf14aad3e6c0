/**
 * Jump analysis of code that a chunk makes: init code, and what is deposited.
 *
 * Proves: of segment s the symbols from base on are code of its length whose marks are those of PUSH data, and zeros follow to the
 *   end of its last row and through one row more, where code that runs off its end stops.
 * Assumes: nothing. That the bytes are those that were meant is the commitment's matter (freshCodeWords.ts).
 * Enforces: rows of a segment follow one another, 84 symbols each; `inside` is 1 for the first `length` symbols; a counter of PUSH
 *   data that is left: a marked symbol takes one, an unmarked one needs it to be 0 and, being PUSHn, sets it to n.
 * Sound because: the counter before the first symbol is 0, and the table gives a marked byte -1: where it is 0 that is no
 *   number of 6 bits. Instructions of the system code have no entry that fits.
 * Cost: 1,090 gates a row, and 2,300 once.
 */
import { combine, mul, sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { ROW_SYMBOLS } from "../../../../protocol/evm/codeLayout.ts";
import { pushBytes } from "../../../../protocol/evm/opcodes.ts";
import { PUSH_DATA } from "../../../../protocol/evm/tags.ts";
import type { FreshRowEntry } from "../../../../protocol/evm/plan/frames/freshPlan.ts";
import { LENGTH_BITS, type SegmentColumns } from "../code/codeRows.ts";

const SYMBOLS = 1024;
const COUNTER_BITS = 6;
/** Given to what is no byte of code: more than a counter holds. */
const NO_BYTE = 1000n;

export interface FreshCodeTables {
  readonly symbols: Rom<Wire>;
  readonly segments: SegmentColumns;
}

export interface FreshColumns {
  readonly base: Rom<Wire>;
  readonly length: Rom<Wire>;
}

/** Where the next row must go on; `continues` 0: it starts a segment or is unused. */
interface Before {
  readonly active: Bool;
  readonly continues: Bool;
  readonly segment: Wire;
  /** Symbols of the segment before the next row. */
  readonly done: Wire;
  readonly counter: Wire;
}

/** Number of segments that the rows analyse: those numbered 0, 1, ... */
export function freshCodeRows(
  b: Builder,
  count: number,
  code: FreshCodeTables,
  columns: FreshColumns,
  entry: (i: number) => FreshRowEntry | undefined,
): Wire {
  const steps = pushTable(b);
  const first: Term[] = [];
  // The number before that of segment 0.
  let before: Before = {
    active: b.one,
    continues: b.zero,
    segment: b.constant(-1n),
    done: b.zero,
    counter: b.zero,
  };
  for (let i = 0; i < count; i++)
    before = b.scope(`freshRow[${i}]`, () => {
      const row = freshRow(b, { code, columns, steps }, before, () => entry(i));
      first.push([1n, row.isFirst]);
      return row.after;
    });
  b.assertZero([], [[1n, before.continues]], 0n, "freshRows.lastIsComplete"); // prettier-ignore
  return sum(b, first, 0n, "freshRows.segments");
}

/** By symbol: what it adds to the counter. */
const pushTable = (b: Builder): Rom<Wire> =>
  fieldRom(
    b,
    Array.from({ length: SYMBOLS }, (_, symbol) =>
      b.constant(symbol < 256 ? BigInt(pushBytes(symbol)) : symbol < PUSH_DATA ? NO_BYTE : -1n),
    ),
    "pushTable",
  );

interface Shared {
  readonly code: FreshCodeTables;
  readonly columns: FreshColumns;
  readonly steps: Rom<Wire>;
}

function freshRow(
  b: Builder,
  { code, columns, steps }: Shared,
  before: Before,
  entry: () => FreshRowEntry | undefined,
): { isFirst: Bool; after: Before } {
  const active = witnessBool(b, "active", () => entry()?.segment !== undefined);
  assertImplies(b, active, before.active, "active.prefix");
  assertImplies(b, before.continues, active, "continues.active");
  const isFirst = assertBits(b, sum(b, [[1n, active], [-1n, before.continues]], 0n, "isFirst"), 1, "isFirst"); // prettier-ignore
  const number = sum(b, [[1n, before.segment], [1n, isFirst]], 0n, "segment"); // prettier-ignore
  const segment = assertBits(b, mul(b, active, number, "segment.own"), 14, "segment.size");
  const done = mul(b, before.continues, before.done, "done");
  const own = sum(b, [[1n, columns.base.read(b, segment, "base")], [1n, done]], 0n, "position"); // prettier-ignore
  const position = witnessBits(b, 20, "position.own", () => BigInt(entry()?.position ?? 0));
  b.assertZero([[1n, active, position], [-1n, active, own]], [], 0n, "position.isOwn"); // prettier-ignore
  const left = combine(b, [[1n, active, columns.length.read(b, segment, "length")], [-1n, active, done]], [], 0n, "left"); // prettier-ignore
  const isLast = witnessBool(b, "isLast", () => entry()?.isLast ?? false);
  assertImplies(b, isLast, active, "isLast.active");
  const { inside, counter } = analyse(b, code.symbols, steps, { position, active, left, counter: mul(b, before.continues, before.counter, "counter.start") }); // prettier-ignore
  const rest = sum(b, [[1n, left], [-1n, inside]], 0n, "rest"); // prettier-ignore
  assertBits(b, rest, LENGTH_BITS, "rest.size");
  b.assertZero([[1n, isLast, rest]], [], 0n, "isLast.isComplete"); // prettier-ignore
  const continues = assertBits(b, sum(b, [[1n, active], [-1n, isLast]], 0n, "continues"), 1, "continues.bool"); // prettier-ignore
  b.assertZero([[1n, continues, inside]], [[-BigInt(ROW_SYMBOLS), continues]], 0n, "row.isFull"); // prettier-ignore
  assertGapAfter(b, code.segments, isLast, position);
  const after = { active, continues, segment: number, done: sum(b, [[1n, done]], BigInt(ROW_SYMBOLS), "done.after"), counter }; // prettier-ignore
  return { isFirst, after };
}

interface Analysed {
  readonly position: Wire;
  readonly active: Bool;
  readonly counter: Wire;
  /** Symbols of the segment from here on. */
  readonly left: Wire;
}

/** The row's 84 symbols: how many are inside, and the counter after them. */
function analyse(
  b: Builder,
  symbols: Rom<Wire>,
  steps: Rom<Wire>,
  row: Analysed,
): { inside: Wire; counter: Wire } {
  const flags: Bool[] = [];
  let { counter } = row;
  for (let i = 0; i < ROW_SYMBOLS; i++) {
    const at = sum(b, [[1n, row.position]], BigInt(i), `at[${i}]`); // prettier-ignore
    const symbol = symbols.read(b, at, `symbol[${i}]`);
    const hint = (): boolean => b.value(row.active) === 1n && i < Number(b.value(row.left));
    // The first symbol of a row is inside: a row has some.
    const inside = i === 0 ? row.active : witnessBool(b, `inside[${i}]`, hint);
    if (i > 0) {
      assertImplies(b, inside, flags[i - 1]!, `inside[${i}].prefix`);
      counter = mul(b, inside, counter, `counter[${i}]`);
    }
    flags.push(inside);
    b.assertZero([[-1n, inside, symbol]], [[1n, symbol]], 0n, `outside[${i}].isZero`); // prettier-ignore
    const step = steps.read(b, symbol, `step[${i}]`);
    b.assertZero([[1n, counter, step]], [[1n, counter]], 0n, `mark[${i}].whereDue`); // prettier-ignore
    const next = sum(b, [[1n, counter], [1n, step]], 0n, `next[${i}]`); // prettier-ignore
    counter = assertBits(b, next, COUNTER_BITS, `mark[${i}].onlyWhereDue`);
  }
  return { inside: sum(b, flags.map((flag): Term => [1n, flag]), 0n, "inside"), counter }; // prettier-ignore
}

/** The row after position's is one of zeros. */
function assertGapAfter(b: Builder, segments: SegmentColumns, isLast: Bool, position: Wire): void {
  const size = BigInt(ROW_SYMBOLS);
  const row = witnessBits(b, 20, "gap.row", () => (b.value(isLast) === 1n ? b.value(position) / size : 0n));
  b.assertZero([[1n, isLast, position], [-size, isLast, row]], [], 0n, "gap.isNext"); // prettier-ignore
  const isGap = segments.isGap.read(b, row, "gap.isGap");
  b.assertZero([[-1n, isLast, isGap]], [[1n, isLast]], 0n, "gap.isZeros"); // prettier-ignore
}
