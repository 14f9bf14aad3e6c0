/**
 * The blocks of a pool of hash calls: each message a run of consecutive blocks of 64 bytes, padded as MD4 and its family do,
 * with 80, zeros and the number of bits in the last 8 bytes.
 *
 * Proves: a run whose `commitment` is `messageCommitment(m)` holds m, padded, from its first block to its last.
 * Assumes: the commitment that a caller looks up is that of bytes: its last word is zero beyond the length. (Blocks that do
 *   not end a run have commitment 0, which is no commitment.) `content` is 64 bytes.
 * Enforces: a run begins after another's last block; its length stays; a block is the last iff 0 <= length + 8 - 64 j < 64; 80
 *   stands once a run, at byte `length`; each half of a block is that of a message word, plus 80, plus the bits of a last
 *   block; words are absorbed from the first on without a gap, and a word not absorbed is zero.
 * Parameters: at most 2^18 - 2 blocks, so that those nobody needs can hold the start of a message without an end.
 * Sound because: collisions of the sponge apart, the commitment fixes the length and the words absorbed, which lie in the
 *   first slots of the run; the other slots are zero. So the halves are those of m and its zeros; where 80 and the bits go
 *   follows from the length alone, for `length - 64 j` and `length + 8 - 64 j` lie in a range of 64 for one j each.
 * Cost: 219 gates (three hashes) + 80 a block, 64 once.
 */
import { combine, mul, mux, sum } from "../../builder/arithmetic.ts";
import { assertImplies, or } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { builderError } from "../../builder/errors.ts";
import { assertBits, assertFits, constantBits, witnessBits, witnessBool } from "../../builder/ranges.ts";
import { type Rom, rom } from "../../builder/rom.ts";
import type { Bool, U128, Wire } from "../../builder/wire.ts";
import { messageStart, messageStep } from "../message.ts";
import { BLOCK_BYTES, ENDLESS, type PaddedBlock } from "./messagePadding.ts";

const LENGTH_BITS = 24;
const HALF_BYTES = 16;
const HALVES = [0, 1, 2, 3] as const;

/** A padded block as its hash function has it. */
export interface BlockContent {
  /** The 16-byte quarters, big endian. */
  readonly halves: readonly U128[];
  /** The last 8 bytes as they stand in the last quarter, big endian. */
  readonly tail: Wire;
  /** The last 8 bytes as the number this hash function writes there. */
  readonly bits: Wire;
}

interface Register {
  readonly last: Bool;
  readonly length: Wire;
  /** length + 8 - 64 j in block j of the run: below 64 in the last. */
  readonly rest: Wire;
  /** Blocks of the run, this one included, that held the byte 80. */
  readonly pads: Wire;
  /** Was the second word of the block absorbed? */
  readonly full: Bool;
  readonly hash: Wire;
}

export interface MessageBlock {
  readonly length: Wire;
  /** Of the message that ends in this block; 0 when none does. */
  readonly commitment: Wire;
}

export class MessageBlocks {
  readonly #padBytes: Rom<U128>;
  #before: Register | undefined;

  constructor(b: Builder, blocks: number) {
    if (BigInt(blocks * BLOCK_BYTES) + 72n > ENDLESS)
      throw builderError({ code: "BAD_ARITY", where: b.where("blocks"), expected: 2 ** 18 - 2, got: blocks });
    const places = Array.from({ length: HALF_BYTES }, (_, q) => 0x80n << BigInt(8 * (HALF_BYTES - 1 - q)));
    this.#padBytes = rom(b, places.map((place) => constantBits(b, 128, place)), "padBytes"); // prettier-ignore
  }

  /** Does the next block begin a run? */
  starts(b: Builder): Bool {
    return this.#before?.last ?? b.one;
  }

  /** The next block. `plan` is read by witness functions only. */
  next(b: Builder, content: BlockContent, plan: () => PaddedBlock): MessageBlock {
    const start = this.starts(b);
    const length = witnessBits(b, LENGTH_BITS, "length", () => plan().length);
    const rest = this.#rest(b, start, length);
    const last = witnessBool(b, "last", () => plan().last);
    assertBits(b, mul(b, last, rest, "last.rest"), 6, "last.rest.inBlock");
    b.assertZero([[1n, last, content.bits], [-8n, last, length]], [], 0n, "last.bits"); // prettier-ignore
    const { padding, pads } = this.#padding(b, rest, plan);
    b.assertZero([[1n, last, pads]], [[-1n, last]], 0n, "last.padded"); // prettier-ignore
    const words = messageHalves(b, content, padding, last);
    const { hash, full } = this.#absorb(b, length, words, plan);
    this.#before = { last, length, rest, pads, full, hash };
    return { length, commitment: mul(b, last, hash, "commitment") };
  }

