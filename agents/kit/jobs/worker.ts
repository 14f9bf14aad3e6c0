import type { Logger } from "../logger.ts";
import { putBlob, readResult, type JobResult } from "./client.ts";
import { openJobsDatabase, QUEUE } from "./database.ts";
import { encodeJob, jobId, type Job } from "./job.ts";
import { encodeProofRecord } from "./proofRecord.ts";
import { queueIdOf } from "./queueId.ts";

/** Times a worker may report a temporary failure of a job before it is given up. */
const FAILURES_BEFORE_GIVEN_UP = 3;

/** A job taken from the queue: its worker's alone while the lease is renewed. */
export interface ClaimedJob {
  id: string;
  kind: string;
  input: Uint8Array;
}

/** The worker's side of the queue. Every method throws JOBS_UNAVAILABLE (retry) when the database is away. */
export interface JobWorker {
  /** Gives back what an earlier life of this worker held: call it before the first `claim`. Returns how many. */
  releaseOwn(): Promise<number>;
  claim(): Promise<ClaimedJob | undefined>;
  /** Keeps the lease. False when the job is no longer this worker's. */
  renew(id: string): Promise<boolean>;
  /** Stores the result by content and ends the job. Harmless when another worker was faster. */
  complete(id: string, result: JobResult): Promise<void>;
  /** Ends the job with its reason if `final`, or after three failures; else it is tried again later. Returns whether it is over. */
  fail(id: string, reason: string, final: boolean): Promise<boolean>;
  /** The result of a job, if some worker has it. */
  result(id: string): Promise<JobResult | undefined>;
  /** Records a job that was done as a part of another, so that nobody does it again. */
  remember(job: Job, result: JobResult): Promise<void>;
  close(): Promise<void>;
}

/** `worker`: unique name of the worker, the same after a restart. */
export function createJobWorker(options: { url: string; worker: string; logger: Logger }): JobWorker {
  const { worker, logger } = options;
  const database = openJobsDatabase({ url: options.url, supervise: true, logger });

  async function end(id: string): Promise<void> {
    await (await database.boss()).complete(QUEUE, queueIdOf(id));
  }

  async function takeNext(): Promise<(ClaimedJob & { over: boolean }) | undefined> {
    const boss = await database.boss();
    return database.transaction(async (query, db) => {
      const [taken] = await boss.fetch<{ id: string }>(QUEUE, { db });
      if (!taken) return undefined;
      const { id } = taken.data;
      const { rows } = await query(
        `UPDATE proving.job SET worker = $2, started_at = now() FROM proving.blob WHERE id = $1 AND hash = id
         RETURNING kind, data, result IS NOT NULL OR failure IS NOT NULL AS over`,
        [id, worker],
      );
      return { id, kind: rows[0].kind, input: rows[0].data, over: rows[0].over };
    });
  }

  async function store(id: string, { record, keyHash, seconds, peakBytes }: JobResult): Promise<void> {
    await database.transaction(async (query) => {
      const result = await putBlob(query, encodeProofRecord(record));
      await query(
        `UPDATE proving.job SET result = $2, key_hash = $3, seconds = $4, peak_bytes = $5, worker = $6, failure = NULL,
         finished_at = now() WHERE id = $1 AND result IS NULL`,
        [id, result, keyHash.toString(), seconds, Math.round(peakBytes), worker],
      );
    });
  }

  return {
    async releaseOwn() {
      const { rows } = await database.query(
        "SELECT id FROM proving.job WHERE worker = $1 AND result IS NULL AND failure IS NULL",
        [worker],
      );
      const boss = await database.boss();
      for (const { id } of rows) {
        const queued = await boss.getJobById(QUEUE, queueIdOf(id));
        if (queued?.state === "active") await boss.fail(QUEUE, queueIdOf(id), { reason: "worker restarted" });
      }
      await database.query("UPDATE proving.job SET worker = NULL WHERE worker = $1 AND result IS NULL", [
        worker,
      ]);
      return rows.length;
    },

    async claim() {
      for (;;) {
        const taken = await takeNext();
        if (!taken?.over) return taken;
        // Its worker died after the outcome was stored and before the queue knew.
        await end(taken.id);
      }
    },

    async renew(id) {
      // pg-boss has no heartbeat: a lease that starts now is one.
      const { rowCount } = await database.query(
        `UPDATE pgboss.job SET started_on = now() WHERE name = $1 AND id = $2 AND state = 'active'
         AND EXISTS (SELECT FROM proving.job WHERE id = $3 AND worker = $4)`,
        [QUEUE, queueIdOf(id), id, worker],
      );
      return rowCount === 1;
    },

    async complete(id, result) {
      await store(id, result);
      await end(id);
    },

    async fail(id, reason, final) {
      const { rows } = await database.query(
        `UPDATE proving.job SET failures = failures + 1, last_failure = $2, worker = NULL,
         failure = CASE WHEN $3 OR failures + 1 >= $4 THEN $2 END
         WHERE id = $1 AND result IS NULL RETURNING failure`,
        [id, reason, final, FAILURES_BEFORE_GIVEN_UP],
      );
      const over = rows.length === 0 || rows[0].failure !== null;
      if (over) await end(id);
      else await (await database.boss()).fail(QUEUE, queueIdOf(id), { reason });
      return over;
    },

    result: (id) => readResult(database.query, id),

    async remember(job, result) {
      const id = jobId(job);
      await database.transaction(async (query) => {
        await putBlob(query, encodeJob(job));
        await query("INSERT INTO proving.job (id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
          id,
          job.kind,
        ]);
      });
      await store(id, result);
    },

    close: () => database.close(),
  };
}
