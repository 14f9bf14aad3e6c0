import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobClient, type JobClient, type JobStatus } from "../../../agents/kit/jobs/client.ts";
import type { Job } from "../../../agents/kit/jobs/job.ts";
import { silentLogger as logger } from "../../../agents/kit/logger.ts";
import { CHUNK_CIRCUITS } from "../../../circuits/programs/chunkCircuits.ts";
import { noAncestors } from "../../../protocol/ancestors.ts";
import { epochNodeToFields } from "../../../protocol/publicInputs.ts";
import { eventually, freePort, killNow, startProcess } from "../jobs/processes.ts";
import { loadSmallPrograms } from "./smallPrograms.ts";

describe("prover, with real proofs of the smallest program", function () {
  this.timeout(900_000);
  let folder: string, url: string, queue: ChildProcess, client: JobClient;
  const children: ChildProcess[] = [];
  let nextSettlement = 1n;

  const freshJob = (): Job => ({ kind: "epochEmpty", settlement: nextSettlement++ });
  const startQueue = () =>
    startProcess(["agents/queue/main.ts", "--config", join(folder, "bvm.json")], "queue listens");
  async function startProver(name: string, until = "prover runs"): Promise<ChildProcess> {
    const child = await startProcess(["test/agents/prover/proverChild.ts", url, name], until);
    children.push(child);
    return child;
  }
  const ended = (id: string) =>
    eventually(async (): Promise<JobStatus | undefined> => {
      const status = await client.status(id);
      return status.state === "done" || status.state === "failed" ? status : undefined;
    }, 600_000); // other provers of this machine may come first

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-prover-"));
    const port = await freePort();
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await writeFile(
      join(folder, "bvm.json"),
      JSON.stringify({ queue: { port, dataDir: join(folder, "db") } }),
    );
    await loadSmallPrograms(); // in the cache before anybody is timed
    queue = await startQueue();
    client = createJobClient({ url, logger });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await killNow(child);
  });
  after(async () => {
    await client.close();
    await killNow(queue);
    await rm(folder, { recursive: true });
  });

  it("proves what is asked for and tells seconds, memory and key", async () => {
    await startProver("a");
    const settlement = 77n;
    const id = await client.request({ kind: "epochEmpty", settlement });
    expect(await ended(id)).to.include({ state: "done" });
    const { record, keyHash, seconds, peakBytes } = (await client.result(id))!;
    const node = { settlementIn: settlement, settlementOut: settlement, batchCount: 0n, selfKeyHash: 0n };
    expect(record).to.deep.include({ program: "epochEmpty", publicInputs: epochNodeToFields(node) });
    expect(record.proof).to.have.length(410 * 32);
    expect(keyHash).to.equal((await loadSmallPrograms()).keys.epochEmpty.keyHash);
    expect(seconds).to.be.above(0);
    expect(peakBytes).to.be.above(1 << 20);
  });

  it("does the job again after being killed in the middle of it", async () => {
    const id = await client.request(freshJob());
    await killNow(await startProver("a", "job taken"));
    expect(await client.status(id)).to.include({ state: "running", worker: "a" });
    await startProver("a");
    expect(await ended(id)).to.include({ state: "done" });
  });

  it("gives its job back when it is told to stop, so that another prover takes it at once", async () => {
    const id = await client.request(freshJob());
    const first = await startProver("a", "job taken");
    first.kill("SIGTERM");
    await once(first, "exit");
    await startProver("b");
    expect(await ended(id)).to.include({ state: "done" });
  });

  it("reports what cannot be proven, with its reason, and goes on with what can", async () => {
    const tip = { stateRoot: 1n, dataHash: 2n, blockNumber: 0n, timestamp: 0n, baseFee: 7n, gasUsed: 0n };
    const bad = await client.request({
      ...{ kind: "chunk", circuit: "evm-small", chainId: 1n, gasLimit: 30_000_000n, prev: tip },
      ...{ ancestors: noAncestors(tip.dataHash), blocks: [new Uint8Array(56)], witnesses: [] },
    } as unknown as Job);
    const keyless = await client.request({
      ...{ kind: "chunk", circuit: "unheard", chainId: 1n, gasLimit: 30_000_000n, prev: tip },
      ...{
        ancestors: noAncestors(tip.dataHash),
        blocks: [new Uint8Array(56)],
        witnesses: [new Uint8Array()],
      },
    });
    const inner = { version: 1 as const, program: "unheard", publicInputs: [], proof: new Uint8Array(32) };
    const foreign = await client.request({ kind: "batch", inner });
    const good = await client.request(freshJob());
    await startProver("a");
    expect(await ended(good)).to.include({ state: "done" });
    expect(((await ended(bad)) as { reason: string }).reason).to.match(/^JOB_MALFORMED /);
    const known = CHUNK_CIRCUITS.map(({ name }) => name).join(" ");
    expect((await ended(keyless)) as { reason: string }).to.deep.equal({
      state: "failed",
      reason: `CHUNK_CIRCUIT_UNKNOWN circuit=unheard known=${known}`,
    });
    expect((await ended(foreign)) as { reason: string }).to.deep.equal({
      state: "failed",
      reason: "PROGRAM_NOT_INNER program=unheard inner=epochEmpty",
    });
  });

  it("shares one queue among provers, each job done once", async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => client.request(freshJob())));
    await Promise.all([startProver("a"), startProver("b")]);
    for (const id of ids) expect(await ended(id)).to.include({ state: "done" });
  });

  it("keeps a proof made while the queue was away, and hands it in afterwards", async () => {
    const id = await client.request(freshJob());
    await startProver("a", "job taken");
    await killNow(queue);
    queue = await startQueue();
    expect(await ended(id)).to.include({ state: "done" });
  });
});
