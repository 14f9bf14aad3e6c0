/**
 * Opcodes that touch memory no gas pays for, and RETURNDATACOPY beyond the return data (EIP-211): their chips need not, and cannot,
 * execute them. They are answered with a penalty, which puts the frame below its floor: its only way on is an exceptional halt.
 *
 * Proves: the entry's keys are the rows of an opcode that halts exceptionally with its operands.
 * Assumes: the frame's columns; later rows follow the first, as the rows' table has it.
 * Enforces: one kind; the range of its operands is huge, or its least cost is more than is left: what it always pays, memory, words
 *   and bytes; or it is RETURNDATACOPY and source + length is more than the frame whose data it reads has returned.
 * Sound because: every part of the least cost is a part of the true one; clipped operands keep their order against 24 bits.
 * Cost: 280 gates.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { any } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { PENALTY } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import type { MisfitEntry } from "../../../../protocol/evm/plan/frames/misfitPlan.ts";
import { type MisfitKind, MISFITS } from "../../../../protocol/evm/plan/frames/misfits.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { memoryTime } from "../memory/memoryBus.ts";
import { clip, wordsOf } from "../memory/operands.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import { isNegative } from "./calleeGas.ts";
import type { FrameServices } from "./frameServices.ts";
import { openMemory, priceMemory } from "./memoryPrice.ts";
import { openRange } from "./openRange.ts";

const END_BITS = 156;

export type MisfitServices = Pick<FrameServices, "facts" | "frames" | "memory">;

interface Rows {
  readonly active: Bool;
  readonly flags: readonly Bool[];
  readonly q: TimedQuestion;
  readonly later: readonly (readonly [Wire, Wire])[];
}

/** Sum of `value` of the kind over the flags. */
const ofKind = (b: Builder, flags: readonly Bool[], value: (kind: MisfitKind) => number, name: string): Wire =>
  sum(b, flags.map((flag, k): Term => [BigInt(value(MISFITS[k]!)), flag]), 0n, name); // prettier-ignore

const flagOf = (b: Builder, flags: readonly Bool[], of: (kind: MisfitKind) => boolean, name: string): Bool =>
  promiseBool(
    b,
    ofKind(b, flags, (kind) => Number(of(kind)), name),
    name,
  );

/** At most one flag is 1 (`kind.one`), so a sum of some is a boolean. */
const promiseBool = (b: Builder, wire: Wire, name: string): Bool => assertBits(b, wire, 1, `${name}.bool`);

export function misfit(
  b: Builder,
  services: MisfitServices,
  i: number,
  entry: () => MisfitEntry | undefined,
): void {
  b.scope("misfit", () => {
    const { frames, memory, facts } = services;
    const rows = misfitRows(b, entry);
    const { active, flags, q } = rows;
    const base = frames.read("memoryBase", q.f, "memoryBase");
    const { offset, length, other, otherLength } = operandIds(b, rows);
    const range = openRange(b, facts.word(offset, "offset.word"), facts.word(length, "length.word"), "range");
    const second = openRange(b, facts.word(other, "other.word"), facts.word(otherLength, "otherLength.word"), "second"); // prettier-ignore
    const isLonger = isLess(b, range.words, second.words, 20, "second.isLonger");
    const words = mux(b, isLonger, second.words, range.words, "words");
    const time = memoryTime(b, q.t, Sub.SIZE, undefined, "memory.time");
    const price = priceMemory(b, memory, { time, words, condition: active }, "price");
    openMemory(b, memory, price, { base, limit: b.zero, opens: b.zero, condition: active }, "open");
    const fixed = ofKind(b, flags, (kind) => kind.fixed, "fixed");
    const once = ofKind(b, flags, (kind) => kind.fixed + kind.once, "once");
    const perWord = ofKind(b, flags, (kind) => kind.perWord, "perWord");
    const perByte = ofKind(b, flags, (kind) => kind.perByte, "perByte");
    const size = wordsOf(b, range.length, "size").words;
    const least = combine(b, [[1n, perWord, size], [1n, perByte, range.length]], [[1n, once], [1n, price.gas]], 0n, "least"); // prettier-ignore
    const left = sum(b, [[1n, q.gas], [-1n, frames.read("floor", q.f, "floor")], [-1n, least]], 0n, "left"); // prettier-ignore
    const isShort = isNegative(b, mul(b, active, left, "left.own"), "isShort");
    const isBeyond = beyondReturnData(b, services, rows, base);
    const isMisfit = any(b, [range.isHuge, second.isHuge, isShort, isBeyond], "isMisfit");
    b.assertZero([[-1n, active, isMisfit]], [[1n, active]], 0n, "cannotBeExecuted"); // prettier-ignore
    defineRows(b, services, i, rows, fixed);
  });
}

function misfitRows(b: Builder, entry: () => MisfitEntry | undefined): Rows {
  const flags = MISFITS.map(({ name, op }) => witnessBool(b, `is${name}`, () => entry()?.op === op));
  const active = assertBits(b, sum(b, flags.map((flag): Term => [1n, flag]), 0n, "active"), 1, "kind.one"); // prettier-ignore
  const q = witnessQuestion(b, () => entry()?.questions[0]);
  const operand = (row: number, field: "a" | "b"): Wire =>
    witnessBits(b, 20, `${field}[${row}]`, () => BigInt(entry()?.questions[row]?.[field] ?? 0));
  return { active, flags, q, later: [1, 2].map((row) => [operand(row, "a"), operand(row, "b")] as const) };
}

