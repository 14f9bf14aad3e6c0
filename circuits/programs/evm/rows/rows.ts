/**
 * The rows of the machine: one an instruction, with the registers pc, sp, top, gas, frame and the instruction itself.
 *
 * Proves: from `start`, every row executes the instruction that the code holds at pc (or that the row before continues, or
 *   EXCEPTION in place of one) on the stack of its frame, with the answers of a proven fact; the last row is at HALT.
 * Assumes: facts prove what they say, with 0 for an answer their instruction does not use; frames have their columns;
 *   EXCEPTION's fact proves the cause of the halt.
 * Enforces: per row, what docs/spec/evm.md names; the counts of asked and answered timed facts (Facts.close).
 * Sound because: every register of a row is fixed by the row before, by constants, and by z and y, which are in the looked-up
 *   key; every field of the key is bounded, each has its own bits. What a row changes (words popped and pushed, the step of pc,
 *   gas, the next instruction) and its flags are the digits of its entry in the table of instructions: all in one line, since
 *   the ranges of registers keep each digit in its place (digits.ts).
 * Cost: about 73 gates a row.
 */
import { mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertDigits } from "../../../builder/digits.ts";
import { assertBits, constantBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { ram, type Ram } from "../../../builder/ram.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { INSTRUCTION, type Instruction, ROW_FLAGS, type RowFlag } from "../../../../protocol/evm/instructions.ts"; // prettier-ignore
import { START_GAS, SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode, Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";
import { instructionTable, ROW_DIGITS } from "./rowTables.ts";

/** Words of a frame's stack. */
const STACK_LIMIT = 1024n;
const HEIGHT_BITS = 11;
const EXCEPTION = BigInt(Tag.EXCEPTION);
const CONTINUES = ROW_FLAGS.indexOf("continues");

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
  readonly op: Wire;
  readonly pc: Wire;
  readonly sp: Wire;
  readonly top: Wire;
  readonly gas: Wire;
  readonly frame: Wire;
}

interface Machine extends RowServices {
  readonly instructions: Rom<Wire>;
  readonly stack: Ram<typeof FACT_FIELDS.z.bits>;
  readonly exceptions: () => ReadonlySet<number>;
}

type Flags = Readonly<Record<Exclude<RowFlag, "continues">, Bool>>;

/** An instruction that a row executes: what the witness needs of it, and its flags. */
interface Executed {
  /** Of no instruction, all 0. */
  readonly does: () => Pick<Instruction, "pops" | "delta" | "length" | "gas" | "next">;
  readonly flags: Flags;
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
      instructions: instructionTable(b),
      stack: ram(b, zeros, FACT_FIELDS.z.bits, "stack"),
      exceptions: () => exceptions,
    };
    let registers: Registers = {
      op: services.symbols.read(b, start, "start.symbol"),
      pc: start,
      sp: constantBits(b, FACT_FIELDS.sp.bits, BigInt(SYSTEM_STACK_BASE - 1)),
      top: b.zero,
      gas: constantBits(b, FACT_FIELDS.gas.bits, START_GAS),
      frame: b.zero,
    };
    for (let t = 0; t < shape.rows; t++)
      registers = b.scope(`row[${t}]`, () => executeRow(b, machine, t, registers));
    b.assertZero([], [[1n, registers.pc]], -BigInt(SystemCode.HALT), "last.isHalt"); // prettier-ignore
  });
}

function executeRow(b: Builder, machine: Machine, t: number, now: Registers): Registers {
  const { frames, instructions } = machine;
  const { op, pc, gas } = now;
  const entry = instructions.read(b, op, "entry");
  const executed = instructionOf(b, op);
  const { does, flags } = executed;
  const base = frames.read("stackBase", now.frame, "stackBase");
  const frame = frames.index(now.frame);
  const { spare, sp, x, below } = accessStack(b, machine, now, executed, base);
  const { z, y } = askFact(machine.facts, { ...now, frame, t, x, flags });
  const at = (): bigint => (b.value(flags.jumps) === 1n ? b.value(z) : b.value(pc));
  const paid = (): bigint => BigInt(does().gas) + (b.value(flags.changesFrame) === 1n ? 0n : b.value(y));
  const next = {
    pc: witnessBits(b, FACT_FIELDS.pc.bits, "pc", () => at() + BigInt(does().length)),
    sp,
    top: mux(b, flags.pushesAnswer, z, mux(b, flags.isSwap, x, below, "top.other"), "top"),
    gas: witnessBits(b, FACT_FIELDS.gas.bits, "gas", () => b.value(gas) - paid()),
    frame: mux(b, flags.changesFrame, y, frame, "frame"),
  };
  const fetched = fetch(b, machine, t + 1, next.pc, executed);
  const { jumps, changesFrame, clearsStack } = flags;
  const height: Term[] = [[-1n, base], [-1n, spare]]; // prettier-ignore
  assertDigits(
    b,
    [
      { ...ROW_DIGITS.flags, ...flagBits(flags, fetched) },
      { ...ROW_DIGITS.pops, terms: [[1n, now.sp], ...height], constant: 1n },
      { ...ROW_DIGITS.pushes, products: [[1n, clearsStack, spare]], terms: [[1n, sp], ...height], constant: 1n },
      { ...ROW_DIGITS.length, products: [[1n, jumps, pc], [-1n, jumps, z]], terms: [[1n, next.pc], [-1n, pc]] },
      { ...ROW_DIGITS.next, products: [[-1n, fetched.isSymbol, fetched.symbol]], terms: [[1n, fetched.op], [-EXCEPTION, fetched.isException]] },
      { ...ROW_DIGITS.gas, products: [[1n, changesFrame, y]], terms: [[1n, gas], [-1n, next.gas], [-1n, y]] },
    ],
    entry,
    "instruction",
  ); // prettier-ignore
  return { ...next, op: fetched.op };
}

