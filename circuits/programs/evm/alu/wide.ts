/**
 * ADDMOD and MULMOD, which take two rows: the two operands, then the modulus.
 *
 * Proves: the answer to the second row is the id of the result for the words of both rows; the first row has no answer.
 * Assumes: `wideCore`.
 * Enforces: the keys' times are t and t + 1; the rest of where and when is the row's own.
 * Sound because: the row of the opcode continues with MODULUS, so rows t and t + 1 belong to one execution.
 * Cost: 230 gates.
 */
import type { Builder } from "../../../builder/builder.ts";
import { wideCore } from "../../../gadgets/alu/wideCore.ts";
import type { WideEntry } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { witnessQuestion } from "../timed.ts";

/** The second row of an unused entry: it too is the one after the first. */
const UNUSED = { op: 0, t: 1 } as const;

export function wideChip(
  b: Builder,
  facts: Facts,
  count: number,
  entry: (i: number) => WideEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`wide[${i}]`, () => {
      const first = b.scope("first", () => witnessQuestion(b, () => entry(i)?.first));
      const second = b.scope("second", () => witnessQuestion(b, () => entry(i)?.second ?? UNUSED));
      b.assertZero([], [[1n, second.t], [-1n, first.t]], -1n, "second.isNext"); // prettier-ignore
      const operands = {
        x: facts.word(first.a, "x"),
        y: facts.word(first.b, "y"),
        n: facts.word(second.a, "n"),
      };
      const core = wideCore(b, operands, () => entry(i)?.name, "core");
      facts.defineWord("wide", i, core.result);
      facts.defineTimedKey("wide", i, core.active, { op: core.opcode, ...first }, "key.first", 0);
      const z = facts.wordId("wide", i);
      facts.defineTimedKey(
        "wide",
        i,
        core.active,
        { op: BigInt(Tag.MODULUS), ...second, z },
        "key.second",
        1,
      );
    });
}
