/**
 * Causes of exceptional halts that need no operand: facts CAUSE(f, sp, pc, gas), which the row EXCEPTION takes.
 *
 * Proves: with this stack and gas, the instruction at pc halts frame f exceptionally (yellow paper, section 9.4.2; EIP-214, EIP-2200).
 * Assumes: the frame's columns. Operands of halts that depend on them are proven by misfits.ts.
 * Enforces: one cause is named, and it is so: C-1 less gas is left than the instruction always costs, or less than none; C-2
 *   the stack has fewer words than it takes; C-3 it would have more than 1,024; C-4 the symbol is no instruction; C-5 it writes,
 *   and the frame is static; C-6 it is SSTORE, and at most 2,300 gas is left.
 * Sound because: each of the first three and the last is one linear form that is not negative; products of the flags with what
 *   the table of instructions says are 0 for the others. The table is that of opcodes: all words of an opcode of several rows.
 * Cost: 60 gates, and 1,100 once.
 */
import { combine, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Product, Term } from "../../../builder/builder.ts";
import { assertBits, constantBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { INSTRUCTIONS } from "../../../../protocol/evm/tags.ts";
import { CAUSES, type Cause, type CauseEntry, instructionFacts, SENTRY } from "../../../../protocol/evm/plan/frames/causes.ts"; // prettier-ignore
import type { FrameServices } from "./frameServices.ts";

const STACK_LIMIT = 1024n;
/** Fields of the table: words taken and given, gas, and bits. */
const FIELDS = { pops: [0, 5], pushes: [5, 5], gas: [10, 18], isNone: [28, 1], writes: [29, 1], isStore: [30, 1] } as const; // prettier-ignore
type Field = keyof typeof FIELDS;

export class CauseTable {
  readonly #rom: Rom<Wire>;

  constructor(b: Builder) {
    const packed = Array.from({ length: INSTRUCTIONS }, (_, op) => {
      const facts = instructionFacts(op);
      return (Object.keys(FIELDS) as Field[]).reduce((so, field) => so + (BigInt(facts[field]) << BigInt(FIELDS[field][0])), 0n); // prettier-ignore
    });
    this.#rom = rom(b, packed.map((value) => constantBits(b, 32, value)), "causes.table"); // prettier-ignore
  }

  read(b: Builder, op: Wire, name: string): Readonly<Record<Field, Wire>> {
    const packed = this.#rom.read(b, op, name);
    const fields = (Object.keys(FIELDS) as Field[]).map((field) => {
      const [at, bits] = FIELDS[field];
      return [field, witnessBits(b, bits, `${name}.${field}`, () => (b.value(packed) >> BigInt(at)) & ((1n << BigInt(bits)) - 1n))] as const; // prettier-ignore
    });
    const terms = fields.map(([field, wire]): Term => [1n << BigInt(FIELDS[field][0]), wire]);
    b.assertZero([], [...terms, [-1n, packed]], 0n, `${name}.fields`);
    return Object.fromEntries(fields) as Record<Field, Wire>;
  }
}

export interface CauseServices extends Pick<FrameServices, "frames" | "symbols"> {
  readonly table: CauseTable;
}

/** The frame and the position of code that an entry is about. */
export interface Place {
  readonly f: Wire;
  readonly pc: Wire;
}

/** What an entry that is a cause says beside its place. */
export interface CauseWires {
  readonly isCause: Bool;
  readonly sp: Wire;
  readonly gas: Wire;
}

/** Enforces C-1 to C-6 of one entry. */
export function cause(
  b: Builder,
  { frames, symbols, table }: CauseServices,
  { f, pc }: Place,
  entry: () => CauseEntry | undefined,
): CauseWires {
  const flags = CAUSES.map((kind) => [kind, witnessBool(b, `is.${kind}`, () => entry()?.cause === kind)] as const); // prettier-ignore
  const is = Object.fromEntries(flags) as Record<Cause, Bool>;
  const active = assertBits(b, sum(b, flags.map(([, bit]): Term => [1n, bit]), 0n, "active"), 1, "cause.one"); // prettier-ignore
  const field = (name: "sp" | "gas"): Wire =>
    witnessBits(b, FACT_FIELDS[name].bits, name, () => BigInt(entry()?.[name] ?? 0));
  const [sp, gas] = [field("sp"), field("gas")];
  const op = table.read(b, symbols.read(b, pc, "symbol"), "instruction");
  const floor = frames.read("floor", f, "floor");
  const height = sum(b, [[1n, sp], [-1n, frames.read("stackBase", f, "stackBase")]], 1n, "height"); // prettier-ignore
  const short = (least: Wire | bigint, name: string): Wire => {
    const terms: Term[] = [[1n, floor], [-1n, gas]]; // prettier-ignore
    return typeof least === "bigint" ? sum(b, terms, least, name) : sum(b, [...terms, [1n, least]], -1n, name); // prettier-ignore
  };
  const over = sum(b, [[1n, height], [-1n, op.pops], [1n, op.pushes]], -1n - STACK_LIMIT, "over"); // prettier-ignore
  const under = sum(b, [[1n, op.pops], [-1n, height]], -1n, "under"); // prettier-ignore
  const margins: Product[] = [
    [1n, is.gas, short(op.gas, "gas.short")],
    [1n, is.underflow, under],
    [1n, is.overflow, over],
    [1n, is.sentry, short(SENTRY, "sentry.short")],
  ];
  assertBits(b, combine(b, margins, [], 0n, "margin"), 38, "cause.isMet");
  b.assertZero([[1n, is.invalid, op.isNone]], [[-1n, is.invalid]], 0n, "invalid.isNoInstruction"); // prettier-ignore
  b.assertZero([[1n, is.sentry, op.isStore]], [[-1n, is.sentry]], 0n, "sentry.isStore"); // prettier-ignore
  b.assertZero([[1n, is.static, op.writes]], [[-1n, is.static]], 0n, "static.isWrite"); // prettier-ignore
  const isStatic = frames.read("isStatic", f, "isStatic");
  b.assertZero([[1n, is.static, isStatic]], [[-1n, is.static]], 0n, "static.isStaticFrame"); // prettier-ignore
  return { isCause: active, sp, gas };
}
