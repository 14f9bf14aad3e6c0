import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createQueueProver } from "../../../agents/inscriber/epochProver.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { createJobClient } from "../../../agents/kit/jobs/client.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import type { Service } from "../../../agents/kit/service.ts";
import { queueConfigSchema } from "../../../agents/queue/config.ts";
import { createQueueService } from "../../../agents/queue/service.ts";
import { freePort } from "../jobs/processes.ts";

describe("epoch proofs from the queue", () => {
  const folder = mkdtempSync(join(tmpdir(), "bvm-epoch-prover-"));
  let queue: Service;
  let url: string;
  before(async () => {
    const port = await freePort();
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const config = queueConfigSchema.parse({ port, dataDir: folder });
    const fail = (error: unknown): void => expect.fail(String(error));
    const context = {
      name: "test",
      logger: silentLogger,
      metrics: createMetrics("queue"),
      clock: systemClock,
      fail,
    };
    queue = await createQueueService(config, context);
    await queue.start();
  });
  after(async () => {
    await queue.stop();
    rmSync(folder, { recursive: true });
  });

  it("tells a request under way from one that the queue does not know", async () => {
    const jobs = createJobClient({ url, logger: silentLogger });
    try {
      const prover = createQueueProver(jobs);
      const job = await prover.request({ context: 7n, settlementIn: 0n, batches: [] });
      expect(await prover.request({ context: 7n, settlementIn: 0n, batches: [] })).to.equal(job);
      expect(await prover.result(job)).to.equal(undefined);
      expect(await prover.result("ab".repeat(32))).to.equal("lost");
    } finally {
      await jobs.close();
    }
  });
});
