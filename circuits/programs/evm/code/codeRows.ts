/**
 * The table of all code: symbols by position, bytes as a stream, and the commitment of every segment.
 *
 * Proves: a run of rows from a "first" row to row r, no gaps among them, followed by a gap row, holds the symbols that `digest(r)`
 *   commits to with length `length(r)` (protocol/state/code.ts), as the sponge is collision resistant; a gap row is all zeros.
 *   If the shape `analyses`, the marks of such a run are those of PUSH data, so it may be code that nobody analysed before.
 * Assumes: nothing. Whoever uses a segment checks its length, its number of rows, its digest, and that row r is no gap
 *   (codeObjects.ts).
 * Enforces: bytes below 256, marks boolean, symbol = byte + 512 * mark; the sponge's state starts anew at a first row, with
 *   the length in its capacity, and goes on else; a gap's symbols are 0; the row after a gap is first or a gap. Analysis
 *   (pushData.ts) starts anew at a first row and at a gap.
 * Sound because: a sponge of the length's number of rows has one preimage; zeros after the last byte are part of it. A run whose
 *   last row is no gap has none, so its analysis goes from its first symbol to its last. That a row of zeros is a gap is the
 *   prover's to say: who needs one asks for 1.
 * Cost: 11 gates a byte; analysed 15.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { poseidon2Permutation } from "../../../builder/blackBoxes.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { constantBits, witnessBits, witnessBool, witnessBytes } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, U8, Wire } from "../../../builder/wire.ts";
import { bytePowers, SuffixStream } from "../../../gadgets/suffixStream.ts";
import { ROW_SYMBOLS } from "../../../../protocol/evm/codeLayout.ts";
import { PUSH_DATA, SYSTEM_CODE } from "../../../../protocol/evm/tags.ts";
import type { CodeRowEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { Domain } from "../../../../protocol/domains.ts";
import { analysePushData, dueTable } from "./pushData.ts";

const SYMBOLS_PER_FIELD = 28;
const SYMBOL_BITS = 9n;
/** Bits of a code's length. */
export const LENGTH_BITS = 24;

/** By row. */
export interface SegmentColumns {
  /** Row at which the segment of this row starts. */
  readonly start: Rom<Wire>;
  readonly length: Rom<Wire>;
  /** Commitment to the segment if this is its last row. */
  readonly digest: Rom<Wire>;
  readonly isGap: Rom<Bool>;
}

export interface CodeShape {
  readonly rows: number;
  /** Needed where code comes from elsewhere than from accounts, whose commitments are of analysed code. */
  readonly analyses: boolean;
}

export interface CodeRows {
  /** Byte + 512 * isPushData by position; the instructions of the system code at its start. */
  readonly symbols: Rom<Wire>;
  readonly bytes: SuffixStream;
  readonly segments: SegmentColumns;
  readonly isAnalysed: boolean;
}

interface Row {
  readonly bytes: readonly U8[];
  readonly symbols: readonly Wire[];
  readonly start: Wire;
  readonly length: Wire;
  readonly state: readonly Wire[];
  readonly isGap: Bool;
  /** Bytes of PUSH data that are due after the row. */
  readonly due: Wire;
}

export function codeRows(
  b: Builder,
  { rows: count, analyses }: CodeShape,
  entry: (row: number) => CodeRowEntry | undefined,
): CodeRows {
  return b.scope("code", () => {
    const rows: Row[] = [];
    const table = analyses ? dueTable(b) : undefined;
    for (let i = 0; i < count; i++)
      rows.push(b.scope(`row[${i}]`, () => codeRow(b, table, i, rows[i - 1], () => entry(i))));
    const system = Array.from({ length: ROW_SYMBOLS }, (_, i) => SYSTEM_CODE[i] ?? 0);
    const symbols = [...system.map((op) => b.constant(BigInt(op))), ...rows.flatMap((row) => row.symbols)];
    const zeros = system.map(() => constantBits(b, 8, 0n));
    return {
      symbols: rom(b, symbols, "symbols"),
      bytes: new SuffixStream(b, [...zeros, ...rows.flatMap((row) => row.bytes)], bytePowers(b, "powers256"), "bytes"),
      isAnalysed: analyses,
      segments: {
        start: rom(b, rows.map(({ start }) => start), "starts"),
        length: rom(b, rows.map(({ length }) => length), "lengths"),
        digest: fieldRom(b, rows.map(({ state }) => state[0]!), "digests"),
        isGap: rom(b, rows.map(({ isGap }) => isGap), "gaps"),
      },
    }; // prettier-ignore
  });
}

