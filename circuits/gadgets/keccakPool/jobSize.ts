/**
 * Where the messages of a pool begin and end in its lists of words and of blocks.
 *
 *   length = 136 fullBlocks + 8 lane + byte: Keccak's first padding byte stands in that byte of that lane of the last block
 *   4 words = lanes with data + empty lanes of the last word
 *
 * Proves: words = ceil(length / 32) and fullBlocks + 1 = ceil((length + 1) / 136), or all of them 0 in a job that is not
 *   active; job i's words and blocks follow those of job i - 1; no job is active after one that is not.
 * Assumes: nothing.
 * Enforces: lane <= 16 and byte <= 7 by the tables they index, at most 3 empty lanes.
 * Sound because: both lines are divisions with remainder of integers far below p, so the length, which the commitment
 *   binds, fixes the rest. A length of 0 leaves words = 0, and only then is a job inactive.
 * Cost: 99 gates a job, 73 of them for the commitment's start.
 */
import { add, isZero, sum } from "../../builder/arithmetic.ts";
import { assertImplies, not } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../builder/ranges.ts";
import { type Rom, rom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { KECCAK_BLOCK, keccakUse } from "../../../protocol/evm/keccakUse.ts";
import { messageStart } from "../message.ts";

/** Lanes of 64 bits a permutation absorbs. */
export const BLOCK_LANES = 17;
const LANE_BYTES = 8;
const WORD_LANES = 4;
/** Bits of a number of words or blocks: messages of up to 512 KiB. */
const COUNT_BITS = 14;

export interface JobSize {
  readonly active: Bool;
  /** The commitment before the first word. */
  readonly start: Wire;
  readonly fullBlocks: Wire;
  /** Full lanes in the last block. */
  readonly lane: Wire;
  /** 2^lane - 1: as many ones as full lanes. */
  readonly laneMask: Wire;
  /** 256^byte: Keccak's first padding byte in its lane. */
  readonly padding: Wire;
  /** Does the lane with the padding begin with data? */
  readonly hasTail: Bool;
  /** [i]: more than i lanes of the last word are empty. */
  readonly emptyLanes: readonly [Bool, Bool, Bool];
  readonly firstWord: Wire;
  /** One after the last. */
  readonly endWord: Wire;
  readonly firstBlock: Wire;
  readonly endBlock: Wire;
}

/** `lengths`: bytes of each message; the jobs after them are inactive. */
export function jobSizes(b: Builder, count: number, lengths: () => readonly number[]): JobSize[] {
  const masks = constantRom(b, BLOCK_LANES, (lane) => (1n << BigInt(lane)) - 1n, "laneMasks");
  const paddings = constantRom(b, LANE_BYTES, (byte) => 1n << BigInt(8 * byte), "paddings");
  const sizes: JobSize[] = [];
  for (let i = 0; i < count; i++) {
    const length = (): number => lengths()[i] ?? 0;
    const size = b.scope(`job[${i}]`, () => jobSize(b, { masks, paddings }, sizes[i - 1], length));
    sizes.push(size);
  }
  return sizes;
}

type Constants = { readonly masks: Rom<Wire>; readonly paddings: Rom<Wire> };

function jobSize(
  b: Builder,
  constants: Constants,
  before: JobSize | undefined,
  bytes: () => number,
): JobSize {
  const part = (name: string, bits: number, value: (length: number) => number): Wire =>
    witnessBits(b, bits, name, () => BigInt(value(bytes())));
  const fullBlocks = part("fullBlocks", COUNT_BITS, (n) => Math.floor(n / KECCAK_BLOCK));
  const lane = part("lane", 8, (n) => Math.floor((n % KECCAK_BLOCK) / LANE_BYTES));
  const byte = part("byte", 8, (n) => n % LANE_BYTES);
  const laneMask = constants.masks.read(b, lane, "laneMask");
  const padding = constants.paddings.read(b, byte, "padding");
  const hasTail = not(b, isZero(b, byte, "byte.isZero"), "hasTail");
  const length = sum(b, [[BigInt(KECCAK_BLOCK), fullBlocks], [BigInt(LANE_BYTES), lane], [1n, byte]], 0n, "length"); // prettier-ignore

  const words = part("words", COUNT_BITS, (n) => keccakUse(n).words);
  const empty = (): number => WORD_LANES * keccakUse(bytes()).words - Math.ceil(bytes() / LANE_BYTES);
  const flag = (i: number): Bool => witnessBool(b, `emptyLanes[${i}]`, () => empty() > i);
  const emptyLanes = [flag(0), flag(1), flag(2)] as const;
  assertImplies(b, emptyLanes[1], emptyLanes[0], "emptyLanes[1].follows");
  assertImplies(b, emptyLanes[2], emptyLanes[1], "emptyLanes[2].follows");
  const lanes: Term[] = [[BigInt(BLOCK_LANES), fullBlocks], [1n, lane], [1n, hasTail], ...emptyLanes.map((e): Term => [1n, e])]; // prettier-ignore
  b.assertZero([], [...lanes, [-BigInt(WORD_LANES), words]], 0n, "words.holdLanes"); // prettier-ignore

  const active = not(b, isZero(b, words, "idle"), "active");
  if (before) assertImplies(b, active, before.active, "active.follows");
  const firstWord = before?.endWord ?? b.zero;
  const firstBlock = before?.endBlock ?? b.zero;
  return {
    ...{ active, fullBlocks, lane, laneMask, padding, hasTail, emptyLanes, firstWord, firstBlock },
    start: messageStart(b, length, "start"),
    endWord: add(b, firstWord, words, "endWord"),
    endBlock: sum(b, [[1n, firstBlock], [1n, fullBlocks], [1n, active]], 0n, "endBlock"), // prettier-ignore
  };
}

const constantRom = (b: Builder, length: number, entry: (i: number) => bigint, name: string): Rom<Wire> =>
  rom(b, Array.from({ length }, (_, i) => b.constant(entry(i))), name); // prettier-ignore
