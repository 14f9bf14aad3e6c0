/**
 * Ends of frames: STOP, RETURN, REVERT, SELFDESTRUCT, EXCEPTION, and those of frames without code, PRECOMPILE and FAIL.
 *
 * Proves: the row that ends the frame pays what the end costs and leaves at least the floor; what the frame did to the state stays
 *   iff it succeeded; LEAVE goes back to the caller, RESULT pushes 1 or 0, or what a creation made; the caller's return data is this
 *   frame's output, as much of which as it has room for is copied into its memory.
 * Assumes: `OpenFrame` of the start; CAUSE facts (causes.ts); FAIL and PRECOMPILE stand in system code only.
 * Enforces:
 *   FE-1 one kind of end, and the end's question has this frame's number.
 *   FE-2 cost = memory (RETURN, REVERT), heir (SELFDESTRUCT), deposit (creations), precompile; `isBroken` = 1 iff the range is
 *        huge, the cost is more than is left, or deposit or precompile fail; y is then all that is left.
 *   FE-3 EXCEPTION has a proven cause for its place, stack and gas, and pays down to the floor.
 *   FE-4 an end that is neither STOP nor an unbroken RETURN, SELFDESTRUCT or PRECOMPILE reverts to the frame's checkpoint.
 *   FE-5 SELFDESTRUCT is not in a static frame (EIP-214).
 *   FE-6 LEAVE at t + 1, RESULT at t + 2, with the caller's place and stack.
 * Sound because: left = gas - floor - cost is proven on one side of 0; a broken STOP would pay a negative amount, so a frame
 *   below its floor has no end but EXCEPTION. Every key has the frame's number, so a frame ends exactly once (F-3).
 * Cost: 470 gates.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, any, not, or } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { isLess } from "../../../builder/compare.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS, type FactKey } from "../../../../protocol/evm/factKey.ts";
import { EXCEPTION_CREDIT } from "../../../../protocol/evm/instructions.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { DESTROY_GAS, END_SUB } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import { timeOf } from "../state/stateBus.ts";
import { memoryTime } from "../memory/memoryBus.ts";
import { GAS_BITS, isNegative } from "./calleeGas.ts";
import type { FrameServices } from "./frameServices.ts";
import { openMemory, priceMemory } from "./memoryPrice.ts";
import { byteAddress, type OpenFrame } from "./openFrame.ts";
import { openRange, type OpenedRange } from "./openRange.ts";
import { selfDestruct } from "./selfDestruct.ts";

const KINDS = {
  STOP: OPCODE.STOP!,
  RETURN: OPCODE.RETURN!,
  REVERT: OPCODE.REVERT!,
  SELFDESTRUCT: OPCODE.SELFDESTRUCT!,
  EXCEPTION: Tag.EXCEPTION,
  PRECOMPILE: Tag.PRECOMPILE,
  FAIL: Tag.FAIL,
} as const;
type EndKind = keyof typeof KINDS;

/** The question of the row that ends a frame. */
export interface EndRow {
  readonly is: Readonly<Record<EndKind, Bool>>;
  readonly a: Wire;
  readonly b: Wire;
  readonly t: Wire;
  readonly sp: Wire;
  readonly pc: Wire;
  readonly gas: Wire;
}

/** Where a frame's memory lies. */
export interface FrameMemory {
  readonly base: Wire;
  readonly limit: Wire;
}

/** What a precompile or a deposit of code adds to an end; all are 0 where it does not happen. */
export interface EndExtra {
  /** Below 2^30. */
  readonly cost: Wire;
  readonly fails: Bool;
}

/** Of a precompile. */
export interface PrecompileEnd extends EndExtra {
  /** 1 iff its output is proven: it must be where the end is not broken, and only there. */
  readonly answers: Bool;
  /** Bytes of output at the start of the frame's memory. */
  readonly outputLength: Wire;
}

