/** The later rows of an opcode with several: when and where they ask follows from the first row. */
import { sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import type { TimedQuestion } from "../timed.ts";

type TimedField = keyof TimedQuestion;

export interface LaterRow {
  readonly active: Bool;
  /** How many rows later, and how many words the rows before it took. */
  readonly rows: number;
  readonly popped: number;
  /** What the rows before it paid. */
  readonly paid: readonly Term[];
}

/** The fields of a later row of the same opcode; its operands are the caller's. Cost: 10 gates. */
export function laterRow(
  b: Builder,
  first: TimedQuestion,
  { active, rows, popped, paid }: LaterRow,
  name: string,
): Omit<TimedQuestion, "a" | "b"> {
  const change = (field: TimedField, terms: readonly Term[], constant = 0n): Wire => {
    const wire = sum(b, [[1n, first[field]], ...terms], constant, `${name}.${field}`); // prettier-ignore
    return assertBits(b, wire, FACT_FIELDS[field].bits, `${name}.${field}.size`);
  };
  return {
    t: change("t", [], BigInt(rows)),
    f: first.f,
    sp: change("sp", [[-BigInt(popped), active]]), // prettier-ignore
    pc: change("pc", [], 1n),
    gas: change("gas", paid.map(([k, wire]): Term => [-k, wire])), // prettier-ignore
  };
}
