/**
 * Which messages a block hashes with Keccak-256, each once, and what they take of a chunk's capacity.
 *
 * A circuit looks a digest up in a list of entries: nothing (commitment 0, digest 0), the empty message, whose digest is a
 * constant, then one job for each other message.
 */
import type { Field } from "../field.ts";
import { messageCommitment, WORD_BYTES } from "./message.ts";

/** Bytes a permutation absorbs. */
export const KECCAK_BLOCK = 136;

export const NO_MESSAGE = 0;
export const EMPTY_MESSAGE = 1;
/** Entry of the first job. */
export const FIRST_JOB = 2;

/** What messages use of a pool, and what a pool holds. */
export interface KeccakUse {
  readonly jobs: number;
  /** Of 32 bytes. */
  readonly words: number;
  /** Permutations. */
  readonly blocks: number;
}

/** What one message of `length` bytes takes. Keccak pads with at least one byte, so a full block takes another. */
export function keccakUse(length: number): KeccakUse {
  if (length === 0) return { jobs: 0, words: 0, blocks: 0 };
  const blocks = Math.floor(length / KECCAK_BLOCK) + 1;
  return { jobs: 1, words: Math.ceil(length / WORD_BYTES), blocks };
}

export interface KeccakPlan {
  /** The distinct messages that are not empty: job i is entry `FIRST_JOB + i`. */
  readonly messages: readonly Uint8Array[];
  /** The entry of each message that was given, by its commitment. */
  readonly entryOf: ReadonlyMap<Field, number>;
  readonly use: KeccakUse;
}

/** One job for each distinct message, in order of first appearance. */
export function planKeccakJobs(messages: Iterable<Uint8Array>): KeccakPlan {
  const distinct: Uint8Array[] = [];
  const entryOf = new Map<Field, number>();
  for (const message of messages) {
    const commitment = messageCommitment(message);
    if (entryOf.has(commitment)) continue;
    entryOf.set(commitment, message.length === 0 ? EMPTY_MESSAGE : FIRST_JOB + distinct.length);
    if (message.length > 0) distinct.push(message);
  }
  const uses = distinct.map(({ length }) => keccakUse(length));
  const total = (part: "words" | "blocks"): number => uses.reduce((sum, use) => sum + use[part], 0);
  const use = { jobs: distinct.length, words: total("words"), blocks: total("blocks") };
  return { messages: distinct, entryOf, use };
}
