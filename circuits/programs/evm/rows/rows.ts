/**
 * The rows of the machine: one an instruction, with the registers pc, sp, top, gas, frame and the instruction itself.
 *
 * Proves: from `start`, every row executes the instruction that the code holds at pc (or that the row before continues, or one
 *   that may take its place) on the stack of its frame, with the answers of a proven fact; the last row is at HALT.
 * Assumes: facts prove what they say, with 0 for an answer their instruction does not use; frames have their columns; the fact
 *   of an instruction that takes the place of others proves that it may: EXCEPTION's the cause of the halt, PUSH_MASK's the code.
 * Enforces: per row, what docs/spec/evm.md names; the counts of asked and answered timed facts (Facts.close).
 * Sound because: every register of a row is fixed by the row before, by constants, and by z and y, which are in the looked-up
 *   key; every field of the key is bounded, each has its own bits. What a row changes (words popped and pushed, the step of pc,
 *   gas, the next instruction) and its flags are the digits of its entry in the table of instructions: all in one line, since
 *   the ranges of registers keep each digit in its place (digits.ts).
 * Cost: about 71 gates a row.
 */
import { mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertDigits } from "../../../builder/digits.ts";
import { constantBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { ram, type Ram } from "../../../builder/ram.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { INSTRUCTION, type Instruction, ROW_FLAGS, type RowFlag } from "../../../../protocol/evm/instructions.ts"; // prettier-ignore
import { START_GAS, SYSTEM_STACK_BASE } from "../../../../protocol/evm/plan/rowMachine.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import type { FrameColumns } from "../services.ts";
import { instructionTable, ROW_DIGITS } from "./rowTables.ts";

/** Words of a frame's stack. */
const STACK_LIMIT = 1024n;
const HEIGHT_BITS = 11;

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
  /** Rows that execute something in place of what the code holds, and what. */
  readonly substitutes: ReadonlyMap<number, number>;
}

/** What passes from a row to the next. */
interface Registers {
  readonly op: Wire;
  /** Does `op` take the place of what the code holds? */
  readonly replaces: Bool;
  readonly pc: Wire;
  readonly sp: Wire;
  readonly top: Wire;
  readonly gas: Wire;
  readonly frame: Wire;
}

interface Machine extends RowServices {
  readonly instructions: Rom<Wire>;
  readonly stack: Ram<typeof FACT_FIELDS.z.bits>;
  readonly substitutes: () => ReadonlyMap<number, number>;
}

/** Those that a row finds in its entry: the others tell how it was fetched, and how the next is. */
type Flags = Readonly<Record<Exclude<RowFlag, "replaces" | "continues">, Bool>>;