function codeRow(
  b: Builder,
  table: Rom<Wire> | undefined,
  i: number,
  before: Row | undefined,
  entry: () => CodeRowEntry | undefined,
): Row {
  const isFirst = before === undefined ? b.one : witnessBool(b, "isFirst", () => entry()?.kind === "first");
  const isGap = witnessBool(b, "isGap", () => (entry()?.kind ?? "gap") === "gap");
  const bytes = witnessBytes(b, "byte", ROW_SYMBOLS, () => entry()?.bytes ?? new Uint8Array());
  const marks = bytes.map((_, j) => witnessBool(b, `mark[${j}]`, () => (entry()?.pushData[j] ?? 0) === 1));
  const symbols = bytes.map((byte, j) =>
    sum(b, [[1n, byte], [BigInt(PUSH_DATA), marks[j]!]], 0n, `symbol[${j}]`),
  ); // prettier-ignore
  const elements = elementsOf(b, bytes, marks);
  // Symbols are bounded, and an element is below the modulus: it is 0 only if each of its symbols is.
  for (const [lane, element] of elements.entries())
    b.assertZero([[1n, isGap, element]], [], 0n, `gap[${lane}].isZero`); // prettier-ignore
  const own = witnessBits(b, LENGTH_BITS, "ownLength", () => BigInt(entry()?.length ?? 0));
  const length = before === undefined ? own : mux(b, isFirst, own, before.length, "length");
  const start =
    before === undefined ? b.zero : mux(b, isFirst, constantBits(b, 32, BigInt(i)), before.start, "start");
  const state = absorb(b, elements, isFirst, own, before?.state);
  const due = table === undefined ? b.zero : analyse(b, table, symbols, { isFirst, isGap }, before);
  return { bytes, symbols, start, length, state, isGap, due };
}

/** The PUSH data that is due after the row, which goes on with the analysis of the row before unless it is first or a gap. */
function analyse(
  b: Builder,
  table: Rom<Wire>,
  symbols: readonly Wire[],
  { isFirst, isGap }: Pick<Row, "isGap"> & { readonly isFirst: Bool },
  before: Row | undefined,
): Wire {
  if (before === undefined) return analysePushData(b, table, symbols, b.zero);
  const isNext = combine(b, [[1n, isFirst, isGap]], [[-1n, isFirst], [-1n, isGap]], 1n, "continues"); // prettier-ignore
  b.assertZero([[1n, isNext, before.isGap]], [], 0n, "continues.noGap"); // prettier-ignore
  return analysePushData(b, table, symbols, mul(b, isNext, before.due, "due.before"));
}

/** The row's three elements (protocol/state/code.ts). */
const elementsOf = (b: Builder, bytes: readonly U8[], marks: readonly Bool[]): Wire[] =>
  [0, 1, 2].map((lane) => {
    const from = lane * SYMBOLS_PER_FIELD;
    const terms = bytes.slice(from, from + SYMBOLS_PER_FIELD).flatMap((byte, j): Term[] => {
      const weight = 1n << (SYMBOL_BITS * BigInt(SYMBOLS_PER_FIELD - 1 - j));
      return [[weight, byte], [256n * weight, marks[from + j]!]]; // prettier-ignore
    });
    return sum(b, terms, 0n, `element[${lane}]`);
  });

/** The state after the row. */
function absorb(
  b: Builder,
  elements: readonly Wire[],
  isFirst: Bool,
  length: Wire,
  before: readonly Wire[] | undefined,
): Wire[] {
  const tag = sum(b, [[1n, length]], BigInt(Domain.CODE) << 64n, "tag"); // prettier-ignore
  if (before === undefined) return poseidon2Permutation(b, [...elements, tag], "permutation");
  const isNext = sum(b, [[-1n, isFirst]], 1n, "isNext"); // prettier-ignore
  const lanes = elements.map((element, lane) => combine(b, [[1n, isNext, before[lane]!]], [[1n, element]], 0n, `absorb[${lane}]`)); // prettier-ignore
  const capacity = mux(b, isFirst, tag, before[3]!, "capacity");
  return poseidon2Permutation(b, [...lanes, capacity], "permutation");
}
