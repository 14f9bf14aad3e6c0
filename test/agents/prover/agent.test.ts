import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobClient, type JobClient, type JobResult } from "../../../agents/kit/jobs/client.ts";
import type { Job } from "../../../agents/kit/jobs/job.ts";
import type { ProofRecord } from "../../../agents/kit/jobs/proofRecord.ts";
import { silentLogger as logger } from "../../../agents/kit/logger.ts";
import { verifyInEvm } from "../../../agents/kit/verifier/verifyInEvm.ts";
import { loadPrograms, type Programs } from "../../../agents/prover/programs.ts";
import { noAncestors } from "../../../protocol/ancestors.ts";
import {
  epochToFields,
  settle,
  statementFromFields,
  statementHash,
  statementToFields,
} from "../../../protocol/publicInputs.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { sequencedBatch, type SequencedBatch } from "../attester/sequencedBatch.ts";
import { eventually, freePort, killNow, startProcess } from "../jobs/processes.ts";

/** Proofs take half a minute each on two cores, and others of this machine may come first. */
const DEADLINE_MS = 1_200_000;

describe("prover agent with the network's programs", function () {
  this.timeout(3_600_000);
  let folder: string, queue: ChildProcess, prover: ChildProcess, client: JobClient;
  let batch: SequencedBatch, programs: Programs, inner: ProofRecord;

  const startProver = (until: string) =>
    startProcess(["agents/prover/main.ts", "--config", join(folder, "bvm.json")], until);
  const resultOf = (id: string): Promise<JobResult> =>
    eventually(async () => {
      const status = await client.status(id);
      if (status.state === "failed") throw new Error(status.reason);
      return client.result(id);
    }, DEADLINE_MS);
  const verify = async (program: "batch" | "epoch", { proof, publicInputs }: ProofRecord) =>
    (await verifyInEvm(programs.verifiers[program]!.deployedBytecode, proof, publicInputs)).valid;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-prover-agent-"));
    programs = await loadPrograms(await getReferenceString("local"));
    batch = await sequencedBatch(folder);
    const port = await freePort();
    const jobs = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const config = {
      queue: { port, dataDir: join(folder, "db") },
      prover: { port: 0, jobs, worker: "test", bitcoinNetwork: "regtest" },
    };
    await writeFile(join(folder, "bvm.json"), JSON.stringify(config));
    queue = await startProcess(
      ["agents/queue/main.ts", "--config", join(folder, "bvm.json")],
      "queue listens",
    );
    client = createJobClient({ url: jobs, logger });
  });
  after(async () => {
    await client.close();
    for (const child of [prover, queue]) if (child) await killNow(child);
    await batch.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("proves blocks of a real node, though killed in the middle", async () => {
    const { chainId, gasLimit, prev } = batch.statement;
    const blocks = await Promise.all([1, 2, 3].map(batch.layer3.bytes));
    const witnesses = await Promise.all([1, 2, 3].map(batch.layer3.witness));
    const chunk: Job = {
      ...{ kind: "chunk", circuit: "evm-small", chainId, gasLimit, prev, blocks, witnesses },
      ancestors: noAncestors(prev.dataHash),
    };
    const id = await client.request(chunk);
    await killNow(await startProver("job taken"));
    expect(await client.status(id)).to.include({ state: "running", worker: "test" });
    prover = await startProver("job taken");
    const result = await resultOf(id);
    inner = result.record;
    expect(inner.publicInputs).to.deep.equal(statementToFields(batch.statement));
    expect(result.keyHash).to.equal(programs.keys["evm-small"]!.keyHash);
    expect(result.peakBytes).to.be.above(100 << 20);
  });

  it("wraps the proof for Solidity", async () => {
    const { record } = await resultOf(await client.request({ kind: "batch", inner }));
    expect(record.publicInputs).to.deep.equal(statementToFields(batch.statement));
    expect(await verify("batch", record)).to.equal(true);
    const swapped = record.publicInputs.with(7, record.publicInputs[7]! + 1n);
    expect(await verify("batch", { ...record, publicInputs: swapped })).to.equal(false);
  });

  it("proves an epoch of the batch", async () => {
    const [context, settlementIn] = [12_345n, 678n];
    const epoch: Job = { kind: "epoch", context, settlementIn, batches: [inner] };
    const { record } = await resultOf(await client.request(epoch));
    const settlementOut = settle(settlementIn, statementHash(statementFromFields(inner.publicInputs)));
    expect(record.publicInputs).to.deep.equal(
      epochToFields({ context, settlementIn, settlementOut, batchCount: 1n }),
    );
    expect(await verify("epoch", record)).to.equal(true);
  });

  it("hands out nothing for an inner proof that proves something else", async () => {
    const lie = { ...inner, publicInputs: inner.publicInputs.with(7, inner.publicInputs[7]! + 1n) };
    const id = await client.request({ kind: "batch", inner: lie });
    const status = await eventually(async () => {
      const now = await client.status(id);
      return now.state === "failed" ? now : undefined;
    }, DEADLINE_MS);
    expect(status.reason).to.equal("PROOF_REJECTED program=batch");
  });
});
