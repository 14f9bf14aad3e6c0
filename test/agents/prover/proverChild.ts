// A prover with the smallest program, as a process that can be killed: <queue url> <worker name>.
import { systemClock } from "../../../agents/kit/clock.ts";
import { createJobWorker } from "../../../agents/kit/jobs/worker.ts";
import { createLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { proveStep } from "../../../agents/prover/proveStep.ts";
import { createProverService } from "../../../agents/prover/service.ts";
import { loadSmallPrograms } from "./smallPrograms.ts";

const [url, worker] = process.argv.slice(2) as [string, string];
const logger = createLogger("prover");
const programs = await loadSmallPrograms();
const service = createProverService(
  { host: "127.0.0.1", port: 0, pollMs: 50 },
  {
    jobs: createJobWorker({ url, worker, logger }),
    prove: (step, signal) => proveStep(step, programs, signal),
    logger,
    metrics: createMetrics("prover"),
    clock: systemClock,
    fail: (error) => {
      throw error;
    },
  },
);
await service.start();
process.on("SIGTERM", () => void service.stop().then(() => process.exit(0)));
logger.info("prover runs");