/** An instruction that a row executes: what the witness needs of it, and its flags. */
interface Executed {
  /** Of no instruction, all 0. */
  readonly does: () => Omit<Instruction, "name" | "flags">;
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
    const machine: Machine = {
      ...services,
      instructions: instructionTable(b),
      stack: ram(b, zeros, FACT_FIELDS.z.bits, "stack"),
      substitutes: () => plan().substitutes,
    };
    let registers: Registers = {
      op: services.symbols.read(b, start, "start.symbol"),
      replaces: b.zero,
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
  const { spare, room, sp, to, from, x, below } = accessStack(b, machine, now, executed, base);
  const { z, y } = askFact(machine.facts, { ...now, frame, t, x, flags });
  const at = (): bigint => (b.value(flags.jumps) === 1n ? b.value(z) : b.value(pc));
  const paid = (): bigint => BigInt(does().gas) + (b.value(flags.changesFrame) === 1n ? 0n : b.value(y));
  const next = {
    pc: witnessBits(b, FACT_FIELDS.pc.bits, "pc", () => at() + BigInt(does().length)),
    sp,
    top: mux(b, flags.pushesAnswer, z, mux(b, flags.pushesX, x, below, "top.other"), "top"),
    gas: witnessBits(b, FACT_FIELDS.gas.bits, "gas", () => b.value(gas) - paid()),
    frame: mux(b, flags.changesFrame, y, frame, "frame"),
  };
  const fetched = fetch(b, machine, t + 1, next.pc, executed);
  const { jumps, changesFrame, clearsStack } = flags;
  const height: Term[] = [[-1n, base], [-1n, spare]]; // prettier-ignore
  assertDigits(
    b,
    [
      { ...ROW_DIGITS.flags, ...flagBits(flags, now.replaces, fetched) },
      { ...ROW_DIGITS.pops, terms: [[1n, now.sp], ...height], constant: 1n },
      { ...ROW_DIGITS.pushes, products: [[1n, clearsStack, spare]], terms: [[1n, sp], ...height], constant: 1n },
      { ...ROW_DIGITS.peak, terms: [[1n, base], [-1n, sp], [-1n, room]], constant: STACK_LIMIT - 1n },
      { ...ROW_DIGITS.sink, terms: [[1n, now.sp], [-1n, to]] },
      { ...ROW_DIGITS.dip, terms: [[1n, sp], [-1n, from]] },
      { ...ROW_DIGITS.length, products: [[1n, jumps, pc], [-1n, jumps, z]], terms: [[1n, next.pc], [-1n, pc]] },
      { ...ROW_DIGITS.next, products: [[-1n, fetched.isSymbol, fetched.symbol], [-1n, fetched.replaces, fetched.op]], terms: [[1n, fetched.op]] },
      { ...ROW_DIGITS.gas, products: [[1n, changesFrame, y]], terms: [[1n, gas], [-1n, next.gas], [-1n, y]] },
    ],
    entry,
    "instruction",
  ); // prettier-ignore
  return { ...next, op: fetched.op, replaces: fetched.replaces };
}

/** the flags, which are bits. It continues unless the next instruction is of the code, or in place of that. */
function flagBits(flags: Flags, replaces: Bool, next: Fetched): { terms: Term[]; constant: bigint } {
  const terms = Object.entries({ ...flags, replaces }).map(([flag, bit]): Term => [
    bitOf(flag as RowFlag),
    bit,
  ]);
  const continues = bitOf("continues");
  return { terms: [...terms, [-continues, next.isSymbol], [-continues, next.replaces]], constant: continues };
}

const bitOf = (flag: RowFlag): bigint => 1n << BigInt(ROW_FLAGS.indexOf(flag));

function instructionOf(b: Builder, op: Wire): Executed {
  const found = (): Instruction | undefined => INSTRUCTION[Number(b.value(op))];
  const names = ROW_FLAGS.filter((flag) => flag !== "replaces" && flag !== "continues");
  const flags = names.map((flag) => [flag, witnessBool(b, flag, () => found()?.flags.has(flag) ?? false)] as const); // prettier-ignore
  return { does: () => found() ?? NOTHING, flags: Object.fromEntries(flags) as Flags };
}

const NOTHING = { pops: 0, delta: 0, peak: 0, sink: 0, dip: 0, length: 0, gas: 0, next: 0 };

interface Fetched {
  readonly op: Wire;
  readonly symbol: Wire;
  readonly isSymbol: Bool;
  readonly replaces: Bool;
}

/** what row t executes: what the code holds, something that may take its place, or what the row before continues with. */
function fetch(
  b: Builder,
  { symbols, substitutes }: Machine,
  t: number,
  pc: Wire,
  { does }: Executed,
): Fetched {
  const symbol = symbols.read(b, pc, "symbol");
  const replaces = witnessBool(b, "replaces", () => substitutes().has(t));
  const isSymbol = witnessBool(b, "isSymbol", () => does().next === 0 && !substitutes().has(t));
  const op = witnessBits(b, FACT_FIELDS.op.bits, "op", () => {
    if (b.value(replaces) === 1n) return BigInt(substitutes().get(t) ?? 0);
    return b.value(isSymbol) === 1n ? b.value(symbol) : BigInt(does().next);
  });
  return { op, symbol, isSymbol, replaces };
}

interface StackAccess {
  /** Words of the frame's stack below those it pops, and above those it ever has: not negative. */
  readonly spare: Wire;
  readonly room: Wire;
  /** The new top's place. */
  readonly sp: Wire;
  /** Where the top is written, and where `below` is read. */
  readonly to: Wire;
  readonly from: Wire;
  readonly x: Wire;
  readonly below: Wire;
}

/** x read, the top written, what then lies below read, in this order. */
function accessStack(
  b: Builder,
  { stack }: Machine,
  { sp, top }: Registers,
  { does, flags }: Executed,
  base: Wire,
): StackAccess {
  const place = (name: string, value: () => bigint): Wire =>
    witnessBits(b, spBits(stack.length), name, value);
  const height = (name: string, value: () => bigint): Wire => witnessBits(b, HEIGHT_BITS, name, value);
  const spare = height("stack.spare", () => b.value(sp) + 1n - BigInt(does().pops) - b.value(base));
  const x = stack.read(b, sum(b, [[1n, base], [1n, spare]], 0n, "stack.at"), "x"); // prettier-ignore
  const to = place("stack.to", () => b.value(sp) - BigInt(does().sink));
  stack.write(b, to, top, "stack.write");
  const cleared = (): bigint => b.value(flags.clearsStack) * b.value(spare);
  const after = place("sp", () => b.value(sp) + BigInt(does().delta) - cleared());
  const room = height("stack.room", () => b.value(base) + STACK_LIMIT - 1n - b.value(after) - BigInt(does().peak)); // prettier-ignore
  const from = place("stack.from", () => b.value(after) - BigInt(does().dip));
  return { spare, room, sp: after, to, from, x, below: stack.read(b, from, "below") };
}

/** Bits of a place in a table of stacks of this length: those of one limb of a range if they do. */
const spBits = (length: number): number => (length <= 2 ** 14 ? 14 : FACT_FIELDS.sp.bits);

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
