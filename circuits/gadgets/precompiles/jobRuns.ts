/**
 * Rows of a pool that the jobs share: each row is the next one of the row before it, or the first of some job.
 *
 * Proves: a row with (job, earlier) has exactly `earlier` rows of this job's run before it, all consecutive.
 * Assumes: `job` is the index of a job: every row reads a table of the jobs at it, which the caller does.
 * Enforces: a row that continues has the job of the row before and one earlier row more; any other has none.
 * Parameters: fewer than 2^32 rows.
 * Sound because: by induction over the rows. The same job may be run twice, in part or in whole: its rows compute the same.
 * Cost: 5 gates a row, 1 a tag.
 */
import { combine, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../builder/ranges.ts";
import type { Bool, Wire } from "../../builder/wire.ts";

export interface RunRow {
  readonly continues: Bool;
  readonly job: Wire;
  /** Rows of the run before this one. */
  readonly earlier: Wire;
}

/** Where a row stands, for the witness. */
export interface RunPlan {
  readonly job: number;
  readonly continues: boolean;
}

/** Width of a count in a tag. */
export const COUNT_BITS = 32;

export function nextRow(b: Builder, before: RunRow | undefined, jobs: number, plan: () => RunPlan): RunRow {
  const job = witnessBits(b, Math.max(1, (jobs - 1).toString(2).length), "job", () => BigInt(plan().job));
  if (before === undefined) return { continues: b.zero, job, earlier: b.zero };
  const continues = witnessBool(b, "continues", () => plan().continues);
  b.assertZero([[1n, continues, job], [-1n, continues, before.job]], [], 0n, "job.stays"); // prettier-ignore
  const earlier = combine(b, [[1n, continues, before.earlier]], [[1n, continues]], 0n, "earlier");
  return { continues, job, earlier };
}

/** What stands for a job after so many rows; equal tags have both equal, for counts are below 2^32. */
export const tagOf = (b: Builder, job: bigint, count: Wire, name: string): Wire =>
  sum(b, [[1n, count]], job << BigInt(COUNT_BITS), name);

/** The tag of a job after this row. */
export const tagAfter = (b: Builder, { job, earlier }: RunRow, name: string): Wire =>
  sum(b, [[1n << BigInt(COUNT_BITS), job], [1n, earlier]], 1n, name); // prettier-ignore

/**
 * Rows for jobs that need so many each, one job after another; rows left over begin job 0 again. `ends`: index of the last
 * row of each job, -1 where it needs none. A job that does not fit has an end beyond the rows.
 */
export function planRuns(needs: readonly number[], rows: number): { rows: RunPlan[]; ends: number[] } {
  const plan: RunPlan[] = [];
  const ends = needs.map((need, job) => {
    for (let i = 0; i < need && plan.length < rows; i++) plan.push({ job, continues: i > 0 });
    return need === 0 ? -1 : plan.length - 1;
  });
  while (plan.length < rows) plan.push({ job: 0, continues: false });
  return { rows: plan, ends };
}
