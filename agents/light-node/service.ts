import { readFile } from "node:fs/promises";
import { StackError } from "../../protocol/errors.ts";
import { createBitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { createDaClient } from "../kit/da/client.ts";
import { parseNetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import { parseGenesis } from "../kit/execution/genesis.ts";
import { createHttpServer, type HttpServer } from "../kit/httpServer.ts";
import type { AgentContext } from "../kit/runAgent.ts";
import { combineServices, Loop, type Service } from "../kit/service.ts";
import { addLightNodeRoutes } from "./api.ts";
import type { LightNodeConfig } from "./config.ts";
import { openLightNode, type LightNode } from "./lightNode.ts";
import { Refusal } from "./refusals.ts";

export interface LightNodeService extends Service {
  readonly node: LightNode;
  /** One round of reading Bitcoin, as the loop does it. */
  step(): Promise<void>;
  url(): string;
}

/** The light node as an agent: reads on in a loop, and serves what it has verified whether or not it can read on. */
export async function createLightNodeService(
  config: LightNodeConfig,
  { logger, metrics, clock, fail }: AgentContext,
): Promise<LightNodeService> {
  const proofSeconds = metrics.histogram(
    "proof_seconds",
    "Verification of an epoch's proof",
    [0.05, 0.1, 0.2, 0.5, 1, 5],
  );
  const epochHeight = metrics.gauge("epoch_total", "Epochs verified");
  const bitcoinHeight = metrics.gauge("bitcoin_blocks", "Height of the Bitcoin block read up to");
  const refusals = metrics.counter("refusals_total", "Rounds that ended in a refusal", ["code"]);

  const follow = [];
  for (const { name, genesis } of config.follow)
    follow.push({ name, genesis: parseGenesis(await readJson(genesis)) });
  const node = await openLightNode(
    {
      dataDir: config.dataDir,
      genesis: parseNetworkGenesis(await readJson(config.network)),
      supersonicName: config.supersonicName,
      follow,
    },
    {
      rpc: createBitcoinRpc(config.bitcoin),
      da: createDaClient({ url: config.da }),
      clock,
      logger,
      onProofVerified: (milliseconds) => proofSeconds.observe(milliseconds / 1000),
    },
  );

  let problem: string | null = null;
  async function step(): Promise<void> {
    try {
      await node.step();
      problem = null;
    } catch (error) {
      problem = error instanceof StackError ? String(error.type.code) : "INTERNAL";
      if (error instanceof Refusal) refusals.inc({ code: problem });
      throw error;
    } finally {
      const { epoch, block } = node.position();
      epochHeight.set(epoch);
      bitcoinHeight.set(block.height);
    }
  }

  // A refusal for good is no reason to stop serving the last true state.
  const onFatal = (error: unknown): void => (error instanceof Refusal ? undefined : fail(error));
  const loop = new Loop({ step, intervalMs: config.intervalMs, clock, logger, onFatal });
  const server: HttpServer = createHttpServer({ host: config.host, port: config.port, logger, metrics });
  addLightNodeRoutes(server, node, () => problem);
  const running = combineServices([server, loop]);
  return {
    node,
    step,
    url: () => server.url(),
    start: () => running.start(),
    async stop() {
      await running.stop();
      await node.close();
    },
  };
}

const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(path, "utf8")) as unknown;