/** Of a frame that may make an account (deposit.ts). */
export interface Deposit extends EndExtra {
  /** 1 where the end fails by bytes that it reads: they are in memory that the frame may open. */
  readonly readsMemory: Bool;
  /** Once it is known whether the frame succeeds. */
  settle(success: Bool): void;
}

/** What else happens at an end, by kind of frame. */
export interface EndHooks {
  readonly precompile?: (row: EndRow) => PrecompileEnd;
  readonly deposit?: (row: EndRow, range: OpenedRange) => Deposit;
  /** Id of what a success pushes; undefined: 1. */
  readonly result?: Wire;
}

export interface FrameEnd {
  readonly success: Bool;
  /** Row of the end, and the gas counter after it. */
  readonly t: Wire;
  readonly gas: Wire;
  readonly outputStart: Wire;
  readonly outputLength: Wire;
}

export function frameEnd(
  b: Builder,
  services: FrameServices,
  i: number,
  frame: OpenFrame,
  memory: FrameMemory,
  finish: () => FactKey | undefined,
  hooks: EndHooks = {},
): FrameEnd {
  const { facts, state } = services;
  const { active, columns } = frame;
  const row = endRow(b, active, finish);
  const { is } = row;
  const reads = assertBits(b, sum(b, [[1n, is.RETURN], [1n, is.REVERT]], 0n, "readsMemory"), 1, "readsMemory"); // prettier-ignore
  const range = endRange(b, services, row, reads);
  const price = priceMemory(b, services.memory, { time: memoryTime(b, row.t, 0, undefined, "memory.time"), words: range.words, condition: reads }, "price"); // prettier-ignore
  const destroys = is.SELFDESTRUCT;
  const heir = mul(b, destroys, row.a, "heir.id");
  const heirCost = selfDestruct(b, services, { t: row.t, address: mul(b, destroys, columns.address, "self.id"), heir: assertBits(b, heir, 20, "heir.id"), condition: destroys }); // prettier-ignore
  if (hooks.precompile === undefined) b.assertZero([], [[1n, is.PRECOMPILE]], 0n, "precompile.isNone"); // prettier-ignore
  const precompile = hooks.precompile?.(row);
  const deposit = hooks.deposit?.(row, range);
  const extras = [precompile, deposit].filter((extra) => extra !== undefined);
  const cost = sum(b, [[1n, price.gas], [1n, heirCost], ...extras.map((extra): Term => [1n, extra.cost])], 0n, "cost"); // prettier-ignore
  const fails = [range.isHuge, ...extras.map((extra) => extra.fails)];
  const { isBroken, paid, after } = payEnd(b, row, { floor: columns.floor, cost, fails });
  const isWhole = not(b, isBroken, "isWhole");
  if (precompile !== undefined)
    b.assertZero([[1n, is.PRECOMPILE, isWhole], [-1n, is.PRECOMPILE, precompile.answers]], [], 0n, "precompile.answersIfPaid"); // prettier-ignore
  const opens = deposit === undefined ? isWhole : or(b, isWhole, deposit.readsMemory, "opensMemory");
  openMemory(b, services.memory, price, { ...memory, opens, condition: reads }, "open");
  assertCause(services, i, row);
  b.assertZero([[1n, is.SELFDESTRUCT, columns.isStatic]], [], 0n, "static.noDestruction"); // prettier-ignore
  const goods = assertBits(b, sum(b, [[1n, is.STOP], [1n, is.RETURN], [1n, is.SELFDESTRUCT], [1n, is.PRECOMPILE]], 0n, "isGood"), 1, "isGood"); // prettier-ignore
  const success = and(b, goods, isWhole, "success");
  deposit?.settle(success);
  const failed = and(b, active, not(b, success, "isFailure"), "failed");
  state.revert(timeOf(b, row.t, END_SUB.revert, "revert.time"), columns.checkpoint, "revert", failed);
  const op = sum(b, kindTerms(is), 0n, "op");
  facts.defineTimedKey("frames", i, active, { op, f: BigInt(i + 1), a: row.a, b: row.b, t: row.t, sp: row.sp, pc: row.pc, gas: row.gas, y: paid }, "end", 4); // prettier-ignore
  const output = frameOutput(b, row, { range, reads, isWhole, precompile, memory });
  const result = mux(b, success, hooks.result ?? b.one, b.zero, "result");
  leave(b, services, i, frame, row, { reads, gas: after, result, output, success, creates: hooks.result !== undefined }); // prettier-ignore
  return { success, t: row.t, gas: after, outputStart: output.start, outputLength: output.length };
}

