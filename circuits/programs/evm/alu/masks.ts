/**
 * AND with 2^160 - 1, which compilers write around every address.
 *
 * Proves: as the other arithmetic chips (coreChips.ts), for an AND one of whose words is the mask.
 * Enforces: the word chosen as the mask is 2^160 - 1 where the entry is active.
 * Cost: 40 gates, a third of the general AND.
 */
import { mux } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBool } from "../../../builder/ranges.ts";
import { lowBitsCore } from "../../../gadgets/alu/lowBitsCore.ts";
import type { MaskEntry } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import type { Facts } from "../facts/facts.ts";
import { witnessIds } from "./coreChips.ts";

const ADDRESS_BITS = 160;

export function maskChip(
  b: Builder,
  facts: Facts,
  count: number,
  entry: (i: number) => MaskEntry | undefined,
): void {
  for (let i = 0; i < count; i++)
    b.scope(`masks[${i}]`, () => {
      const ids = witnessIds(b, () => entry(i));
      const isSecond = witnessBool(b, "isMaskSecond", () => entry(i)?.isMaskSecond ?? false);
      const mask = mux(b, isSecond, ids.b, ids.a, "mask.id");
      const other = mux(b, isSecond, ids.a, ids.b, "other.id");
      const x = facts.word(other, "x");
      const choose = (): "AND" | undefined => (entry(i) === undefined ? undefined : "AND");
      const core = lowBitsCore(b, { x, mask: facts.word(mask, "mask") }, ADDRESS_BITS, choose, "core");
      // The lower half is word x's: read from the table, it must be bounded by something else before it goes back into it.
      const lo = b.range(core.result.lo, 128, "lo");
      facts.defineWord("masks", i, { hi: core.result.hi, lo: { ...core.result.lo, index: lo.index } });
      facts.defineKey(
        "masks",
        i,
        core.active,
        { op: core.opcode, ...ids, z: facts.wordId("masks", i) },
        "key",
      );
    });
}
