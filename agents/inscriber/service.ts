import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StackError } from "../../protocol/errors.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { genesisStateRoot as computeStateRoot, parseGenesis } from "../../protocol/genesis.ts";
import { assertUsableNode } from "../kit/bitcoin/checkNode.ts";
import type { BitcoinNetwork } from "../kit/bitcoin/network.ts";
import { createBitcoinRpc, type BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { createDaClient } from "../kit/da/client.ts";
import { parseNetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import { createEvmRpc } from "../kit/evm/rpc.ts";
import { createHttpServer } from "../kit/httpServer.ts";
import { createJobClient } from "../kit/jobs/client.ts";
import type { AgentContext } from "../kit/runAgent.ts";
import { combineServices, Loop, type Service } from "../kit/service.ts";
import { addInscriberRoutes } from "./api.ts";
import type { InscriberConfig } from "./config.ts";
import { createQueueProver } from "./epochProver.ts";
import { openInscriber, type Inscriber } from "./inscriber.ts";
import {
  createFallbackPublisher,
  createMinePublisher,
  createRelayPublisher,
  type Publisher,
} from "./publisher.ts";
import { createSupersonic } from "./supersonic.ts";
import { createSupersonicEpochs } from "./supersonicEpochs.ts";
import { inscriberKeys } from "./taproot.ts";

export type InscriberServiceError =
  | { code: "CONFIG_KEY_INVALID"; file: string }
  | { code: "CONFIG_SEAL_NOT_OURS"; expected: string; actual: string }
  | { code: "CONFIG_MINE_NOT_REGTEST"; network: BitcoinNetwork };

const refuse = (type: InscriberServiceError): never => {
  throw new StackError(type, "fatal");
};

export interface InscriberService extends Service {
  readonly inscriber: Inscriber;
  /** One round, as the loop does it. */
  step(): Promise<void>;
  url(): string;
}

export async function createInscriberService(
  config: InscriberConfig,
  { logger, metrics, clock, fail }: AgentContext,
): Promise<InscriberService> {
  const genesis = parseNetworkGenesis(JSON.parse(await readFile(config.network, "utf8")));
  const { network, height, blockHash, seal, sealScript } = genesis.bitcoin;
  const keys = inscriberKeys(await readSecret(config.keyFile), network);
  const ours = Buffer.from(keys.seal.script).toString("hex");
  if (ours !== sealScript) refuse({ code: "CONFIG_SEAL_NOT_OURS", expected: sealScript, actual: ours });

  await mkdir(config.dataDir, { recursive: true });
  const rpc = createBitcoinRpc(config.bitcoin);
  const chain = parseGenesis(genesis.supersonic);
  const { name, chainId } = chain;
  const jobs = createJobClient({ url: config.jobs, logger });
  const builder = createSupersonicEpochs({
    supersonic: createSupersonic(createEvmRpc({ url: config.supersonic })),
    da: createDaClient({ url: config.da }),
    prover: createQueueProver(jobs),
    genesis,
    chainId,
    length: config.epoch,
    clock,
  });
  const inscriber = await openInscriber(
    {
      journalPath: join(config.dataDir, "journal.json"),
      genesis: { block: { height, hash: blockHash }, seal },
      limits: config,
      feeTargetBlocks: config.feeTargetBlocks,
    },
    {
      rpc,
      keys,
      publisher: createPublisher(rpc, config, network, keys.funding.address),
      builder,
      clock,
      logger,
    },
  );

  const epochs = metrics.gauge("epochs_total", "Epochs signed");
  const unconfirmed = metrics.gauge("unconfirmed_total", "Epochs signed and not in a block");
  const feeSats = metrics.gauge("fees_sats", "Fees of the epochs in the journal");
  let checked = false;
  async function step(): Promise<void> {
    if (!checked) await assertUsableNode(rpc, network);
    checked = true;
    await inscriber.step();
    const { entries } = inscriber.journal();
    epochs.set(entries.length);
    unconfirmed.set(entries.filter((entry) => !entry.inscribed).length);
    feeSats.set(entries.reduce((sum, { pair }) => sum + Number(pair?.feeSats ?? 0n), 0));
  }

  const loop = new Loop({ step, intervalMs: config.intervalMs, clock, logger, onFatal: fail });
  const server = createHttpServer({ host: config.host, port: config.port, logger, metrics });
  const genesisStateRoot = fieldToHex(computeStateRoot(chain));
  addInscriberRoutes(server, inscriber, { name, chainId, genesisStateRoot });
  const running = combineServices([server, loop]);
  return {
    inscriber,
    step,
    url: () => server.url(),
    start: () => running.start(),
    async stop() {
      await running.stop();
      await jobs.close();
    },
  };
}

function createPublisher(
  rpc: BitcoinRpc,
  { publisher }: InscriberConfig,
  network: BitcoinNetwork,
  address: string,
): Publisher {
  if (network !== "regtest")
    return publisher === "mine"
      ? refuse({ code: "CONFIG_MINE_NOT_REGTEST", network })
      : createRelayPublisher(rpc);
  const mine = createMinePublisher(rpc, address);
  return publisher === "mine" ? mine : createFallbackPublisher(createRelayPublisher(rpc), mine);
}

async function readSecret(file: string): Promise<Uint8Array> {
  const text = (await readFile(file, "utf8")).trim();
  return /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, "hex")
    : refuse({ code: "CONFIG_KEY_INVALID", file });
}
