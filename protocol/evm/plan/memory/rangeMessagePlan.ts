/** The message that an opcode's two operands name (circuits/programs/evm/memory/rangeMessage.ts). */
import type { Field } from "../../../field.ts";
import { expand, memoryStart, touchedWords } from "./expansionPlan.ts";
import { Sub } from "./memoryBusPlan.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";
import type { MessagesPlan } from "./messagesPlan.ts";

export interface RangeMessagePlan {
  readonly bytes: Uint8Array;
  readonly commitment: Field;
  /** Of the expansion. */
  readonly gas: bigint;
}

/** Reads it in the time of the next row, whose operands' ids are `a` (offset) and `b` (length). Assumes that both are small. */
export function readRangeMessage(
  services: MemoryPlanServices,
  messages: MessagesPlan,
  { a, b }: { readonly a: number; readonly b: number },
): RangeMessagePlan {
  const { book, frames, rows } = services;
  const length = book.value(b);
  const offset = length === 0n ? 0n : book.value(a);
  const gas = expand(services, rows.t, rows.frame, touchedWords(offset, length));
  const start = memoryStart(frames, rows.frame) + Number(offset);
  return { gas, ...messages.read({ t: rows.t, sub: Sub.READ, start, length: Number(length) }) };
}
