import { readFileSync } from "node:fs";
import { createMetricsFor } from "./metrics.ts";
import { Chain } from "../kit/execution/chain.ts";
import { parseGenesis } from "../kit/execution/genesis.ts";
import { recoveryEngine } from "../kit/execution/recoverPublicKey.ts";
import { openStore } from "../kit/lmdb.ts";
import type { AgentContext } from "../kit/runAgent.ts";
import { combineServices, Loop, type Service } from "../kit/service.ts";
import { createNodeChain, type ChainEvents } from "./chain/localNodeChain.ts";
import type { NodeChain } from "./chain/nodeChain.ts";
import type { NodeConfig } from "./config.ts";
import { FinalityFollower } from "./finality/finalityFollower.ts";
import type { FinalitySource } from "./finality/finalitySource.ts";
import { createRollupSource } from "./finality/rollupSource.ts";
import { createStatusSource } from "./finality/statusSource.ts";
import { createRpcServer } from "./rpc/server.ts";
import { Sequencer } from "./sequencing/sequencer.ts";

/** Parts of a second between looks at the clock: a block is late by this at most. */
const STEPS_PER_BLOCK = 20;

export interface NodeService extends Service {
  readonly chain: NodeChain;
  /** Of the RPC, known once started. */
  url(): string;
  /** Seals a block if it is time: what the loop repeats. */
  step(): Promise<void>;
  /** Asks once what is safe and final: what the other loop repeats. */
  stepFinality(): Promise<void>;
}

/** A chain's node: opens its store, takes up what was promised, serves and seals. */
export async function createNodeService(config: NodeConfig, context: AgentContext): Promise<NodeService> {
  const { logger, metrics, clock, fail } = context;
  const { blockTimeMs, idleBlockTimeMs = blockTimeMs, pool, rpc } = config;
  const store = openStore(config.dataDir);
  const chain = await Chain.open(parseGenesis(JSON.parse(readFileSync(config.genesis, "utf8"))), store);
  const machine = await chain.createMachine();
  const feeRecipient = config.feeRecipient ?? chain.genesis.feeRecipient;
  if (recoveryEngine !== "native") logger.warn("signatures are recovered in WebAssembly, at half the speed");

  const meters = createMetricsFor(metrics);
  const events: ChainEvents = {
    sealed: (header) => {
      meters.sealed(header);
      nodeChain.sealed(header);
    },
    accepted: (transaction) => {
      meters.accepted();
      nodeChain.accepted(transaction);
    },
    finalityMoved: (heads) => {
      meters.finality(heads);
      nodeChain.finalityMoved(heads);
    },
  };
  const sequencer = new Sequencer(
    { blockTimeMs, idleBlockTimeMs, feeRecipient, ...pool },
    { chain, store, machine, clock, logger: logger.child("sequencer") },
    events,
  );
  const finality = new FinalityFollower({
    chain,
    store,
    logger: logger.child("finality"),
    sources: finalitySources(config, chain.genesis.chainId),
    moved: events.finalityMoved,
  });
  const nodeChain = createNodeChain(
    { ...rpc, callGasCap: BigInt(rpc.callGasCap), minPriorityFee: BigInt(rpc.minPriorityFee) },
    { chain, sequencer, finality: () => finality.heads(), logger: logger.child("chain") },
  );
  await sequencer.restore();

  const limits = {
    ...(rpc.maxBatch === undefined ? {} : { maxBatch: rpc.maxBatch }),
    ...(rpc.maxBodyBytes === undefined ? {} : { maxBodyBytes: rpc.maxBodyBytes }),
  };
  const { host, port } = config;
  const server = await createRpcServer({
    host,
    port,
    chain: nodeChain,
    clock,
    logger: logger.child("rpc"),
    metrics,
    limits,
  });
  const step = (): Promise<void> => sequencer.step();
  const stepFinality = (): Promise<void> => finality.step();
  const loop = (run: () => Promise<void>, intervalMs: number, name: string): Loop =>
    new Loop({ step: run, intervalMs, clock, logger: logger.child(name), onFatal: fail });
  const services = combineServices([
    { start: async () => {}, stop: () => store.close() },
    loop(step, Math.max(5, blockTimeMs / STEPS_PER_BLOCK), "sequencer"),
    loop(stepFinality, config.finalityPollMs, "finality"),
    server,
  ]);
  return { ...services, chain: nodeChain, url: () => server.url(), step, stepFinality };
}

function finalitySources({ safe, lightNode }: NodeConfig, chainId: bigint) {
  let safeSource: FinalitySource | undefined;
  if (safe?.kind === "rollup") safeSource = createRollupSource(safe.rpc, safe.address);
  if (safe?.kind === "status") safeSource = createStatusSource(safe.url, chainId);
  return {
    safe: safeSource,
    finalized: lightNode === undefined ? undefined : createStatusSource(lightNode, chainId),
  };
}