/** Ids of offset and length, and of MCOPY's source with the same length. */
function operandIds(
  b: Builder,
  { flags, q, later }: Rows,
): Record<"offset" | "length" | "other" | "otherLength", Wire> {
  // prettier-ignore
  const [a2, b2] = later[0]!;
  const places = { b: q.b, a2, b2 };
  const fixed = ofKind(b, flags, ({ length }) => (typeof length === "number" ? length : 0), "length.fixed");
  const products = (["b", "a2", "b2"] as const).map((place) => [1n, flagOf(b, flags, ({ length }) => length === place, `length.is${place}`), places[place]] as const); // prettier-ignore
  const length = assertBits(b, combine(b, products, [[1n, fixed]], 0n, "length"), 20, "length.id"); // prettier-ignore
  const fromB = flagOf(b, flags, ({ offset }) => offset === "b", "offset.isB");
  const isMove = flagOf(b, flags, ({ name }) => name === "MCOPY", "isMove");
  return {
    offset: mux(b, fromB, q.b, q.a, "offset"),
    length,
    other: assertBits(b, mul(b, isMove, q.b, "other"), 20, "other.id"),
    otherLength: assertBits(b, mul(b, isMove, length, "otherLength"), 20, "otherLength.id"),
  };
}

/** Claimed, and then true: source + length > what the frame of the return data returned. */
function beyondReturnData(
  b: Builder,
  { facts, frames, memory }: MisfitServices,
  rows: Rows,
  base: Wire,
): Bool {
  const { flags, q, later } = rows;
  const isReturned = flagOf(b, flags, ({ name }) => name === "RETURNDATACOPY", "isReturned");
  const cell = assertBits(b, sum(b, [[1n, base], [1n, isReturned]], 0n, "returnData.cell"), 20, "returnData.cell"); // prettier-ignore
  const time = memoryTime(b, q.t, Sub.RETURN_FRAME, undefined, "returnData.time");
  const frame = memory.read(time, cell, "returnData", isReturned);
  const available = frames.read(
    "outputLength",
    promiseBits(b, frame, 20, "returnData.frame"),
    "returnData.length",
  );
  const ids = [mul(b, isReturned, q.b, "source"), mul(b, isReturned, later[0]![0], "count")];
  const [source, count] = ids.map((id, k) => clip(b, facts.word(assertBits(b, id, 20, `beyond.id[${k}]`), `beyond.word[${k}]`), `beyond.value[${k}]`)) as [Wire, Wire]; // prettier-ignore
  const over = sum(b, [[1n, source], [1n, count], [-1n, available]], -1n, "beyond.over"); // prettier-ignore
  const value = (): boolean =>
    b.value(isReturned) === 1n && b.value(source) + b.value(count) > b.value(available);
  const isBeyond = witnessBool(b, "isBeyond", value);
  assertBits(b, mul(b, isBeyond, over, "beyond.margin"), END_BITS, "beyond.isProven");
  b.assertZero([[-1n, isBeyond, isReturned]], [[1n, isBeyond]], 0n, "beyond.ofReturnData"); // prettier-ignore
  return isBeyond;
}

/** Keys 1 to 3 of the entry. */
function defineRows(
  b: Builder,
  { facts }: MisfitServices,
  i: number,
  { active, flags, q, later }: Rows,
  fixed: Wire,
): void {
  const op = ofKind(b, flags, (kind) => kind.op, "op");
  const y = sum(b, [[PENALTY, active]], 0n, "penalty"); // prettier-ignore
  facts.defineTimedKey("exceptions", i, active, { op, ...q, y }, "row[0]", 1);
  const paid = sum(b, [[1n, q.gas], [-1n, fixed], [-PENALTY, active]], 0n, "gas.next"); // prettier-ignore
  const gas = assertBits(b, paid, 36, "gas.next.size");
  const pc = assertBits(b, sum(b, [[1n, q.pc], [1n, active]], 0n, "pc.next"), 20, "pc.next.size"); // prettier-ignore
  for (const row of [1, 2]) {
    const has = flagOf(b, flags, (kind) => kind.later.length >= row, `has[${row}]`);
    const [a, second] = later[row - 1]!;
    const at = (wire: Wire, step: bigint, bits: number, name: string): Wire =>
      assertBits(b, sum(b, [[1n, wire], [step, has]], 0n, `${name}[${row}]`), bits, `${name}[${row}].size`); // prettier-ignore
    const fact = { op: ofKind(b, flags, (kind) => kind.later[row - 1] ?? 0, `op[${row}]`), a, b: second, f: q.f, pc, gas }; // prettier-ignore
    facts.defineTimedKey("exceptions", i, has, { ...fact, t: at(q.t, BigInt(row), 20, "t"), sp: at(q.sp, -2n * BigInt(row), 16, "sp") }, `row[${row}]`, row + 1); // prettier-ignore
  }
}