  #rest(b: Builder, start: Bool, length: Wire): Wire {
    const before = this.#before;
    if (before === undefined) return sum(b, [[1n, length]], 8n, "rest");
    const [stays, was] = [[[1n, start, length], [-1n, start, before.length]], before.rest] as const; // prettier-ignore
    b.assertZero(stays, [[-1n, length], [1n, before.length]], 0n, "length.stays"); // prettier-ignore
    return combine(b, [[1n, start, length], [-1n, start, was]], [[72n, start], [1n, was]], -64n, "rest"); // prettier-ignore
  }

  /** What 80 adds to each half, and how often the run has had it. */
  #padding(b: Builder, rest: Wire, plan: () => PaddedBlock): { padding: Wire[]; pads: Wire } {
    const at = HALVES.map((g) =>
      witnessBool(b, `pad[${g}]`, () => plan().padAt >= 0 && plan().padAt >> 4 === g),
    );
    const here = assertBits(b, sum(b, at.map((bit): Term => [1n, bit]), 0n, "pad.here"), 1, "pad.once"); // prettier-ignore
    const place = witnessBits(b, 4, "pad.place", () => BigInt(plan().padAt < 0 ? 0 : plan().padAt & 15));
    const quarters = HALVES.map((g): Term => [-BigInt(HALF_BYTES * g), at[g]!]);
    b.assertZero([[1n, here, rest]], [[-8n, here], ...quarters, [-1n, place]], 0n, "pad.atLength"); // prettier-ignore
    const value = this.#padBytes.read(b, place, "pad.value");
    const padding = HALVES.map((g) => mul(b, at[g]!, value, `pad.half[${g}]`));
    const before = this.#before;
    if (before === undefined) return { padding, pads: here };
    const { last: start, pads } = before;
    return { padding, pads: combine(b, [[-1n, start, pads]], [[1n, pads], [1n, here]], 0n, "pads") }; // prettier-ignore
  }

  /** The running commitment after the words of this block that are absorbed. */
  #absorb(b: Builder, length: Wire, halves: readonly U128[], plan: () => PaddedBlock) {
    const before = this.#before;
    const fresh = messageStart(b, length, "hash.start");
    let hash = before === undefined ? fresh : mux(b, before.last, fresh, before.hash, "hash.run");
    let open: Bool = before === undefined ? b.one : or(b, before.last, before.full, "word[0].open");
    for (const w of [0, 1] as const) {
      const [hi, lo] = [halves[2 * w]!, halves[2 * w + 1]!];
      const absorbed = witnessBool(b, `word[${w}].absorbed`, () => plan().words > w);
      assertImplies(b, absorbed, open, `word[${w}].noGap`);
      for (const [half, name] of [
        [hi, "hi"],
        [lo, "lo"],
      ] as const)
        // prettier-ignore
        b.assertZero([[-1n, absorbed, half]], [[1n, half]], 0n, `word[${w}].${name}.isAbsorbed`);
      const next = messageStep(b, hash, { hi, lo }, `hash.word[${w}]`);
      hash = mux(b, absorbed, next, hash, `hash.after[${w}]`);
      open = absorbed;
    }
    return { hash, full: open };
  }
}

/** What is left of the halves without padding. */
function messageHalves(b: Builder, content: BlockContent, padding: readonly Wire[], last: Bool): U128[] {
  return HALVES.map((g) => {
    const half = content.halves[g]!;
    assertFits(b, half, 128, `half[${g}]`);
    const terms: Term[] = [[1n, half], [-1n, padding[g]!]]; // prettier-ignore
    const tail = g === 3 ? ([[-1n, last, content.tail]] as const) : [];
    return assertBits(b, combine(b, tail, terms, 0n, `message[${g}]`), 128, `message[${g}].size`);
  });
}
