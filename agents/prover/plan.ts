import { StackError } from "../../protocol/errors.ts";
import {
  epochNodeFromFields,
  settle,
  statementFromFields,
  statementHash,
} from "../../protocol/publicInputs.ts";
import type { Job, JobOf } from "../kit/jobs/job.ts";
import type { ProofRecord } from "../kit/jobs/proofRecord.ts";
import type { ProverError } from "./errors.ts";
import type { Step } from "./step.ts";

/** A job that is one proof. */
export type SingleJob = Exclude<Job, { kind: "epoch" }>;

export function stepOf(job: SingleJob): Step {
  switch (job.kind) {
    case "chunk": {
      const { kind: program, ...chunk } = job;
      return { program, ...chunk };
    }
    case "batchMerge":
      return { program: "batchMerge", left: job.left, right: job.right };
    case "batch":
      return { program: "batch", inner: job.inner };
    case "epochEmpty":
      return { program: "epochEmpty", settlement: job.settlement };
    case "epochMerge": {
      const { settlementIn, left, right } = job;
      const settlementBetween = settlementAfter(settlementIn, left);
      return { program: "epochMerge", left, right, settlementIn, settlementBetween };
    }
  }
}

/** The accumulator after what `record` settles, when it is `before` before. Throws EPOCH_NOT_CHAINED. */
export function settlementAfter(before: bigint, { program, publicInputs }: ProofRecord): bigint {
  if (program !== "epochMerge" && program !== "epochEmpty")
    return settle(before, statementHash(statementFromFields(publicInputs)));
  const node = epochNodeFromFields(publicInputs);
  if (node.settlementIn !== before)
    throw new StackError<ProverError>(
      { code: "EPOCH_NOT_CHAINED", expected: before, actual: node.settlementIn },
      "fatal",
    );
  return node.settlementOut;
}

/** Makes the proof of a job, or finds it made. */
export type Solve = (job: SingleJob) => Promise<ProofRecord>;

/**
 * The whole tree of an epoch: the batches merged in pairs, level by level, and what remains wrapped. Every merge is a job of
 * its own with its own name, so a prover that starts again finds those that are done.
 */
export async function planEpoch(
  { batches, settlementIn, context }: Pick<JobOf<"epoch">, "batches" | "settlementIn" | "context">,
  solve: Solve,
): Promise<Step> {
  let level: readonly ProofRecord[] =
    batches.length > 0 ? batches : [await solve({ kind: "epochEmpty", settlement: settlementIn })];
  while (level.length > 1) level = await mergePairs(level, settlementIn, solve);
  return { program: "epoch", context, settlementIn, inner: level[0]! };
}

async function mergePairs(
  level: readonly ProofRecord[],
  settlementIn: bigint,
  solve: Solve,
): Promise<ProofRecord[]> {
  const merged: ProofRecord[] = [];
  let settlement = settlementIn;
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i]!, level[i + 1]];
    const before = settlement;
    settlement = settlementAfter(before, left);
    if (right) settlement = settlementAfter(settlement, right);
    merged.push(right ? await solve({ kind: "epochMerge", settlementIn: before, left, right }) : left);
  }
  return merged;
}
