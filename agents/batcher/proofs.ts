import { StackError } from "../../protocol/errors.ts";
import { STATEMENT_INPUTS, statementToFields } from "../../protocol/publicInputs.ts";
import type { JobClient, JobResult } from "../kit/jobs/client.ts";
import type { Job } from "../kit/jobs/job.ts";
import type { ProofRecord } from "../kit/jobs/proofRecord.ts";
import type { Batch } from "./batch.ts";
import type { RollupFacts } from "./chain.ts";
import type { BatcherError } from "./errors.ts";
import type { Layer3 } from "./layer3.ts";

/** Asks for the inner proof of each chunk; returns the jobs' ids. Throws ANCESTORS_MISMATCH, and what the L3's node is asked for. */
export async function requestChunks(
  batch: Batch,
  { chainId, gasLimit }: RollupFacts,
  layer3: Layer3,
  jobs: JobClient,
): Promise<string[]> {
  const ids: string[] = [];
  let prev = batch.prev;
  let first = batch.firstBlock;
  for (const { circuit, lastBlock: last, oldestAncestor } of batch.chunks) {
    const ancestors = await layer3.ancestors(oldestAncestor, prev);
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const blocks = await Promise.all(numbers.map(layer3.bytes));
    const witnesses = await Promise.all(numbers.map(layer3.witness));
    const chunk: Job = {
      ...{ kind: "chunk", circuit, chainId, gasLimit, prev, ancestors, blocks, witnesses },
    };
    ids.push(await jobs.request(chunk));
    prev = await layer3.tip(last);
    first = last + 1;
  }
  return ids;
}

/** The batch's one inner proof: the chunks' merged in pairs, level by level. undefined until all are made. */
export async function collectInner(
  chunkJobs: readonly string[],
  jobs: JobClient,
): Promise<ProofRecord | undefined> {
  let level: readonly string[] = chunkJobs;
  for (;;) {
    const records = await Promise.all(level.map((id) => resultOf(id, jobs)));
    if (!records.every((record) => record !== undefined)) return undefined;
    const proofs = records.map(({ record }) => record);
    if (proofs.length === 1) return proofs[0];
    const next: string[] = [];
    for (let i = 0; i < proofs.length; i += 2) {
      const [left, right] = [proofs[i]!, proofs[i + 1]];
      next.push(right ? await jobs.request({ kind: "batchMerge", left, right }) : level[i]!);
    }
    level = next;
  }
}

/**
 * undefined until it is made.
 * Throws PROOF_JOB_FAILED (retry: a person may remove the cause and have the job done again), PROOF_JOB_UNKNOWN.
 */
export async function resultOf(id: string, jobs: JobClient): Promise<JobResult | undefined> {
  const result = await jobs.result(id);
  if (result) return result;
  const status = await jobs.status(id);
  if (status.state === "unknown")
    throw new StackError<BatcherError>({ code: "PROOF_JOB_UNKNOWN", job: id }, "retry");
  if (status.state !== "failed") return undefined;
  throw new StackError<BatcherError>({ code: "PROOF_JOB_FAILED", job: id, reason: status.reason }, "retry");
}

/** Throws PROOF_OF_ANOTHER_STATEMENT. What comes from the queue is checked before anything is paid for it. */
export function assertProves({ publicInputs }: ProofRecord, batch: Batch, facts: RollupFacts): void {
  const { prev, next } = batch;
  const { chainId, gasLimit } = facts;
  const expected = statementToFields({ chainId, prev, next, gasLimit, selfKeyHash: 0n });
  STATEMENT_INPUTS.forEach((input, i) => {
    const actual = publicInputs[i] ?? -1n;
    if (input !== "selfKeyHash" && actual !== expected[i])
      throw new StackError<BatcherError>(
        { code: "PROOF_OF_ANOTHER_STATEMENT", input, expected: expected[i]!, actual },
        "fatal",
      );
  });
}
