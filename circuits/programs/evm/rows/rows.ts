/**
 * The rows of the machine: one an instruction, with the registers pc, sp, top, gas, frame and what continues.
 *
 * Proves: from `start`, every row executes the instruction that the code holds at pc (or that the row before continues, or
 *   EXCEPTION in place of one) on the stack of its frame, with the answers of a proven fact; the last row is at HALT.
 * Assumes: facts prove what they say; frames have their columns; EXCEPTION's fact proves the cause of the halt.
 * Enforces: per row, what docs/spec/evm.md names; the counts of asked and answered timed facts (Facts.close).
 * Sound because: every register of a row is fixed by the row before, by constants, and by z and y, which are in the looked-up
 *   key; every field of the key is bounded, each has its own bits.
 * Cost: about 100 gates a row.
 */
import { mul, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, constantBits, witnessBool } from "../../../builder/ranges.ts";
import { ram, type Ram } from "../../../builder/ram.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { ROW_FLAGS, type RowFlag } from "../../../../protocol/evm/instructions.ts";
import { START_GAS, SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";
import { type InstructionColumns, instructionColumns } from "./rowTables.ts";

/** Words of a frame's stack. */
const STACK_LIMIT = 1024n;
const HEIGHT_BITS = 11;
const SP_BITS = FACT_FIELDS.sp.bits;
const GAS_BITS = FACT_FIELDS.gas.bits;
const ID_BITS = FACT_FIELDS.z.bits;

export interface RowServices {
  readonly facts: Facts;
  readonly frames: FrameColumns;
  /** Byte + 512 * isPushData by position in the table of all code. */
  readonly symbols: Rom<Wire>;
}

export interface RowShape {
  readonly rows: number;
  /** Entries of the table of all stacks. */
  readonly stack: number;
}

export interface RowPlan {
  /** Rows that execute EXCEPTION. */
  readonly exceptions: readonly number[];
}

/** What passes from a row to the next. */
interface Registers {
  readonly pc: Wire;
  readonly sp: Wire;
  readonly top: Wire;
  readonly gas: Wire;
  readonly frame: Wire;
  readonly continues: Bool;
  readonly next: Wire;
}

interface Machine extends RowServices {
  readonly columns: InstructionColumns;
  readonly stack: Ram<typeof ID_BITS>;
  readonly exceptions: () => ReadonlySet<number>;
}

/** Executes `shape.rows` rows from position `start`. */
export function executeRows(
  b: Builder,
  services: RowServices,
  shape: RowShape,
  start: Wire,
  plan: () => RowPlan,
): void {
  b.scope("rows", () => {
    const zeros = Array.from({ length: shape.stack }, () => b.zero);
    const exceptions = b.compute(() => new Set(plan().exceptions)) ?? new Set();
    const machine: Machine = {
      ...services,
      columns: instructionColumns(b),
      stack: ram(b, zeros, ID_BITS, "stack"),
      exceptions: () => exceptions,
    };
    let registers: Registers = {
      pc: start,
      sp: constantBits(b, SP_BITS, BigInt(SYSTEM_STACK_BASE - 1)),
      top: b.zero,
      gas: constantBits(b, GAS_BITS, START_GAS),
      frame: b.zero,
      continues: b.zero,
      next: b.zero,
    };
    for (let t = 0; t < shape.rows; t++)
      registers = b.scope(`row[${t}]`, () => executeRow(b, machine, t, registers));
    b.assertZero([], [[1n, registers.pc]], -BigInt(SystemCode.HALT), "last.isHalt"); // prettier-ignore
  });
}

function executeRow(b: Builder, machine: Machine, t: number, before: Registers): Registers {
  const { facts, frames, symbols, columns } = machine;
  const symbol = symbols.read(b, before.pc, "symbol");
  const pc = symbols.checkedIndex(b, before.pc);
  const op = readInstruction(b, machine, t, before, symbol);
  const flags = readFlags(b, columns, op);
  const base = frames.read("stackBase", before.frame, "stackBase");
  const { sp, x, below } = accessStack(b, machine, before, op, flags, base);
  const frame = frames.index(before.frame);
  const { z, y } = askFact(b, facts, {
    pc,
    sp: before.sp,
    top: before.top,
    gas: before.gas,
    frame,
    t,
    op,
    x,
    flags,
  });
  const top = mux(b, flags.pushesAnswer, z, mux(b, flags.pushesX, x, below, "top.other"), "top");
  const length = columns.length.read(b, op, "length");
  const after = sum(b, [[1n, pc], [1n, length]], 0n, "pc.after"); // prettier-ignore
  const paid = mul(b, flags.paysAnswer, y, "paid");
  const gas = columns.gas.read(b, op, "staticGas");
  return {
    pc: mux(b, flags.jumps, z, after, "pc"),
    sp,
    top,
    gas: assertBits(b, sum(b, [[1n, before.gas], [-1n, gas], [-1n, paid]], 0n, "gas"), GAS_BITS, "gas"), // prettier-ignore
    frame: mux(b, flags.changesFrame, y, before.frame, "frame"),
    continues: flags.continues,
    next: columns.next.read(b, op, "next"),
  };
}

/** what the code holds, what the row before continues, or EXCEPTION in place of what the code holds. */
function readInstruction(b: Builder, machine: Machine, t: number, before: Registers, symbol: Wire): Wire {
  const isException = witnessBool(b, "isException", () => machine.exceptions().has(t));
  b.assertZero([[1n, isException, before.continues]], [], 0n, "exception.startsOpcode"); // prettier-ignore
  const op = mux(b, before.continues, before.next, symbol, "instruction");
  return mux(b, isException, constantBits(b, FACT_FIELDS.op.bits, BigInt(Tag.EXCEPTION)), op, "op");
}

type Flags = Readonly<Record<RowFlag, Bool>>;

/** the flags are the bits of the table's entry, so `op` is an instruction. */
function readFlags(b: Builder, columns: InstructionColumns, op: Wire): Flags {
  const all = columns.flags.read(b, op, "flags");
  const entries = ROW_FLAGS.map((flag, i) => [flag, witnessBool(b, flag, () => (b.value(all) >> BigInt(i)) & 1n)] as const); // prettier-ignore
  const terms = entries.map(([, bit], i): Term => [1n << BigInt(i), bit]);
  b.assertZero([], [...terms, [-1n, all]], 0n, "flags.areBits"); // prettier-ignore
  return Object.fromEntries(entries) as Record<RowFlag, Bool>;
}

/** underflow and overflow excluded; x read, the top written, what then lies below read, in this order. */
function accessStack(
  b: Builder,
  { columns, stack }: Machine,
  { sp, top }: Registers,
  op: Wire,
  flags: Flags,
  base: Wire,
): { sp: Wire; x: Wire; below: Wire } {
  const pops = columns.pops.read(b, op, "pops");
  const delta = columns.delta.read(b, op, "delta");
  const spare = assertBits(
    b,
    sum(b, [[1n, sp], [-1n, pops], [-1n, base]], 1n, "stack.spare"), // prettier-ignore
    HEIGHT_BITS,
    "stack.notTooLow",
  );
  const cleared = mul(b, flags.clearsStack, spare, "stack.cleared");
  const after = assertBits(
    b,
    sum(b, [[1n, sp], [1n, delta], [-1n, cleared]], 0n, "sp"), // prettier-ignore
    SP_BITS,
    "sp",
  );
  const room = sum(b, [[1n, base], [-1n, after]], STACK_LIMIT - 1n, "stack.room"); // prettier-ignore
  assertBits(b, room, HEIGHT_BITS, "stack.notTooHigh");
  const at = sum(b, [[1n, base], [1n, spare]], 0n, "stack.at"); // prettier-ignore
  const x = stack.read(b, at, "x");
  stack.write(b, mux(b, flags.isSwap, at, sp, "stack.to"), top, "stack.write");
  const below = stack.read(b, mux(b, flags.isDup1, sp, after, "stack.from"), "below");
  return { sp: after, x, below };
}

interface Question {
  readonly t: number;
  readonly op: Wire;
  readonly pc: Wire;
  readonly sp: Wire;
  readonly top: Wire;
  readonly x: Wire;
  readonly gas: Wire;
  readonly frame: Wire;
  readonly flags: Flags;
}

/** the key holds what the flags say, and the answers; it is the key of a proven fact. */
function askFact(b: Builder, facts: Facts, row: Question): { z: Wire; y: Wire } {
  const { asksOperands, asksPc, asksFrame, asksTime } = row.flags;
  const gated = {
    a: mul(b, asksOperands, row.top, "fact.a"),
    b: mul(b, asksOperands, row.x, "fact.b"),
    t: sum(b, [[BigInt(row.t), asksTime]], 0n, "fact.t"), // prettier-ignore
    f: mul(b, asksFrame, row.frame, "fact.f"),
    sp: mul(b, asksTime, row.sp, "fact.sp"),
    pc: mul(b, asksPc, row.pc, "fact.pc"),
    gas: mul(b, asksTime, row.gas, "fact.gas"),
    op: row.op,
  };
  const { z, y } = facts.ask(gated, asksTime, "fact");
  return { z, y };
}
