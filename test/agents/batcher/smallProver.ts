import type { JobResult } from "../../../agents/kit/jobs/client.ts";
import { decodeJob, type Job } from "../../../agents/kit/jobs/job.ts";
import type { JobWorker } from "../../../agents/kit/jobs/worker.ts";
import { fillChunk } from "../../../agents/prover/chunk.ts";
import { statementFromFields, statementToFields, type Statement } from "../../../protocol/publicInputs.ts";
import type { StatementProgram } from "../../contracts/support/statementProgram.ts";

/**
 * Works on the queue with small programs: the statement of a chunk is what its real circuit, filled, says, and what Solidity checks
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
  if (job.kind === "chunk") return inner(job.circuit, statementOfChunk(job), 0n);
  if (job.kind === "batchMerge") {
    const [left, right] = [job.left, job.right].map(({ publicInputs }) => statementFromFields(publicInputs));
    return inner("batchMerge", { ...left!, next: right!.next }, 99n);
  }
  if (job.kind !== "batch") throw new Error(`no ${job.kind} is asked of this prover`);
  const statement = { ...statementFromFields(job.inner.publicInputs), selfKeyHash: 0n };
  return result("batch", statement, await program.prove(statement));
}

function statementOfChunk(job: Job & { kind: "chunk" }): Statement {
  const { circuit, witness } = fillChunk(job);
  return statementFromFields(circuit.publicInputs.map(({ wire }) => witness[wire]!));
}

const inner = (program: string, statement: Statement, selfKeyHash: bigint): JobResult =>
  result(program, { ...statement, selfKeyHash }, new Uint8Array(410 * 32));

const result = (program: string, statement: Statement, proof: Uint8Array): JobResult => ({
  record: { version: 1, program, publicInputs: statementToFields(statement), proof },
  ...{ keyHash: 1n, seconds: 1, peakBytes: 1 },
});
