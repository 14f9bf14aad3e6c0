/**
 * The rows of CALL, CALLCODE, DELEGATECALL and STATICCALL: which opcode, and its operands.
 *
 * Four rows for the first two (gas, address; value, input offset; input length, output offset; output length), three for the
 * others (gas, address; input; output). The last one enters the callee: z is its first position of code, y its frame.
 */
import { mul, mux, sum } from "../../../builder/arithmetic.ts";
import { not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS, type FactKey } from "../../../../protocol/evm/factKey.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts, FactWires } from "../facts/facts.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";

const KINDS = ["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"] as const;
export type CallKind = (typeof KINDS)[number];

export interface CallRows {
  readonly is: Readonly<Record<CallKind, Bool>>;
  readonly active: Bool;
  /** CALL or CALLCODE. */
  readonly hasValue: Bool;
  readonly question: TimedQuestion;
  /** Ids of operands; of the value that of 0 where the opcode has none. */
  readonly value: Wire;
  readonly inputOffset: Wire;
  readonly inputLength: Wire;
  readonly outputOffset: Wire;
  readonly outputLength: Wire;
  /** Pairs of the rows after the first. */
  readonly later: readonly (readonly [Wire, Wire])[];
}

export function callRows(b: Builder, questions: () => readonly FactKey[] | undefined): CallRows {
  const kinds = KINDS.map((kind) => [kind, witnessBool(b, `is${kind}`, () => questions()?.[0]!.op === OPCODE[kind])] as const); // prettier-ignore
  const is = Object.fromEntries(kinds) as Record<CallKind, Bool>;
  const hasValue = assertBits(b, sum(b, [[1n, is.CALL], [1n, is.CALLCODE]], 0n, "hasValue"), 1, "kind.oneOfTwo"); // prettier-ignore
  const active = assertBits(b, sum(b, kinds.map(([, bit]): Term => [1n, bit]), 0n, "active"), 1, "kind.one"); // prettier-ignore
  const question = witnessQuestion(b, () => questions()?.[0]);
  const operand = (row: number, field: "a" | "b"): Wire =>
    witnessBits(b, FACT_FIELDS[field].bits, `${field}[${row}]`, () => BigInt(questions()?.[row]?.[field] ?? 0)); // prettier-ignore
  const later = [1, 2, 3].map((row) => [operand(row, "a"), operand(row, "b")] as const);
  const [second, third, fourth] = later as [(typeof later)[0], (typeof later)[0], (typeof later)[0]];
  const pick = (withValue: Wire, without: Wire, name: string): Wire => mux(b, hasValue, withValue, without, name); // prettier-ignore
  return {
    is,
    active,
    hasValue,
    question,
    value: assertBits(b, mul(b, hasValue, second[0], "value.id"), 20, "value.id"),
    inputOffset: pick(second[1], second[0], "inputOffset.id"),
    inputLength: pick(third[0], second[1], "inputLength.id"),
    outputOffset: pick(third[1], third[0], "outputOffset.id"),
    outputLength: pick(fourth[0], third[1], "outputLength.id"),
    later,
  };
}

/** Where the callee starts, and what the first row pays. */
export interface CallAnswer {
  readonly gas: Wire;
  readonly codeBase: Wire;
  readonly frame: number;
}

/** Defines the keys of entry `i`. Each row comes after the one before, with fewer words on the stack and the gas paid. */
export function defineCallRows(
  b: Builder,
  facts: Facts,
  i: number,
  rows: CallRows,
  answer: CallAnswer,
): void {
  const { is, active, hasValue, question: q, later } = rows;
  const { gas: paid, codeBase } = answer;
  const isView = not(b, hasValue, "hasNoValue");
  const views = assertBits(b, mul(b, active, isView, "isView"), 1, "isView");
  const frame = BigInt(answer.frame);
  const op = sum(b, KINDS.map((kind): Term => [BigInt(OPCODE[kind]!), is[kind]]), 0n, "op"); // prettier-ignore
  facts.defineTimedKey("frames", i, active, { op, ...q, y: paid }, "row[0]");
  const pc = assertBits(b, sum(b, [[1n, q.pc], [1n, active]], 0n, "pc.next"), 20, "pc.next"); // prettier-ignore
  const gas = assertBits(b, sum(b, [[1n, q.gas], [-1n, paid]], 0n, "gas.next"), 36, "gas.next"); // prettier-ignore
  const common = (row: number): FactWires => ({
    op: 0n,
    a: later[row - 1]![0],
    b: later[row - 1]![1],
    t: assertBits(b, sum(b, [[1n, q.t], [BigInt(row), active]], 0n, `t[${row}]`), 20, `t[${row}]`), // prettier-ignore
    f: q.f,
    sp: assertBits(b, sum(b, [[1n, q.sp], [-2n * BigInt(row), active]], 0n, `sp[${row}]`), 16, `sp[${row}]`), // prettier-ignore
    pc,
    gas,
  });
  const ops = (withValue: number, view: number, name: string): Wire =>
    sum(b, [[BigInt(withValue), hasValue], [BigInt(view), views]], 0n, name); // prettier-ignore
  facts.defineTimedKey("frames", i, active, { ...common(1), op: ops(Tag.CALL_VALUE, Tag.VIEW_INPUT, "op[1]") }, "row[1]", 1); // prettier-ignore
  const enters = {
    z: assertBits(b, mul(b, views, codeBase, "enters.z"), 20, "enters.z"),
    y: sum(b, [[frame, views]], 0n, "enters.y"), // prettier-ignore
  };
  facts.defineTimedKey("frames", i, active, { ...common(2), ...enters, op: ops(Tag.CALL_INPUT, Tag.VIEW_OUTPUT, "op[2]") }, "row[2]", 2); // prettier-ignore
  facts.defineTimedKey("frames", i, hasValue, { ...common(3), op: BigInt(Tag.CALL_OUTPUT), z: codeBase, y: frame }, "row[3]", 3); // prettier-ignore
}