const kindTerms = (is: EndRow["is"]): Term[] =>
  (Object.keys(KINDS) as EndKind[]).map((kind) => [BigInt(KINDS[kind]), is[kind]]);

/** FE-1. */
function endRow(b: Builder, active: Bool, question: () => FactKey | undefined): EndRow {
  const kinds = Object.keys(KINDS) as EndKind[];
  const flags = kinds.map((kind) => [kind, witnessBool(b, `ends${kind}`, () => question()?.op === KINDS[kind])] as const); // prettier-ignore
  b.assertZero([], [...flags.map(([, bit]): Term => [1n, bit]), [-1n, active]], 0n, "end.one");
  const fields = (["a", "b", "t", "sp", "pc", "gas"] as const).map((field) => [
    field,
    witnessBits(b, FACT_FIELDS[field].bits, `end.${field}`, () => BigInt(question()?.[field] ?? 0)),
  ]);
  return {
    is: Object.fromEntries(flags) as EndRow["is"],
    ...(Object.fromEntries(fields) as Omit<EndRow, "is">),
  };
}

function endRange(b: Builder, { facts }: FrameServices, row: EndRow, reads: Bool): OpenedRange {
  const id = (wire: Wire, name: string): Wire => assertBits(b, mul(b, reads, wire, name), 20, name);
  const [offset, length] = [facts.word(id(row.a, "output.offset"), "output.from"), facts.word(id(row.b, "output.length"), "output.size")]; // prettier-ignore
  return openRange(b, offset, length, "output");
}

/** FE-2: `paid`, and the counter after it. */
function payEnd(
  b: Builder,
  { is, gas }: EndRow,
  { floor, cost, fails }: { floor: Wire; cost: Wire; fails: readonly Bool[] },
): { isBroken: Bool; paid: Wire; after: Wire } {
  const { fixed } = DESTROY_GAS;
  const isExempt = assertBits(b, sum(b, [[1n, is.EXCEPTION], [1n, is.FAIL]], 0n, "isExempt"), 1, "isExempt"); // prettier-ignore
  const above = sum(b, [[1n, gas], [-1n, floor], [-fixed, is.SELFDESTRUCT]], 0n, "above"); // prettier-ignore
  const left = combine(b, [[-1n, isExempt, above], [1n, isExempt, cost]], [[1n, above], [-1n, cost]], 0n, "left"); // prettier-ignore
  const isShort = isNegative(b, left, "isShort");
  const isBroken = any(b, [isShort, ...fails], "isBroken");
  const credit = BigInt(EXCEPTION_CREDIT);
  const products = [[1n, isBroken, above], [-1n, isBroken, cost], [1n, is.EXCEPTION, above]] as const; // prettier-ignore
  const paid = combine(
    b,
    products,
    [
      [1n, cost],
      [credit, is.EXCEPTION],
    ],
    0n,
    "paid",
  );
  const after = sum(b, [[1n, gas], [-fixed, is.SELFDESTRUCT], [credit, is.EXCEPTION], [-1n, paid]], 0n, "gas.after"); // prettier-ignore
  return { isBroken, paid: assertBits(b, paid, GAS_BITS, "paid.size"), after: assertBits(b, after, GAS_BITS, "gas.after.size") }; // prettier-ignore
}

