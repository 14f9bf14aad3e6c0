/**
 * The commitment to a string of bytes that every part of the machine agrees on: Keccak's input, the data of a call, a log,
 * the code to deploy. It grows by one word of 32 bytes at a time, so a circuit can continue it while it reads memory.
 *
 *   start = hash(MESSAGE, [length]); for each word: h = hash(MESSAGE, [h, lo, hi]), word = hi * 2^128 + lo, big endian,
 *   the last one padded on the right with zeros. A message of no bytes has no words.
 *
 * Binding because: a start has one input and a step three, and the sponge's tag holds that number, so a start is never a
 * step (that would be a collision of the sponge). Hence, of two equal commitments, walking back word by word reaches both
 * starts at once: the words are equal, and so are the lengths that the starts hash; the last word's zeros then are padding
 * in both. Nothing else says where a chain begins: a length anywhere but at the start could be put in its middle.
 */
import { Domain } from "../domains.ts";
import { type Field, readField, splitWord } from "../field.ts";
import { hash } from "../hash.ts";

export const WORD_BYTES = 32;

/** The commitment before the first word. `length` in bytes. */
export const messageStart = (length: number | bigint): Field => hash(Domain.MESSAGE, [BigInt(length)]);

/** The commitment after one more word. Throws `WORD_OUT_OF_RANGE`. */
export function messageStep(h: Field, word: bigint): Field {
  const { lo, hi } = splitWord(word);
  return hash(Domain.MESSAGE, [h, lo, hi]);
}

export const messageCommitment = (bytes: Uint8Array): Field =>
  messageWords(bytes).reduce(messageStep, messageStart(bytes.length));

/** The words of 32 bytes, the last one padded on the right with zeros. */
export function messageWords(bytes: Uint8Array): bigint[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Array.from({ length: padded.length / WORD_BYTES }, (_, i) => readField(view, i * WORD_BYTES));
}
