/**
 * Memory grows by touching it, and growing costs gas: C(words) = 3 words + floor(words^2 / 512).
 *
 * Proves: the frame's size in words, its first cell, becomes the greater of what it was and `touched`; `gas` is the difference
 *   of C, and what it was is `before`.
 * Assumes: `base` and `limit` are the frame's; `time` is the caller's own. Where `condition` is 0, `touched` is 0: then the gas is 0.
 * Enforces: a size that grows is at most `limit`, so that no frame touches another's cells; floor(w^2 / 512) by
 *   w^2 = 512 q + r with r < 512, over the integers (w < 2^20).
 * Sound because: `grows` has one value by the range of touched - before - 1 or before - touched.
 * Cost: 21 gates and a claim.
 */
import { combine, mul, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import type { MemoryBus } from "./memoryBus.ts";
import { WORDS_BITS } from "./operands.ts";

/** Of floor(w^2 / 512) and of the gas. */
const QUOTIENT_BITS = 31;
const EXPANSION_BITS = 31;

export interface Growth {
  readonly time: Wire;
  /** Of the frame. */
  readonly base: Wire;
  readonly limit: Wire;
  /** Words that memory must have; 0 = as it is. */
  readonly touched: Wire;
  readonly condition?: Bool;
  /** The cell, where it is not `base`: then `touched` must be 0. */
  readonly cell?: Wire;
}

export interface Grown {
  readonly before: Wire;
  readonly gas: Wire;
}

export function expandMemory(b: Builder, bus: MemoryBus, growth: Growth, name: string): Grown {
  const { time, base, limit, touched, condition, cell = base } = growth;
  assertFits(b, touched, WORDS_BITS, `${name}.touched`);
  const before = bus.foretell(time, name, condition);
  const grows = witnessBool(b, `${name}.grows`, () => b.value(touched) > b.value(before));
  const gap = combine(b, [[2n, grows, touched], [-2n, grows, before]], [[1n, before], [-1n, touched], [-1n, grows]], 0n, `${name}.gap`); // prettier-ignore
  assertBits(b, gap, WORDS_BITS, `${name}.isGreater`);
  const after = mux(b, grows, touched, before, `${name}.after`);
  const room = combine(b, [[1n, grows, limit], [-1n, grows, touched]], [], 0n, `${name}.room`); // prettier-ignore
  assertBits(b, room, WORDS_BITS, `${name}.withinLimit`);
  bus.change({ time, cell, before, after }, name, condition);
  return { before, gas: growthGas(b, { before, after }, name) };
}

/** C(after) - C(before), for words below 2^20 that do not shrink. Cost: 7 gates. */
export function growthGas(
  b: Builder,
  { before, after }: { readonly before: Wire; readonly after: Wire },
  name: string,
): Wire {
  const [old, now] = [quotient(b, before, `${name}.old`), quotient(b, after, `${name}.now`)];
  const cost = sum(b, [[3n, after], [-3n, before], [1n, now], [-1n, old]], 0n, `${name}.gas`); // prettier-ignore
  return assertBits(b, cost, EXPANSION_BITS, `${name}.gas.size`);
}

function quotient(b: Builder, words: Wire, name: string): Wire {
  const q = witnessBits(b, QUOTIENT_BITS, `${name}.quotient`, () => b.value(words) ** 2n / 512n);
  const square = mul(b, words, words, `${name}.square`);
  assertBits(b, sum(b, [[1n, square], [-512n, q]], 0n, `${name}.remainder`), 9, `${name}.remainder.isSmall`); // prettier-ignore
  return q;
}