/** FE-3. */
function assertCause({ facts }: FrameServices, i: number, row: EndRow): void {
  const { sp, pc, gas } = row;
  facts.lookUpIf(row.is.EXCEPTION, { op: BigInt(Tag.CAUSE), f: BigInt(i + 1), sp, pc, gas }, "cause");
}

interface Output {
  readonly start: Wire;
  readonly length: Wire;
}

interface OutputParts {
  readonly range: OpenedRange;
  readonly reads: Bool;
  readonly isWhole: Bool;
  readonly precompile: PrecompileEnd | undefined;
  readonly memory: FrameMemory;
}

/** Without output the length is 0, and the start the first byte of memory. */
function frameOutput(b: Builder, { is }: EndRow, parts: OutputParts): Output {
  const { range, reads, isWhole, precompile, memory } = parts;
  const returns = and(b, reads, isWhole, "returns");
  const own = mul(b, returns, range.length, "output.own");
  const made = precompile === undefined ? undefined : mul(b, and(b, is.PRECOMPILE, isWhole, "precompile.succeeds"), precompile.outputLength, "output.made"); // prettier-ignore
  const length = made === undefined ? own : sum(b, [[1n, own], [1n, made]], 0n, "output.bytes"); // prettier-ignore
  return {
    start: byteAddress(b, memory.base, range.offset, "output.start"),
    length: assertBits(b, length, 24, "output.bytes.size"),
  };
}

interface Left {
  readonly reads: Bool;
  readonly gas: Wire;
  readonly result: Wire;
  readonly output: Output;
  readonly success: Bool;
  readonly creates: boolean;
}

/** FE-6. */
function leave(
  b: Builder,
  services: FrameServices,
  i: number,
  frame: OpenFrame,
  row: EndRow,
  left: Left,
): void {
  const { facts, memory, copies } = services;
  const { active, columns, caller, room } = frame;
  const { is, pc } = row;
  const { gas, reads } = left;
  const at = (rows: bigint): Wire => assertBits(b, sum(b, [[1n, row.t], [rows, active]], 0n, `t.plus${rows}`), 20, `t.plus${rows}.size`); // prettier-ignore
  const sp = sum(b, [[1n, row.sp], [-2n, reads], [-1n, is.SELFDESTRUCT]], 0n, "leave.sp"); // prettier-ignore
  facts.defineTimedKey("frames", i, active, { op: BigInt(Tag.LEAVE), f: BigInt(i + 1), t: at(1n), sp: assertBits(b, sp, 16, "leave.sp.size"), pc, gas, z: columns.returnPc, y: columns.parent }, "leave", 5); // prettier-ignore
  const below = sum(b, [[1n, columns.stackBase], [-1n, active]], 0n, "result.sp"); // prettier-ignore
  facts.defineTimedKey("frames", i, active, { op: BigInt(Tag.RESULT), f: columns.parent, t: at(2n), sp: assertBits(b, below, 16, "result.sp.size"), pc: columns.returnPc, gas, z: assertBits(b, left.result, 20, "result.size") }, "result", 6); // prettier-ignore
  if (caller === undefined) return;
  // The caller's return data: this frame's output; of a creation that succeeded nobody's.
  const number = b.constant(BigInt(i + 1));
  const source = left.creates ? mux(b, left.success, b.zero, number, "returnData.frame") : number;
  const cell = assertBits(b, sum(b, [[1n, caller.memoryBase], [1n, active]], 0n, "returnData.cell"), 20, "returnData.cell"); // prettier-ignore
  memory.write(memoryTime(b, at(1n), 0, undefined, "returnData.time"), cell, source, "returnData", active);
  if (room === undefined) return;
  const isCut = isLess(b, room.length, left.output.length, 24, "output.isCut");
  const length = mux(b, isCut, room.length, left.output.length, "copied");
  copies.add({ t: at(2n), destination: room.start, length: assertBits(b, length, 24, "copied.size"), source: left.output.start, isCode: b.zero, available: left.output.length }, "copy"); // prettier-ignore
}
