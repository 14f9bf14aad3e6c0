/**
 * The message that an opcode's two operands name, and the memory they open: what KECCAK256 and LOGn share.
 *
 * Proves: `commitment` is that of the bytes [offset, offset + length) of the row's frame's memory (0 where `active` is 0), `gas` the
 *   expansion, `length` the operand.
 * Assumes: `row` is the row's own, at subs that nothing else claims. Enforces: operands.ts, expansion.ts, messages.ts.
 * Cost: 65 gates, an access and a message.
 */
import { sum } from "../../../builder/arithmetic.ts";
import { assertBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { expandMemory } from "./expansion.ts";
import { memoryTime } from "./memoryBus.ts";
import type { Messages } from "./messages.ts";
import { ADDRESS_BITS, memoryRange, touchedWords } from "./operands.ts";
import type { TimedQuestion } from "../timed.ts";
import type { MemoryServices } from "./services.ts";

export interface RangeMessage {
  readonly commitment: Wire;
  readonly gas: Wire;
  readonly length: Wire;
}

export function rangeMessage(
  services: MemoryServices & { readonly messages: Messages },
  row: TimedQuestion,
  active: Bool,
): RangeMessage {
  const { b, bus, facts, frames, messages } = services;
  const { t, f } = row;
  const range = memoryRange(b, facts.word(row.a, "offset"), facts.word(row.b, "length"), "range");
  const { length } = range;
  const base = frames.read("memoryBase", f, "memoryBase");
  const limit = frames.read("memoryLimit", f, "memoryLimit");
  const touched = touchedWords(b, range, "touched");
  const time = memoryTime(b, t, Sub.SIZE, undefined, "size.time");
  const { gas } = expandMemory(b, bus, { time, base, limit, touched, condition: active }, "size");
  const from = sum(b, [[32n, base], [1n, range.offset]], 64n, "start"); // prettier-ignore
  const start = assertBits(b, from, ADDRESS_BITS, "start.size");
  const commitment = messages.commitment({ t, sub: Sub.READ, start, length }, "message", active);
  return { commitment, gas, length };
}
