/** Words that the prover names. They are no facts: whoever answers with one proves what it is. Cost: 13 gates, 6 for the tables. */
import type { Builder } from "../../../builder/builder.ts";
import { witnessWord } from "../../../builder/ranges.ts";
import type { Facts, FactSource } from "./facts.ts";

export function defineLiterals(b: Builder, facts: Facts, count: number, source: () => FactSource): void {
  for (let i = 0; i < count; i++) {
    const id = Number(facts.wordId("literals", i));
    facts.defineWord(
      "literals",
      i,
      witnessWord(b, `literal[${i}]`, () => source().value(id)),
    );
  }
}
