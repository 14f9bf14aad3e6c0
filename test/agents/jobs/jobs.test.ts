import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createJobClient, type JobClient, type JobResult } from "../../../agents/kit/jobs/client.ts";
import { decodeJob, jobId, type Job } from "../../../agents/kit/jobs/job.ts";
import { queueIdOf } from "../../../agents/kit/jobs/queueId.ts";
import { createJobWorker, type JobWorker } from "../../../agents/kit/jobs/worker.ts";
import { silentLogger as logger } from "../../../agents/kit/logger.ts";
import { eventually, freePort, killNow, startProcess } from "./processes.ts";

const result: JobResult = {
  record: {
    version: 1,
    program: "epochEmpty",
    publicInputs: [5n, 5n, 0n, 0n],
    proof: new Uint8Array(64).fill(3),
  },
  keyHash: 2n ** 253n,
  seconds: 1.5,
  peakBytes: 2 ** 33,
};

describe("job queue", function () {
  this.timeout(120_000);
  let folder: string, url: string, queue: ChildProcess, client: JobClient, database: pg.Pool;
  const workers: JobWorker[] = [];
  const children: ChildProcess[] = [];
  let nextSettlement = 0n;

  const startQueue = () =>
    startProcess(["agents/queue/main.ts", "--config", join(folder, "bvm.json")], "queue listens");
  /** A job nobody asked for before. */
  const freshJob = (): Job => ({ kind: "epochEmpty", settlement: nextSettlement++ });
  const createWorker = (name: string): JobWorker => {
    const worker = createJobWorker({ url, worker: name, logger });
    workers.push(worker);
    return worker;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-jobs-"));
    const port = await freePort();
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await writeFile(
      join(folder, "bvm.json"),
      JSON.stringify({ queue: { port, dataDir: join(folder, "db") } }),
    );
    queue = await startQueue();
    client = createJobClient({ url, logger });
    database = new pg.Pool({ connectionString: url, max: 1 });
    database.on("error", () => undefined);
  });
  after(async () => {
    for (const child of children) await killNow(child);
    await Promise.all([client.close(), database.end(), ...workers.map((worker) => worker.close())]);
    await killNow(queue);
    await rm(folder, { recursive: true });
  });

  it("makes one job of the same work asked for many times, from many places", async () => {
    const job = freshJob();
    const other = createJobClient({ url, logger });
    const ids = await Promise.all([client, other, client, other].map((c) => c.request(job)));
    expect(new Set(ids)).to.deep.equal(new Set([jobId(job)]));
    const [a, b] = [createWorker("a"), createWorker("b")];
    const claims = await Promise.all([a.claim(), b.claim()]);
    expect(claims.filter((claim) => claim !== undefined)).to.have.length(1);
    await a.complete(jobId(job), result);
    await client.request(job);
    expect(await b.claim()).to.equal(undefined);
    await other.close();
  });

  it("gives the worker the job and the requester the result, byte for byte", async () => {
    const job = freshJob();
    const id = await client.request(job);
    expect(await client.status(id)).to.deep.equal({ state: "queued" });
    expect(await client.result(id)).to.equal(undefined);
    const worker = createWorker("a");
    const claimed = (await worker.claim())!;
    expect(decodeJob(id, claimed.input)).to.deep.equal(job);
    expect(await client.status(id)).to.include({ state: "running", worker: "a" });
    await worker.complete(id, result);
    expect(await client.result(id)).to.deep.equal(result);
    expect(await client.status(id)).to.include({ state: "done", seconds: 1.5, peakBytes: 2 ** 33 });
  });

  it("does not know what nobody asked for", async () => {
    expect(await client.status("00".repeat(32))).to.deep.equal({ state: "unknown" });
  });

  it("reports a failing job with its reason, lets others pass, and takes it up again when told to", async () => {
    const [bad, good] = [freshJob(), freshJob()];
    const worker = createWorker("a");
    const badId = await client.request(bad);
    expect((await worker.claim())!.id).to.equal(badId);
    const goodId = await client.request(good);
    expect(await worker.fail(badId, "CONSTRAINT_BROKEN name=balance", true)).to.equal(true);
    expect(await client.status(badId)).to.deep.equal({
      state: "failed",
      reason: "CONSTRAINT_BROKEN name=balance",
    });
    await client.request(bad); // asking again does not run it again
    expect((await worker.claim())!.id).to.equal(goodId);
    await worker.complete(goodId, result);
    expect(await worker.claim()).to.equal(undefined);

    await client.retry(badId);
    expect((await worker.claim())!.id).to.equal(badId);
    await worker.complete(badId, result);
    expect(await client.status(badId)).to.include({ state: "done" });
  });

  it("tries a temporary failure again, three times in all", async () => {
    const worker = createWorker("a");
    const id = await client.request(freshJob());
    for (const attempt of [1, 2, 3]) {
      await eventually(() => worker.claim(), 20_000);
      const over = await worker.fail(id, `no space ${attempt}`, false);
      expect(over).to.equal(attempt === 3);
      if (!over)
        expect(await client.status(id)).to.deep.equal({
          state: "queued",
          lastFailure: `no space ${attempt}`,
        });
    }
    expect(await client.status(id)).to.deep.equal({ state: "failed", reason: "no space 3" });
  });

  it("remembers a part of a job, so that asking for it gives the result at once", async () => {
    const job = freshJob();
    const worker = createWorker("a");
    await worker.remember(job, result);
    expect(await worker.result(jobId(job))).to.deep.equal(result);
    expect(await client.status(await client.request(job))).to.include({ state: "done" });
    expect(await worker.claim()).to.equal(undefined);
  });

  it("gives a killed worker's job back as soon as that worker is started again", async () => {
    const id = await client.request(freshJob());
    const child = await holdJob("machine-1");
    await killNow(child);
    const restarted = createWorker("machine-1");
    expect(await restarted.claim()).to.equal(undefined);
    expect(await restarted.releaseOwn()).to.equal(1);
    expect((await eventually(() => restarted.claim(), 5_000)).id).to.equal(id);
    await restarted.complete(id, result);
  });

  it("leaves a job to the worker that renews it, and gives it to another once it has stopped renewing", async () => {
    const id = await client.request(freshJob());
    const child = await holdJob("machine-2");
    const other = createWorker("machine-3");
    await ageLeases(40); // not yet expired, so the holder's next renewal must come first
    await eventually(async () => (await leaseAge(id)) < 2, 5_000);
    await killNow(child);
    await ageLeases(60);
    expect((await eventually(() => other.claim(), 30_000)).id).to.equal(id);
    expect(await createWorker("machine-2").renew(id)).to.equal(false);
    await other.complete(id, result);
  });

  it("loses nothing when the queue itself is killed", async () => {
    const [done, open] = [freshJob(), freshJob()];
    const doneId = await client.request(done);
    const worker = createWorker("a");
    await worker.claim();
    await worker.complete(doneId, result);
    const openId = await client.request(open);
    await killNow(queue);
    const refused = await client.status(openId).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("type.code", "JOBS_UNAVAILABLE");
    expect(refused).to.have.property("severity", "retry");
    queue = await startQueue();
    expect(await client.result(doneId)).to.deep.equal(result);
    expect(await client.status(openId)).to.deep.equal({ state: "queued" });
    expect((await worker.claim())!.id).to.equal(openId);
    await worker.complete(openId, result);
  });

  async function holdJob(name: string): Promise<ChildProcess> {
    const child = await startProcess(["test/agents/jobs/workerChild.ts", url, name], "holds a job");
    children.push(child);
    return child;
  }
  /** Makes every lease look as if it had not been renewed for that long. */
  async function ageLeases(seconds: number): Promise<void> {
    await database.query(
      "update pgboss.job set started_on = started_on - $1 * interval '1 second' where state = 'active'",
      [seconds],
    );
  }
  async function leaseAge(id: string): Promise<number> {
    const { rows } = await database.query(
      "select extract(epoch from now() - started_on)::float as age from pgboss.job where id = $1",
      [queueIdOf(id)],
    );
    return rows[0].age;
  }
});
