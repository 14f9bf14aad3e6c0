/**
 * The words of the transactions' data as the first cells of memory.
 *
 * Proves: cell r holds the id of a word that is row r of the data of all transactions.
 * Cost: 5 gates a word.
 */
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import type { Facts } from "../facts/facts.ts";
import type { DataWords } from "../transactions/dataWords.ts";

/** `ids`: the planner's. An unused row holds the word 0. */
export const dataCells = (
  b: Builder,
  facts: Facts,
  { list }: DataWords,
  ids: () => readonly number[],
): Wire[] =>
  list.map(({ value }, r) =>
    b.scope(`dataCell[${r}]`, () => {
      const id = witnessBits(b, FACT_FIELDS.z.bits, "id", () => BigInt(ids()[r] ?? 0));
      facts.assertWord(id, value, "isWord");
      return id;
    }),
  );
