/**
 * The rows of CREATE (value, offset; length) and CREATE2 (value, offset; length, salt). The last one enters the new account's code.
 */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { FactKey } from "../../../../protocol/evm/factKey.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { CREATE_GAS } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";

export interface CreateRows {
  readonly isCreate: Bool;
  readonly isCreate2: Bool;
  readonly active: Bool;
  readonly question: TimedQuestion;
  /** Ids of the second row: the length, and for CREATE2 the salt. */
  readonly length: Wire;
  readonly salt: Wire;
}

export function createRows(b: Builder, questions: () => readonly FactKey[] | undefined): CreateRows {
  const is = (name: "CREATE" | "CREATE2"): Bool =>
    witnessBool(b, `is${name}`, () => questions()?.[0]!.op === OPCODE[name]);
  const [isCreate, isCreate2] = [is("CREATE"), is("CREATE2")];
  const active = assertBits(b, sum(b, [[1n, isCreate], [1n, isCreate2]], 0n, "active"), 1, "kind.one"); // prettier-ignore
  const question = witnessQuestion(b, () => questions()?.[0]);
  const operand = (field: "a" | "b", name: string): Wire =>
    witnessBits(b, 20, name, () => BigInt(questions()?.[1]?.[field] ?? 0));
  return {
    isCreate,
    isCreate2,
    active,
    question,
    length: operand("a", "length"),
    salt: operand("b", "salt"),
  };
}

export function defineCreateRows(
  b: Builder,
  facts: Facts,
  i: number,
  rows: CreateRows,
  answer: { readonly gas: Wire; readonly codeBase: Wire },
): void {
  const { isCreate, isCreate2, active, question: q, length, salt } = rows;
  const op = sum(b, [[BigInt(OPCODE.CREATE!), isCreate], [BigInt(OPCODE.CREATE2!), isCreate2]], 0n, "op"); // prettier-ignore
  facts.defineTimedKey("frames", i, active, { op, ...q, y: answer.gas }, "row[0]");
  const later = (wire: Wire, step: bigint, bits: number, name: string): Wire =>
    assertBits(b, sum(b, [[1n, wire], [step, active]], 0n, name), bits, `${name}.size`); // prettier-ignore
  const gas = sum(b, [[1n, q.gas], [-1n, answer.gas], [-CREATE_GAS.fixed, active]], 0n, "gas.next"); // prettier-ignore
  const fact = {
    op: sum(b, [[BigInt(Tag.CREATE_LENGTH), isCreate], [BigInt(Tag.CREATE2_LENGTH), isCreate2]], 0n, "op[1]"), // prettier-ignore
    a: length,
    b: salt,
    t: later(q.t, 1n, 20, "t.next"),
    f: q.f,
    sp: later(q.sp, -2n, 16, "sp.next"),
    pc: later(q.pc, 1n, 20, "pc.next"),
    gas: assertBits(b, gas, 36, "gas.next.size"),
    z: answer.codeBase,
    y: BigInt(i + 1),
  };
  facts.defineTimedKey("frames", i, active, fact, "row[1]", 1);
  for (const which of [2, 3]) facts.defineKey("frames", i, b.zero, { op: 0n }, `row[${which}].isNone`, which);
}
