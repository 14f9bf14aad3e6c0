import type { Clock } from "../kit/clock.ts";
import { createHttpServer } from "../kit/httpServer.ts";
import type { JobClient } from "../kit/jobs/client.ts";
import type { Logger } from "../kit/logger.ts";
import type { Metrics } from "../kit/metrics.ts";
import { combineServices, Loop, type Service } from "../kit/service.ts";
import { StackError } from "../../protocol/errors.ts";
import type { ProofProfiles } from "../../protocol/programs/capacity.ts";
import { mostBlocks } from "../../protocol/programs/cutChunks.ts";
import { findProvenProgram, provenProgramNames } from "../../protocol/programs/provenPrograms.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { TransactionSender } from "../kit/evm/transactionSender.ts";
import { createActions } from "./actions.ts";
import { listBatches } from "./api.ts";
import type { RollupFacts, Settlement } from "./chain.ts";
import type { BatcherConfig } from "./config.ts";
import type { BatcherError } from "./errors.ts";
import type { BatchJournal } from "./journal.ts";
import { assertSameBlock, type Layer3 } from "./layer3.ts";
import { planBatches, splitBatches, type BatcherAction, type BatcherView } from "./plan.ts";

export interface BatcherModules {
  settlement: Settlement;
  layer3: Layer3;
  da: DataAvailability;
  jobs: JobClient;
  sender: TransactionSender;
  journal: BatchJournal;
  logger: Logger;
  metrics: Metrics;
  clock: Clock;
  fail: (error: unknown) => void;
}

/** Settled batches whose times are kept for those who ask. */
const REMEMBERED_BATCHES = 256;

/** One per L3: publishes its blocks, has them proven and attested, settles them. `step()` does what can be done now. */
export function createBatcherService(
  config: BatcherConfig,
  modules: BatcherModules,
): Service & { step(): Promise<BatcherAction[]>; url(): string } {
  const { settlement, layer3, journal, logger, metrics, clock, fail } = modules;
  const settledBlock = metrics.gauge("settled_block", "Last settled block of the L3");
  const openBatches = metrics.gauge("open_batches", "Batches published and not settled");
  let facts: (RollupFacts & { profiles: ProofProfiles }) | undefined;

  /** Read once: a rollup never changes. The node has to be one of its chain, and the chain one that can be proven. */
  async function readFacts(): Promise<RollupFacts & { profiles: ProofProfiles }> {
    const read = await settlement.facts();
    const node = await layer3.info();
    for (const parameter of ["chainId", "gasLimit"] as const)
      if (read[parameter] !== node[parameter])
        throw new StackError<BatcherError>(
          {
            ...{ code: "LAYER3_PARAMETER_MISMATCH", parameter },
            ...{ settled: String(read[parameter]), node: String(node[parameter]) },
          },
          "fatal",
        );
    const { program } = node;
    const profiles = findProvenProgram(program);
    const proven = provenProgramNames().join(", ");
    if (!profiles)
      throw new StackError<BatcherError>({ code: "LAYER3_NOT_PROVEN", program, proven }, "fatal");
    return { ...read, profiles };
  }

  async function readView(profiles: ProofProfiles): Promise<BatcherView> {
    const settled = await settlement.tip();
    const head = await layer3.head();
    const settledNumber = Number(settled.blockNumber);
    const all = journal.all();
    const { open } = splitBatches(settled, all);
    settledBlock.set(settledNumber);
    openBatches.set(open.length);
    const last = open.at(-1)?.lastBlock ?? settledNumber;
    // A node that is behind (restored, syncing) has nothing to batch yet.
    if (head >= settledNumber)
      assertSameBlock(settledNumber, settled.dataHash, (await layer3.tip(settledNumber)).dataHash);
    const until = Math.min(head, last + config.maxChunks * mostBlocks(profiles) + 1);
    const unbatched = await layer3.summaries(last + 1, until);
    return { settled, batches: all, unbatched, nowMs: clock.now(), profiles };
  }

  async function noteSettled({ settled, batches }: BatcherView): Promise<void> {
    const { done } = splitBatches(settled, batches);
    for (const batch of done.filter(({ settled: noted }) => !noted)) {
      await journal.put({ ...batch, settled: true });
      const { firstBlock, lastBlock } = batch;
      logger.info("batch settled", { firstBlock, lastBlock });
    }
    for (const batch of done.slice(0, -REMEMBERED_BATCHES)) await journal.drop(batch);
  }

  async function step(): Promise<BatcherAction[]> {
    facts ??= await readFacts();
    const actions = createActions(config, facts, modules);
    const view = await readView(facts.profiles);
    await noteSettled(view);
    const planned = planBatches(view, config);
    let failure: unknown;
    for (const action of planned)
      // A committee that sleeps must not keep the next batch from being published, nor one batch another's proof.
      await actions.perform(action, view).catch((error: unknown) => (failure ??= error));
    if (failure) throw failure;
    if (planned.length === 0) logger.debug("nothing to do", { settled: view.settled.blockNumber });
    return planned;
  }

  const loop = new Loop({
    step: async () => void (await step()),
    ...{ intervalMs: config.intervalMs, clock, logger, onFatal: fail },
  });
  const http = createHttpServer({ host: config.host, port: config.port, logger, metrics });
  http.get("/batches", async () => listBatches(await settlement.settledBatches(), journal.all()));
  const stores: Service = {
    start: async () => undefined,
    async stop() {
      await Promise.all([journal.close(), modules.jobs.close()]);
    },
  };
  return { ...combineServices([stores, http, loop]), step, url: () => http.url() };
}
