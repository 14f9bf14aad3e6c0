import { hasCode, StackError } from "../../protocol/errors.ts";
import type { Clock } from "../kit/clock.ts";
import { createHttpServer } from "../kit/httpServer.ts";
import type { JobResult } from "../kit/jobs/client.ts";
import { RENEW_EVERY_MS } from "../kit/jobs/database.ts";
import { decodeJob, jobId } from "../kit/jobs/job.ts";
import type { ClaimedJob, JobWorker } from "../kit/jobs/worker.ts";
import type { Logger } from "../kit/logger.ts";
import type { Metrics } from "../kit/metrics.ts";
import { combineServices, Loop, type Service } from "../kit/service.ts";
import type { ProverConfig } from "./config.ts";
import { planEpoch, stepOf, type SingleJob } from "./plan.ts";
import { programOf, type Step } from "./step.ts";

export interface ProverModules {
  jobs: JobWorker;
  /** Makes one proof: `proveStep` with the network's programs. */
  prove: (step: Step, signal: AbortSignal) => Promise<JobResult>;
  logger: Logger;
  metrics: Metrics;
  clock: Clock;
  fail: (error: unknown) => void;
}

/** Takes jobs from the queue one by one; `step()` does one, if there is one, and tells whether there was. */
export function createProverService(
  config: Pick<ProverConfig, "host" | "port" | "pollMs">,
  modules: ProverModules,
): Service & { step(): Promise<boolean> } {
  const { logger, metrics, clock, fail } = modules;
  const abort = new AbortController();
  const jobs = patient(modules.jobs, clock, abort.signal, logger);
  const jobSeconds = metrics.histogram(
    "job_seconds",
    "Wall time of a job",
    [1, 3, 10, 30, 100, 300],
    ["kind"],
  );
  const proofSeconds = metrics.gauge("proof_seconds", "Time bb took for the last proof", ["program"]);
  const proofBytes = metrics.gauge("proof_peak_bytes", "Peak memory of bb for the last proof", ["program"]);
  const outcomes = metrics.counter("jobs_total", "Jobs ended", ["kind", "outcome"]);
  let current: ClaimedJob | undefined;
  let ownReleased = false;

  async function prove(step: Step): Promise<JobResult> {
    const result = await modules.prove(step, abort.signal);
    const { seconds, peakBytes } = result;
    const program = programOf(step);
    proofSeconds.set({ program }, seconds);
    proofBytes.set({ program }, peakBytes);
    logger.info("proof made", { program, seconds, peakBytes });
    return result;
  }

  /** A part of a job: found if somebody has made it, else made and remembered. */
  async function solvePart(job: SingleJob): Promise<JobResult> {
    const known = await jobs.result(jobId(job));
    if (known) return known;
    const result = await prove(stepOf(job));
    await jobs.remember(job, result);
    return result;
  }

  async function solve({ id, input }: ClaimedJob): Promise<JobResult> {
    const job = decodeJob(id, input);
    if (job.kind !== "epoch") return prove(stepOf(job));
    return prove(await planEpoch(job, async (part) => (await solvePart(part)).record));
  }

  async function work(claimed: ClaimedJob): Promise<void> {
    const { id, kind } = claimed;
    const startedAt = clock.now();
    try {
      const result = await solve(claimed);
      await jobs.complete(id, result);
      outcomes.inc({ kind, outcome: "done" });
      logger.info("job done", { id, kind, seconds: (clock.now() - startedAt) / 1000 });
    } catch (error) {
      if (abort.signal.aborted) throw error; // we stop: not the job's fault
      const reason = error instanceof Error ? error.message : String(error);
      const final = error instanceof StackError && error.severity === "fatal";
      const over = await jobs.fail(id, reason, final);
      outcomes.inc({ kind, outcome: over ? "failed" : "retried" });
      logger[over ? "error" : "warn"]("job failed", { id, kind, over }, error);
    } finally {
      jobSeconds.observe({ kind }, (clock.now() - startedAt) / 1000);
    }
  }

  async function releaseOwn(): Promise<void> {
    const released = await modules.jobs.releaseOwn();
    if (released > 0) logger.warn("jobs of an earlier life given back", { released });
    ownReleased = true;
  }

  async function step(): Promise<boolean> {
    if (!ownReleased) await releaseOwn();
    const claimed = await modules.jobs.claim();
    if (!claimed) return false;
    logger.info("job taken", { id: claimed.id, kind: claimed.kind });
    current = claimed;
    const renewal = setInterval(() => void renew(claimed), RENEW_EVERY_MS);
    try {
      await work(claimed);
    } finally {
      clearInterval(renewal);
      current = undefined;
    }
    return true;
  }

  async function renew({ id }: ClaimedJob): Promise<void> {
    try {
      if (!(await modules.jobs.renew(id)))
        logger.warn("lease lost: another prover may do the same job", { id });
    } catch (error) {
      logger.warn("lease not renewed, will try again", { id }, error);
    }
  }

  /** Works while there is work, so that the pause applies to an empty queue only. */
  const loop = new Loop({
    step: async () => {
      while (!abort.signal.aborted && (await step()));
    },
    ...{ intervalMs: config.pollMs, clock, logger, onFatal: fail },
  });
  const http = createHttpServer({
    ...{ host: config.host, port: config.port, logger, metrics },
    health: () => ({ working: current ? { id: current.id, kind: current.kind } : null }),
  });
  const queue: Service = {
    start: async () => undefined,
    async stop() {
      // Another prover need not wait for our lease to run out.
      await releaseOwn().catch((error: unknown) => logger.warn("jobs not given back", {}, error));
      await modules.jobs.close();
    },
  };
  const services = combineServices([queue, http, loop]);
  return {
    step,
    start: services.start,
    async stop() {
      abort.abort();
      await services.stop();
    },
  };
}

/** A proof is too dear to lose because the queue is being restarted: waits until it answers, or until we are to stop. */
function patient(jobs: JobWorker, clock: Clock, signal: AbortSignal, logger: Logger) {
  const insist =
    <A extends unknown[], R>(action: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      for (;;) {
        try {
          return await action(...args);
        } catch (error) {
          if (!hasCode(error, "JOBS_UNAVAILABLE") || signal.aborted) throw error;
          logger.warn("queue away, waiting", {}, error);
          await clock.sleep(1_000, signal);
        }
      }
    };
  return {
    complete: insist(jobs.complete),
    fail: insist(jobs.fail),
    result: insist(jobs.result),
    remember: insist(jobs.remember),
  };
}