/** the flags, which are bits, with those of what is fetched: an instruction that is not followed by one from code continues. */
function flagBits(flags: Flags, { isSymbol, isException }: Fetched): { terms: Term[]; constant: bigint } {
  const continues = 1n << BigInt(CONTINUES);
  const terms = Object.values(flags).map((bit, i): Term => [1n << BigInt(i), bit]);
  return { terms: [...terms, [-continues, isSymbol], [-continues, isException]], constant: continues };
}

function instructionOf(b: Builder, op: Wire): Executed {
  const found = (): Instruction | undefined => INSTRUCTION[Number(b.value(op))];
  const names = ROW_FLAGS.slice(0, CONTINUES) as (keyof Flags)[];
  const flags = names.map((flag) => [flag, witnessBool(b, flag, () => found()?.flags.has(flag) ?? false)] as const); // prettier-ignore
  return { does: () => found() ?? NOTHING, flags: Object.fromEntries(flags) as Flags };
}

const NOTHING = { pops: 0, delta: 0, length: 0, gas: 0, next: 0 };

interface Fetched {
  readonly op: Wire;
  readonly symbol: Wire;
  readonly isSymbol: Bool;
  readonly isException: Bool;
}

/** what row t executes: what the code holds, EXCEPTION in place of it, or what the row before continues with. */
function fetch(
  b: Builder,
  { symbols, exceptions }: Machine,
  t: number,
  pc: Wire,
  { does }: Executed,
): Fetched {
  const symbol = symbols.read(b, pc, "symbol");
  const isException = witnessBool(b, "isException", () => exceptions().has(t));
  const isSymbol = witnessBool(b, "isSymbol", () => does().next === 0 && !exceptions().has(t));
  const op = witnessBits(b, FACT_FIELDS.op.bits, "op", () => {
    const own = b.value(isSymbol) === 1n ? b.value(symbol) : BigInt(does().next);
    return b.value(isException) === 1n ? EXCEPTION : own;
  });
  return { op, symbol, isSymbol, isException };
}

/** underflow and overflow excluded; x read, the top written, what then lies below read, in this order. */
function accessStack(
  b: Builder,
  { stack }: Machine,
  { sp, top }: Registers,
  { does, flags }: Executed,
  base: Wire,
): { spare: Wire; sp: Wire; x: Wire; below: Wire } {
  const spare = witnessBits(b, HEIGHT_BITS, "stack.spare", () => b.value(sp) + 1n - BigInt(does().pops) - b.value(base)); // prettier-ignore
  const at = sum(b, [[1n, base], [1n, spare]], 0n, "stack.at"); // prettier-ignore
  const x = stack.read(b, at, "x");
  stack.write(b, mux(b, flags.isSwap, at, sp, "stack.to"), top, "stack.write");
  const after = witnessBits(b, FACT_FIELDS.sp.bits, "sp", () => {
    const cleared = b.value(flags.clearsStack) * b.value(spare);
    return b.value(sp) + BigInt(does().delta) - cleared;
  });
  const room = sum(b, [[1n, base], [-1n, after]], STACK_LIMIT - 1n, "stack.room"); // prettier-ignore
  assertBits(b, room, HEIGHT_BITS, "stack.notTooHigh");
  const below = stack.read(b, mux(b, flags.isDup, at, after, "stack.from"), "below");
  return { spare, sp: after, x, below };
}

interface Question extends Registers {
  readonly t: number;
  readonly x: Wire;
  readonly flags: Flags;
}

/** the key holds what the flags say, and the answers; it is the key of a proven fact. */
function askFact(facts: Facts, row: Question): { z: Wire; y: Wire } {
  const { asksOperands, asksPc, asksFrame, asksTime } = row.flags;
  const question = {
    op: row.op,
    a: { if: asksOperands, then: row.top },
    b: { if: asksOperands, then: row.x },
    pc: { if: asksPc, then: row.pc },
    f: { if: asksFrame, then: row.frame },
    t: { if: asksTime, then: BigInt(row.t) },
    sp: { if: asksTime, then: row.sp },
    gas: { if: asksTime, then: row.gas },
  };
  return facts.ask(question, asksTime, "fact");
}
