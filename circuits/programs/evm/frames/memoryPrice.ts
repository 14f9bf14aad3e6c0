/**
 * What it costs to open memory, apart from opening it: C(w) = 3 w + floor(w^2 / 512), for words w.
 *
 * Proves: `gas` is C(max(before, words)) - C(before), `before` the frame's size at `time` (once `openMemory` claims the access).
 * Enforces: `grows` by the range of the difference; the gas by memory/expansion.ts.
 * Cost: pricing 20 gates, opening 16.
 */
import { combine, mux } from "../../../builder/arithmetic.ts";
import { and } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { growthGas } from "../memory/expansion.ts";
import type { MemoryBus } from "../memory/memoryBus.ts";
import { WORDS_BITS } from "../memory/operands.ts";

export interface MemoryPrice {
  readonly time: Wire;
  readonly words: Wire;
  readonly before: Wire;
  readonly grows: Bool;
  readonly gas: Wire;
}

/** Where `condition` is 0, `words` must be 0: then the gas is 0. */
export function priceMemory(
  b: Builder,
  memory: MemoryBus,
  { time, words, condition }: { readonly time: Wire; readonly words: Wire; readonly condition: Bool },
  name: string,
): MemoryPrice {
  return b.scope(name, () => {
    assertFits(b, words, WORDS_BITS, "words");
    const before = memory.foretell(time, "size", condition);
    const grows = witnessBool(b, "grows", () => b.value(words) > b.value(before));
    const gap = combine(b, [[2n, grows, words], [-2n, grows, before]], [[1n, before], [-1n, words], [-1n, grows]], 0n, "gap"); // prettier-ignore
    assertBits(b, gap, WORDS_BITS, "grows.isProven");
    const after = mux(b, grows, words, before, "after");
    return { time, words, before, grows, gas: growthGas(b, { before, after }, "growth") };
  });
}

/** Claims the access; where `opens` is 1 memory has the words, and they are within the frame's limit; else it stays as it is. */
export function openMemory(
  b: Builder,
  memory: MemoryBus,
  { time, words, before, grows }: MemoryPrice,
  frame: { readonly base: Wire; readonly limit: Wire; readonly opens: Bool; readonly condition: Bool },
  name: string,
): void {
  b.scope(name, () => {
    const opens = and(b, grows, frame.opens, "opens");
    const room = combine(b, [[1n, opens, frame.limit], [-1n, opens, words]], [], 0n, "room"); // prettier-ignore
    assertBits(b, room, WORDS_BITS, "withinLimit");
    const after = mux(b, opens, words, before, "opened");
    memory.change({ time, cell: frame.base, before, after }, "change", frame.condition);
  });
}
