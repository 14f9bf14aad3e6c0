/**
 * The lanes that blocks read, and the padding of messages.
 *
 *   [0, 4) zeros | a lane for each job: the one in which its padding begins | the lanes of all words | one zero
 *
 * Proves: the padded lane of a job holds the bytes of its message that no full lane holds, then 01, then zeros; the bytes
 *   of its last word after the message are zero.
 * Assumes: `jobs` as `jobSizes` proves them, `lanes` four for each word.
 * Enforces: the tail, which is the lane after the full ones or 0 if the message ends with a full lane, is below 256^byte;
 *   the lanes of the last word after it are 0.
 * Sound because: padding * shift = 256^7 makes shift = 256^(7 - byte), and tail * shift < 2^120 does not wrap.
 * Cost: 28 gates a job, 12 a word.
 */
import { mul, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, witnessU64 } from "../../builder/ranges.ts";
import { type Rom, rom } from "../../builder/rom.ts";
import type { U64, Wire } from "../../builder/wire.ts";
import { BLOCK_LANES, type JobSize } from "./jobSize.ts";

/** Zeros before the jobs: as many as a word has lanes, so that the word before the first has indices too. */
const ZEROS = 4;
const TOP_BYTE = 1n << 56n;

export class LaneTable {
  readonly #rom: Rom<U64>;
  readonly #jobs: number;

  /** `padded`: values of the jobs' padded lanes. */
  constructor(b: Builder, jobs: readonly JobSize[], lanes: readonly U64[], padded: () => readonly bigint[]) {
    const zeros: U64[] = Array.from({ length: ZEROS }, () => b.zero);
    const ownLanes = jobs.map((_, i) => witnessU64(b, `padded[${i}]`, () => padded()[i] ?? 1n));
    this.#jobs = jobs.length;
    this.#rom = rom(b, [...zeros, ...ownLanes, ...lanes, b.zero], "lanes");
    jobs.forEach((job, i) => b.scope(`padding[${i}]`, () => this.#assertPadded(b, job, ownLanes[i]!)));
  }

  /** What to add to a job's number to get its padded lane's index. */
  static readonly paddedOffset = BigInt(ZEROS);

  /** Index of the first lane of word 0. */
  get firstLane(): bigint {
    return BigInt(ZEROS + this.#jobs);
  }

  read(b: Builder, index: Wire, name: string): U64 {
    return this.#rom.read(b, index, name);
  }

  #assertPadded(b: Builder, job: JobSize, padded: U64): void {
    const at = sum(b, [[4n, job.firstWord], [BigInt(BLOCK_LANES), job.fullBlocks], [1n, job.lane]], this.firstLane, "tail.at"); // prettier-ignore
    const tail = mul(b, job.hasTail, this.read(b, at, "tail.lane"), "tail");
    const shift = b.witness("shift", () => TOP_BYTE / (b.value(job.padding) || 1n));
    b.assertZero([[1n, job.padding, shift]], [], -TOP_BYTE, "shift");
    assertBits(b, mul(b, tail, shift, "tail.shifted"), 56, "tail.isShort");
    b.assertZero([], [[1n, tail], [1n, job.padding], [-1n, padded]], 0n, "padded"); // prettier-ignore
    for (const [i, isEmpty] of job.emptyLanes.entries()) {
      // The lanes of the last word, from its end.
      const index = sum(b, [[4n, job.endWord]], this.firstLane - BigInt(1 + i), `empty[${i}].at`);
      const lane = this.read(b, index, `empty[${i}].lane`);
      b.assertZero([[1n, isEmpty, lane]], [], 0n, `empty[${i}]`);
    }
  }
}
