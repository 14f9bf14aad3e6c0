/**
 * The table of all code: symbols by position, bytes as a stream, and the commitment of every segment.
 *
 * Proves: a run of rows from a "first" row to row r, followed by a gap row, holds the symbols that `digest(r)` commits to
 *   with length `length(r)` (protocol/state/code.ts), as the sponge is collision resistant; a gap row is all zeros.
 * Assumes: nothing. Whoever uses a segment checks its length, its number of rows and its digest (codeObjects.ts).
 * Enforces: bytes below 256, marks boolean, symbol = byte + 512 * mark; the sponge's state starts anew at a first row, with
 *   the length in its capacity, and goes on else; a gap's symbols are 0.
 * Sound because: a sponge of the length's number of groups has one preimage; zeros after the last byte are part of it. That a row is
 *   a gap is the prover's to say: who needs one asks for 1, which only a row of zeros can have, and 0 gives nobody anything.
 * Cost: 12 gates a byte.
 */
import { combine, mux, sum } from "../../../builder/arithmetic.ts";
import { poseidon2Permutation } from "../../../builder/blackBoxes.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { constantBits, witnessBits, witnessBool, witnessBytes } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, U8, Wire } from "../../../builder/wire.ts";
import { ByteStream, type Powers256 } from "../../../gadgets/byteStream.ts";
import { ROW_SYMBOLS } from "../../../../protocol/evm/codeLayout.ts";
import { PUSH_DATA, SYSTEM_CODE } from "../../../../protocol/evm/tags.ts";
import type { CodeRowEntry } from "../../../../protocol/evm/plan/code/codePlan.ts";
import { Domain } from "../../../../protocol/domains.ts";

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

export interface CodeRows {
  /** Byte + 512 * isPushData by position; the instructions of the system code at its start. */
  readonly symbols: Rom<Wire>;
  readonly bytes: ByteStream;
  readonly segments: SegmentColumns;
}

interface Row {
  readonly bytes: readonly U8[];
  readonly symbols: readonly Wire[];
  readonly start: Wire;
  readonly length: Wire;
  readonly state: readonly Wire[];
  readonly isGap: Bool;
}

export function codeRows(
  b: Builder,
  count: number,
  powers: Powers256,
  entry: (row: number) => CodeRowEntry | undefined,
): CodeRows {
  return b.scope("code", () => {
    const rows: Row[] = [];
    for (let i = 0; i < count; i++)
      rows.push(b.scope(`row[${i}]`, () => codeRow(b, i, rows[i - 1], () => entry(i))));
    const system = Array.from({ length: ROW_SYMBOLS }, (_, i) => SYSTEM_CODE[i] ?? 0);
    const symbols = [...system.map((op) => b.constant(BigInt(op))), ...rows.flatMap((row) => row.symbols)];
    const zeros = system.map(() => constantBits(b, 8, 0n));
    return {
      symbols: rom(b, symbols, "symbols"),
      bytes: new ByteStream(b, [...zeros, ...rows.flatMap((row) => row.bytes)], powers, "bytes"),
      segments: {
        start: rom(b, rows.map(({ start }) => start), "starts"),
        length: rom(b, rows.map(({ length }) => length), "lengths"),
        digest: fieldRom(b, rows.map(({ state }) => state[0]!), "digests"),
        isGap: rom(b, rows.map(({ isGap }) => isGap), "gaps"),
      },
    }; // prettier-ignore
  });
}

function codeRow(b: Builder, i: number, before: Row | undefined, entry: () => CodeRowEntry | undefined): Row {
  const isFirst = before === undefined ? b.one : witnessBool(b, "isFirst", () => entry()?.kind === "first");
  const isGap = witnessBool(b, "isGap", () => (entry()?.kind ?? "gap") === "gap");
  const bytes = witnessBytes(b, "byte", ROW_SYMBOLS, () => entry()?.bytes ?? new Uint8Array());
  const marks = bytes.map((_, j) => witnessBool(b, `mark[${j}]`, () => (entry()?.pushData[j] ?? 0) === 1));
  const symbols = bytes.map((byte, j) =>
    sum(b, [[1n, byte], [BigInt(PUSH_DATA), marks[j]!]], 0n, `symbol[${j}]`),
  ); // prettier-ignore
  // All of it is bounded, so the sum is 0 only if each symbol is.
  b.assertZero(symbols.map((symbol) => [1n, isGap, symbol] as const), [], 0n, "gap.isZero"); // prettier-ignore
  const own = witnessBits(b, LENGTH_BITS, "ownLength", () => BigInt(entry()?.length ?? 0));
  const length = before === undefined ? own : mux(b, isFirst, own, before.length, "length");
  const start =
    before === undefined ? b.zero : mux(b, isFirst, constantBits(b, 32, BigInt(i)), before.start, "start");
  const state = absorb(b, bytes, marks, isFirst, own, before?.state);
  return { bytes, symbols, start, length, state, isGap };
}

/** The state after the row's three elements. */
function absorb(
  b: Builder,
  bytes: readonly U8[],
  marks: readonly Bool[],
  isFirst: Bool,
  length: Wire,
  before: readonly Wire[] | undefined,
): Wire[] {
  const isNext = sum(b, [[-1n, isFirst]], 1n, "isNext"); // prettier-ignore
  const lanes = [0, 1, 2].map((lane) => {
    const from = lane * SYMBOLS_PER_FIELD;
    const terms = bytes.slice(from, from + SYMBOLS_PER_FIELD).flatMap((byte, j): Term[] => {
      const weight = 1n << (SYMBOL_BITS * BigInt(SYMBOLS_PER_FIELD - 1 - j));
      return [[weight, byte], [256n * weight, marks[from + j]!]]; // prettier-ignore
    });
    const kept = before === undefined ? [] : [[1n, isNext, before[lane]!] as const];
    return combine(b, kept, terms, 0n, `absorb[${lane}]`);
  });
  const tag = sum(b, [[1n, length]], BigInt(Domain.CODE) << 64n, "tag"); // prettier-ignore
  const capacity = before === undefined ? tag : mux(b, isFirst, tag, before[3]!, "capacity");
  return poseidon2Permutation(b, [...lanes, capacity], "permutation");
}
