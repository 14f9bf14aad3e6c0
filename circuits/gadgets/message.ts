/**
 * The commitment to a message, word by word (`protocol/evm/message.ts` says what it binds and why).
 *
 * Proves: the result is that of the native function of the same name.
 * Assumes: nothing of a start: a length that is not the message's own makes a commitment to no message, which nothing else
 *   can have. The bytes of a last word beyond the length must be proven zero by whoever has the length.
 * Enforces: one permutation each; a start absorbs one element and a step three, so none is ever the other.
 * Cost: 73 gates each.
 */
import type { Builder } from "../builder/builder.ts";
import { assertFitsWord } from "../builder/ranges.ts";
import type { Wire, Word } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import { hashFields } from "./sponge.ts";

/** The commitment before the first word. `length` in bytes. */
export const messageStart = (b: Builder, length: Wire, name: string): Wire =>
  hashFields(b, Domain.MESSAGE, [length], name);

/** The commitment after one more word. */
export function messageStep(b: Builder, h: Wire, word: Word, name: string): Wire {
  assertFitsWord(b, word, name);
  return hashFields(b, Domain.MESSAGE, [h, word.lo, word.hi], name);
}
