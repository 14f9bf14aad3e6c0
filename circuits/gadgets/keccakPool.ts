/**
 * Keccak-256 of the messages of a whole chunk, of any lengths, in one pool: what is not used for one serves another.
 *
 * Proves: `digest` of a message's commitment (`protocol/evm/message.ts`) is keccak256 of that message.
 * Assumes: nothing. A commitment to no message is refused (the bytes after a message are proven zero), but for 0, which
 *   stands for nothing and gives 0.
 * Enforces: jobs (`jobSize.ts`) take their words (`wordRows.ts`) and blocks (`blockRows.ts`) from two lists, in order and
 *   without gaps; the lanes of words, with the padding, are those of blocks (`laneTable.ts`).
 * Parameters: jobs, words and blocks that fit; the empty message takes none of them.
 * Sound because: free are a job's length, which its commitment binds, and the bytes; all else follows from them.
 * Cost: a job 228 gates, a word 162, a block 17,780, a lookup 8, once 130: 18,340 for a message of 64 bytes.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Builder } from "../builder/builder.ts";
import { constantWord, witnessBits } from "../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../builder/rom.ts";
import type { U128, Wire, Word } from "../builder/wire.ts";
import { concatBytes } from "../../protocol/bytes.ts";
import { readField } from "../../protocol/field.ts";
import type { KeccakUse } from "../../protocol/evm/keccakUse.ts";
import { messageCommitment, WORD_BYTES } from "../../protocol/evm/message.ts";
import { blockRows } from "./keccakPool/blockRows.ts";
import { type JobDigest, jobDigests } from "./keccakPool/jobDigests.ts";
import { jobSizes } from "./keccakPool/jobSize.ts";
import { LaneTable } from "./keccakPool/laneTable.ts";
import { wordRows } from "./keccakPool/wordRows.ts";

const ENTRY_BITS = 14;
const EMPTY = new Uint8Array();

interface Entries {
  readonly commitment: Rom<Wire>;
  readonly hi: Rom<U128>;
  readonly lo: Rom<U128>;
}

export class KeccakPool {
  readonly #entries: Entries;

  /**
   * `messages`: those of a `KeccakPlan`, distinct and not empty. What does not fit the shape is left out, so that looking
   * it up breaks.
   */
  constructor(b: Builder, shape: KeccakUse, messages: () => readonly Uint8Array[], name: string) {
    this.#entries = b.scope(name, () => {
      const plan = b.compute(() => witnessOf(messages())) ?? NO_WITNESS;
      const jobs = jobSizes(b, shape.jobs, () => plan.lengths);
      const words = wordRows(b, jobs, shape.words, () => plan.data);
      const lanes = new LaneTable(b, jobs, words.lanes, () => plan.padded);
      const states = blockRows(b, jobs, lanes, shape.blocks);
      const entries = [...fixedEntries(b), ...jobDigests(b, jobs, words.commitments, states)];
      return {
        commitment: fieldRom(b, entries.map(({ commitment }) => commitment), "commitment"), // prettier-ignore
        hi: rom(b, entries.map(({ digest }) => digest.hi), "hi"), // prettier-ignore
        lo: rom(b, entries.map(({ digest }) => digest.lo), "lo"), // prettier-ignore
      };
    });
  }

  /**
   * keccak256 of the message with this commitment. `entry`: that of the plan (`entryOf`, NO_MESSAGE, EMPTY_MESSAGE); a
   * wrong one breaks `name.commitment`. Cost: 8 gates.
   */
  digest(b: Builder, commitment: Wire, entry: () => number, name: string): Word {
    return b.scope(name, () => {
      const index = witnessBits(b, ENTRY_BITS, "entry", () => BigInt(entry()));
      this.#entries.commitment.assertAt(b, index, commitment, "commitment");
      return { hi: this.#entries.hi.read(b, index, "hi"), lo: this.#entries.lo.read(b, index, "lo") };
    });
  }
}

/** Nothing and the empty message, as `keccakUse.ts` orders entries. */
const fixedEntries = (b: Builder): JobDigest[] => [
  { commitment: b.zero, digest: constantWord(b, 0n) },
  {
    commitment: b.constant(messageCommitment(EMPTY)),
    digest: constantWord(b, integerOf(keccak_256(EMPTY))),
  },
];

interface PoolWitness {
  readonly lengths: readonly number[];
  /** The words of all messages. */
  readonly data: Uint8Array;
  /** The lane of each message in which the padding begins. */
  readonly padded: readonly bigint[];
}

const NO_WITNESS: PoolWitness = { lengths: [], data: EMPTY, padded: [] };

function witnessOf(messages: readonly Uint8Array[]): PoolWitness {
  const words = messages.map((message) => {
    const bytes = new Uint8Array(Math.ceil(message.length / WORD_BYTES) * WORD_BYTES);
    bytes.set(message);
    return bytes;
  });
  const padded = messages.map((message) => {
    const tail = message.subarray(message.length - (message.length % 8));
    return tail.reduceRight((lane, byte) => (lane << 8n) | BigInt(byte), 1n);
  });
  return { lengths: messages.map(({ length }) => length), data: concatBytes(words), padded };
}

const integerOf = (digest: Uint8Array): bigint =>
  readField(new DataView(digest.buffer, digest.byteOffset, digest.length), 0);
