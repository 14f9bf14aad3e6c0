import { TRANSFERS_PARAMETERS } from "../../../circuits/programs/transfers/parameters.ts";
import { planTransfers } from "../../../circuits/programs/transfers/plan.ts";
import type { JobResult } from "../../../agents/kit/jobs/client.ts";
import { decodeJob, type Job } from "../../../agents/kit/jobs/job.ts";
import type { JobWorker } from "../../../agents/kit/jobs/worker.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import { statementFromFields, statementToFields, type Statement } from "../../../protocol/publicInputs.ts";
import { decodeWitness } from "../../../protocol/state/witness.ts";
import type { StatementProgram } from "../../contracts/support/statementProgram.ts";

/**
 * Works on the queue with small programs: the statement of a chunk is computed by the real planner, and what Solidity checks
 * is a real proof, of a circuit that takes a fraction of a second instead of half a minute.
 */
export async function workOnce(worker: JobWorker, program: StatementProgram): Promise<boolean> {
  const claimed = await worker.claim();
  if (!claimed) return false;
  const job = decodeJob(claimed.id, claimed.input);
  await worker.complete(claimed.id, await solve(job, program));
  return true;
}

async function solve(job: Job, program: StatementProgram): Promise<JobResult> {
  if (job.kind === "chunk") return inner("transfers", statementOfChunk(job), 0n);
  if (job.kind === "batchMerge") {
    const [left, right] = [job.left, job.right].map(({ publicInputs }) => statementFromFields(publicInputs));
    return inner("batchMerge", { ...left!, next: right!.next }, 99n);
  }
  if (job.kind !== "batch") throw new Error(`no ${job.kind} is asked of this prover`);
  const statement = { ...statementFromFields(job.inner.publicInputs), selfKeyHash: 0n };
  return result("batch", statement, await program.prove(statement));
}

function statementOfChunk({
  chainId,
  gasLimit,
  prev,
  blocks,
  witnesses,
}: Job & { kind: "chunk" }): Statement {
  const proven = blocks.map((data, i) => ({ data: decodeBlock(data), state: decodeWitness(witnesses[i]!) }));
  const { next } = planTransfers(TRANSFERS_PARAMETERS, { chainId, gasLimit, previous: prev, blocks: proven });
  return { chainId, gasLimit, prev, next, selfKeyHash: 0n };
}

const inner = (program: string, statement: Statement, selfKeyHash: bigint): JobResult =>
  result(program, { ...statement, selfKeyHash }, new Uint8Array(410 * 32));

const result = (program: string, statement: Statement, proof: Uint8Array): JobResult => ({
  record: { version: 1, program, publicInputs: statementToFields(statement), proof },
  ...{ keyHash: 1n, seconds: 1, peakBytes: 1 },
});
