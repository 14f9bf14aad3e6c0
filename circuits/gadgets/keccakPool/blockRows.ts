/**
 * The permutations of all messages of a pool, one after another.
 *
 * Proves: after the last block of job i the state is Keccak's after its padded message.
 * Assumes: `jobs` as `jobSizes` proves them, `lanes` as `LaneTable` proves them.
 * Enforces: rows follow the jobs as the rows of words do (`wordRows.ts`); lane i of a block is the message's next lane while
 *   i is below the number of full lanes left, then the job's padded lane, then zero; 80 in the last byte of a last block;
 *   the state starts from zero where a job begins.
 * Sound because: nothing is free. The bits of a mask 2^n - 1 are n ones and then zeros, so the index of a lane,
 *   full[i] * (o + i) + full[i - 1] * (job + 4), is firstLane + 4 firstWord + 17 (row - firstBlock) + i, then job + 4, then 0.
 *   In a last block n <= 16, so there is a padded lane, and its last lane has no byte at 80's place.
 * Cost: 17,770 gates a row: the permutation 17,380, absorption 280, its lanes 100; 17 a job.
 */
import { add, combine, isConstant, mul, sum } from "../../builder/arithmetic.ts";
import { bitXor, keccakF1600 } from "../../builder/blackBoxes.ts";
import { not } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { toBits } from "../../builder/compare.ts";
import { assertBits, promiseBits } from "../../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../../builder/rom.ts";
import type { Bool, U64, Wire } from "../../builder/wire.ts";
import { BLOCK_LANES, type JobSize } from "./jobSize.ts";
import { LaneTable } from "./laneTable.ts";

const STATE_LANES = 25;
const ALL_LANES = (1n << BigInt(BLOCK_LANES)) - 1n;
/** More than any index of a lane has. */
const OFFSET_BITS = 28;

type Tables = {
  readonly lanes: LaneTable;
  readonly ends: Rom<Wire>;
  /** [2 job + ends]: which lanes of a block are full ones of the message, in its last block and before it. */
  readonly masks: Rom<Wire>;
  /** The index of the lane that row 0 would begin with were it the job's, less that of the job's padded lane. */
  readonly offsets: Rom<Wire>;
};
/** `job`: of the next row; `begins`: is it the job's first? */
type Cursor = { readonly job: Wire; readonly begins: Bool; readonly state: readonly U64[] | undefined };

/** The states after 0, 1, ... `count` rows; nothing before the first. */
export function blockRows(
  b: Builder,
  jobs: readonly JobSize[],
  lanes: LaneTable,
  count: number,
): (readonly U64[])[] {
  const tables = blockTables(b, jobs, lanes);
  let cursor: Cursor = { job: b.zero, begins: b.one, state: undefined };
  return Array.from({ length: count }, (_, row) =>
    b.scope(`block[${row}]`, () => {
      const { job } = cursor;
      const ends = isConstant(b, tables.ends.read(b, job, "end"), BigInt(row + 1), "ends");
      const state = permuted(b, cursor, blockLanes(b, tables, { job, ends, row }));
      cursor = { job: add(b, job, ends, "nextJob"), begins: ends, state };
      return state;
    }),
  );
}

/** The last entry is that of rows after all jobs: they reach no end, and what they read serves no job. */
function blockTables(b: Builder, jobs: readonly JobSize[], lanes: LaneTable): Tables {
  const masks = jobs.flatMap(({ active, laneMask }, i) => [
    sum(b, [[ALL_LANES, active]], 0n, `allLanes[${i}]`),
    laneMask,
  ]);
  const offsets = jobs.map(({ firstWord, firstBlock }, i) => {
    const origin = lanes.firstLane - LaneTable.paddedOffset - BigInt(i);
    return sum(b, [[4n, firstWord], [-BigInt(BLOCK_LANES), firstBlock]], origin, `offset[${i}]`); // prettier-ignore
  });
  return {
    lanes,
    ends: rom(b, [...jobs.map(({ endBlock }) => endBlock), b.zero], "endBlocks"),
    masks: rom(b, [...masks, b.zero, b.zero], "masks"),
    offsets: fieldRom(b, [...offsets, b.zero], "offsets"),
  };
}

type Row = { readonly job: Wire; readonly ends: Bool; readonly row: number };

function blockLanes(b: Builder, tables: Tables, { job, ends, row }: Row): U64[] {
  const { lanes, masks, offsets } = tables;
  const at = sum(b, [[2n, job], [1n, ends]], 0n, "mask.at"); // prettier-ignore
  const full = toBits(b, masks.read(b, at, "mask"), BLOCK_LANES, "full");
  const origin = offsets.read(b, job, "origin");
  const offset = assertBits(b, sum(b, [[1n, origin]], BigInt(BLOCK_LANES * row), "offset"), OFFSET_BITS, "offset"); // prettier-ignore
  return full.map((isFull, i) => {
    const before = full[i - 1] ?? b.one;
    const index = combine(
      b,
      [[1n, isFull, offset], [1n, before, job]],
      [[BigInt(i), isFull], [LaneTable.paddedOffset, before]],
      0n,
      `lane[${i}].at`,
    ); // prettier-ignore
    const lane = lanes.read(b, index, `lane[${i}]`);
    if (i < BLOCK_LANES - 1) return lane;
    const last = sum(b, [[1n, lane], [1n << 63n, ends]], 0n, "lastLane"); // prettier-ignore
    return assertBits(b, last, 64, "lastLane");
  });
}

/** The state after a block, from zero where its job begins. */
function permuted(b: Builder, { begins, state }: Cursor, block: readonly U64[]): U64[] {
  const goesOn = state && not(b, begins, "goesOn");
  const inputs = Array.from({ length: STATE_LANES }, (_, i): U64 => {
    if (goesOn === undefined) return block[i] ?? b.zero;
    const carried = promiseBits(b, mul(b, goesOn, state![i]!, `carried[${i}]`), 64, `carried[${i}]`);
    return i < BLOCK_LANES ? bitXor(b, carried, block[i]!, 64, `absorbed[${i}]`) : carried;
  });
  return keccakF1600(b, inputs, "permutation");
}
