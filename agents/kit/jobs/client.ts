import type { Logger } from "../logger.ts";
import { openJobsDatabase, QUEUE, type JobsDatabase, type Query } from "./database.ts";
import { encodeJob, jobId, contentHash, type Job } from "./job.ts";
import { decodeProofRecord, type ProofRecord } from "./proofRecord.ts";
import { queueIdOf } from "./queueId.ts";

export type JobStatus =
  | { state: "unknown" }
  /** `lastFailure`: what went wrong the last time, if it has been tried. */
  | { state: "queued"; lastFailure?: string }
  | { state: "running"; worker: string; startedAt: Date }
  | { state: "done"; seconds: number; peakBytes: number; finishedAt: Date }
  | { state: "failed"; reason: string };

/** What a job gave. */
export interface JobResult {
  record: ProofRecord;
  /** Hash of the verification key that checks the proof. */
  keyHash: bigint;
  seconds: number;
  peakBytes: number;
}

/** The requester's side of the queue. Every method throws JOBS_UNAVAILABLE (retry) when the database is away. */
export interface JobClient {
  /** Enqueues the job unless it is known; returns its id. Asking again, from anywhere, is the same job. */
  request(job: Job): Promise<string>;
  status(id: string): Promise<JobStatus>;
  /** undefined until the job is done. */
  result(id: string): Promise<JobResult | undefined>;
  /** Gives a failed job another chance: for a person who has removed the cause. */
  retry(id: string): Promise<void>;
  close(): Promise<void>;
}

export function createJobClient({ url, logger }: { url: string; logger: Logger }): JobClient {
  const database = openJobsDatabase({ url, supervise: false, logger });
  return {
    request: (job) => requestJob(database, job),
    status: (id) => readStatus(database, id),
    result: (id) => readResult(database.query, id),
    async retry(id) {
      await database.query(
        "UPDATE proving.job SET failure = NULL, failures = 0 WHERE id = $1 AND failure IS NOT NULL",
        [id],
      );
      const boss = await database.boss();
      await boss.deleteJob(QUEUE, queueIdOf(id));
      await boss.send(QUEUE, { id }, { id: queueIdOf(id) });
    },
    close: () => database.close(),
  };
}

async function requestJob(database: JobsDatabase, job: Job): Promise<string> {
  const id = jobId(job);
  const boss = await database.boss();
  await database.transaction(async (query, db) => {
    await putBlob(query, encodeJob(job));
    await query("INSERT INTO proving.job (id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING", [id, job.kind]);
    const { rows } = await query(
      "SELECT result IS NULL AND failure IS NULL AS open FROM proving.job WHERE id = $1",
      [id],
    );
    // The queue keeps one entry for an id, so this enqueues only what is not there.
    if (rows[0].open) await boss.send(QUEUE, { id }, { id: queueIdOf(id), db });
  });
  return id;
}

async function readStatus(database: JobsDatabase, id: string): Promise<JobStatus> {
  const { rows } = await database.query("SELECT * FROM proving.job WHERE id = $1", [id]);
  const row = rows[0];
  if (!row) return { state: "unknown" };
  if (row.result)
    return {
      state: "done",
      seconds: row.seconds,
      peakBytes: Number(row.peak_bytes),
      finishedAt: row.finished_at,
    };
  if (row.failure) return { state: "failed", reason: row.failure };
  const queued = await (await database.boss()).getJobById(QUEUE, queueIdOf(id));
  if (queued?.state === "active") return { state: "running", worker: row.worker, startedAt: row.started_at };
  if (queued?.state === "failed")
    return {
      state: "failed",
      reason: `every worker that took it died; last: ${JSON.stringify(queued.output)}`,
    };
  return { state: "queued", ...(row.last_failure ? { lastFailure: row.last_failure } : {}) };
}

export async function readResult(query: Query, id: string): Promise<JobResult | undefined> {
  const { rows } = await query(
    `SELECT data, key_hash, seconds, peak_bytes FROM proving.job JOIN proving.blob ON hash = result WHERE id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return undefined;
  return {
    record: decodeProofRecord(row.data),
    keyHash: BigInt(row.key_hash),
    seconds: row.seconds,
    peakBytes: Number(row.peak_bytes),
  };
}

/** Stores bytes under their hash; returns it. */
export async function putBlob(query: Query, data: Uint8Array): Promise<string> {
  const hash = contentHash(data);
  const { byteOffset, byteLength, buffer } = data;
  await query("INSERT INTO proving.blob (hash, data) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    hash,
    Buffer.from(buffer, byteOffset, byteLength),
  ]);
  return hash;
}
