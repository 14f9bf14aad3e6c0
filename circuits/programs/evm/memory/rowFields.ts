/** The fields of a timed fact that its row has: bounded, for every entry, used or not. */
import type { Builder, Term } from "../../../builder/builder.ts";
import { sum } from "../../../builder/arithmetic.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS, type FactKey } from "../../../../protocol/evm/factKey.ts";

const FIELDS = ["a", "b", "t", "f", "sp", "pc", "gas"] as const;
type RowField = (typeof FIELDS)[number];
export type RowFields = Readonly<Record<RowField, Wire>>;

export const rowFields = (b: Builder, fact: () => FactKey | undefined): RowFields =>
  Object.fromEntries(
    FIELDS.map((field) => [
      field,
      witnessBits(b, FACT_FIELDS[field].bits, field, () => BigInt(fact()?.[field] ?? 0)),
    ]),
  ) as unknown as RowFields;

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
  first: RowFields,
  { active, rows, popped, paid }: LaterRow,
  name: string,
): Omit<RowFields, "a" | "b"> {
  const change = (field: RowField, terms: readonly Term[], constant = 0n): Wire => {
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
