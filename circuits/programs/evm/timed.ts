/** The question of a timed fact in wires, each field bounded: when and where a row asks, and its operands. */
import type { Builder } from "../../builder/builder.ts";
import { witnessBits } from "../../builder/ranges.ts";
import type { Wire } from "../../builder/wire.ts";
import { FACT_FIELDS, type FactKey } from "../../../protocol/evm/factKey.ts";

export interface TimedQuestion {
  readonly a: Wire;
  readonly b: Wire;
  readonly t: Wire;
  readonly f: Wire;
  readonly sp: Wire;
  readonly pc: Wire;
  readonly gas: Wire;
}

const FIELDS = ["a", "b", "t", "f", "sp", "pc", "gas"] as const;

/** Free but bounded: the row that asks fixes them. Cost: 11 gates. */
export function witnessQuestion(b: Builder, question: () => FactKey | undefined): TimedQuestion {
  const wires = FIELDS.map((field) => [
    field,
    witnessBits(b, FACT_FIELDS[field].bits, field, () => BigInt(question()?.[field] ?? 0)),
  ]);
  return Object.fromEntries(wires) as Record<(typeof FIELDS)[number], Wire>;
}
