import { JsonRpcProvider, Wallet } from "ethers";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAttesterService } from "../../../agents/attester/service.ts";
import { createDaService } from "../../../agents/da/service.ts";
import { createChainReader } from "../../../agents/kit/evm/chainReader.ts";
import { createEvmRpc, type EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import { openStore } from "../../../agents/kit/lmdb.ts";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import { createJobWorker } from "../../../agents/kit/jobs/worker.ts";
import { silentLogger as logger } from "../../../agents/kit/logger.ts";
import type { HttpServer } from "../../../agents/kit/httpServer.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import type { Service } from "../../../agents/kit/service.ts";
import { createQueueService } from "../../../agents/queue/service.ts";
import { createRollup } from "../../../scripts/deploy/createRollup.ts";
import { deploySettlement } from "../../../scripts/deploy/deploySettlement.ts";
import { statementProgram } from "../../contracts/support/statementProgram.ts";
import { DEV_CHAIN_ID, DEV_KEY, startDevChain, type DevChain } from "../evm/devChain.ts";
import { killNow, startProcess, freePort } from "../jobs/processes.ts";
import { workOnce } from "./smallProver.ts";

/** Hardhat's second account: deploys, so that the batcher's transactions are its own account's only ones. */
const DEPLOYER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const MEMBERS = [`0x${"a1".repeat(32)}`, `0x${"a2".repeat(32)}`];
const L3_CHAIN_ID = 4242;

export const user = new Wallet(`0x${"42".repeat(32)}`);

export interface BatcherNetwork {
  chain: DevChain;
  /** The queue's database. */
  jobs: string;
  layer3: EvmRpc;
  rollup: string;
  batcherUrl: string;
  /** Starts the batcher's process; resolves when it has logged `until`. */
  startBatcher(until?: string): Promise<ChildProcess>;
  /** A transfer on the L3; returns its hash. */
  transfer(): Promise<string>;
  /** Deletes what the batcher has on its disk. */
  forgetBatcherData(): Promise<void>;
  stopAttester(index: number): Promise<void>;
  /** On the address it had. */
  restartAttester(index: number): Promise<void>;
  /** Stands still while paused, as if no prover ran. */
  prover: { paused: boolean };
  stop(): Promise<void>;
}

/** Everything a batcher speaks to: settlement contracts on Hardhat's chain, an L3 node, DA, two attesters, queue, prover. */
export async function startBatcherNetwork(): Promise<BatcherNetwork> {
  const folder = await mkdtemp(join(tmpdir(), "bvm-batcher-"));
  const services: Service[] = [];
  const started = async <S extends Service>(service: S): Promise<S> => {
    await service.start();
    services.push(service);
    return service;
  };
  const chain = await startDevChain();
  await chain.rpc.call("evm_setAutomine", [true]);
  const program = await statementProgram();

  const signer = new Wallet(DEPLOYER_KEY, new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 }));
  const members = MEMBERS.map((key) => new Wallet(key).address);
  const settlement = await deploySettlement({
    ...{ signer, network: "hardhat", path: join(folder, "hardhat.json") },
    committee: { members, threshold: 2 },
    verifiers: [{ ...program.verifier, name: "BatchVerifier" }],
    referenceString: program.referenceString.manifest,
  });
  const genesisFile = {
    ...{
      name: "demo",
      chainId: L3_CHAIN_ID,
      program: "evm",
      timestamp: Math.floor(Date.now() / 1000),
      gasLimit: 30_000_000,
    },
    feeRecipient: `0x${"00".repeat(20)}`,
    alloc: [{ address: user.address, balance: (10n ** 24n).toString() }],
  };
  const genesis = parseGenesis(genesisFile);
  const scratch = openStore(join(folder, "genesis-store"));
  const genesisTip = (await Chain.open(genesis, scratch)).tip(0n);
  await scratch.close();
  const { address: rollup } = await createRollup(signer, settlement.rollupFactory, {
    ...{ chainId: BigInt(L3_CHAIN_ID), gasLimit: genesis.gasLimit, program: program.id, genesis: genesisTip },
    ...{ verifier: settlement.proofVerifier, dataAvailability: settlement.dataAvailabilityCommittee },
  });

  const daConfig = { host: "127.0.0.1", port: 0, dataDir: join(folder, "da"), maxBlobBytes: 8 << 20 };
  const da = await started(await createDaService(daConfig, { logger, metrics: createMetrics("da") }));
  const [nodePort, batcherPort] = [await freePort(), await freePort()];
  const layer3Url = `http://127.0.0.1:${nodePort}`;
  const startAttester = async (index: number, port: number): Promise<HttpServer> => {
    const keyFile = join(folder, `member-${index}`);
    await writeFile(keyFile, MEMBERS[index]!);
    const config = {
      ...{ host: "127.0.0.1", port, da: da.url(), dataDir: join(folder, `kept-${index}`), keyFile },
      committee: { address: settlement.dataAvailabilityCommittee, chainId: DEV_CHAIN_ID },
      rollups: { [rollup.toLowerCase()]: { layer3: layer3Url } },
      maxBlobBytes: 8 << 20,
    };
    const attester = await createAttesterService(config, { logger, metrics: createMetrics("attester") });
    await attester.start();
    return attester;
  };
  const attesterPorts = [await freePort(), await freePort()];
  const attesters = [await startAttester(0, attesterPorts[0]!), await startAttester(1, attesterPorts[1]!)];
  const fail = (error: unknown): never => {
    throw error;
  };
  const queueConfig = {
    host: "127.0.0.1",
    port: 0,
    statusPort: 0,
    dataDir: join(folder, "queue"),
    password: undefined,
  };
  const queue = await started(
    await createQueueService(queueConfig, { logger, metrics: createMetrics("queue"), fail }),
  );
  const jobs = `postgres://postgres@127.0.0.1:${queue.port()}/postgres`;

  await writeFile(join(folder, "genesis.json"), JSON.stringify(genesisFile));
  await writeFile(join(folder, "key"), DEV_KEY);
  const config = {
    node: {
      ...{ dataDir: join(folder, "node"), genesis: join(folder, "genesis.json"), port: nodePort },
      ...{ feeRecipient: `0x${"fe".repeat(20)}`, blockTimeMs: 1_000, idleBlockTimeMs: 3_000 },
    },
    batcher: {
      ...{ port: batcherPort, dataDir: join(folder, "batcher"), keyFile: join(folder, "key") },
      ...{ supersonic: chain.url, supersonicChainId: Number(DEV_CHAIN_ID), rollup, layer3: layer3Url },
      ...{ da: da.url(), attesters: attesters.map((attester) => attester.url()), jobs },
      ...{ maxAgeMs: 1_000, intervalMs: 50, stuckAfterMs: 2_000 },
    },
  };
  const configFile = join(folder, "bvm.json");
  await writeFile(configFile, JSON.stringify(config));
  const node = await startProcess(["agents/node/main.ts", "--config", configFile], "started");
  const layer3 = createEvmRpc({ url: layer3Url });

  const prover = { paused: false };
  const worker = createJobWorker({ url: jobs, worker: "small", logger });
  let proving = true;
  const provingEnded = (async () => {
    while (proving)
      if (prover.paused || !(await workOnce(worker, program)))
        await new Promise((resolve) => setTimeout(resolve, 50));
  })();

  let nonce = 0;
  return {
    ...{ chain, jobs, layer3, rollup, prover, batcherUrl: `http://127.0.0.1:${batcherPort}` },
    startBatcher: (until = "started") =>
      startProcess(["agents/batcher/main.ts", "--config", configFile], until),
    forgetBatcherData: () => rm(join(folder, "batcher"), { recursive: true }),
    stopAttester: (index) => attesters[index]!.stop(),
    async restartAttester(index) {
      attesters[index] = await startAttester(index, attesterPorts[index]!);
    },
    async transfer() {
      const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
      const to = new Wallet(`0x${(1000 + nonce).toString(16).padStart(64, "0")}`).address;
      const fields = { type: 2, chainId: L3_CHAIN_ID, nonce: nonce++, to, value: 5n, ...fees };
      return layer3.call<string>("eth_sendRawTransaction", [await user.signTransaction(fields)]);
    },
    async stop() {
      proving = false;
      await provingEnded;
      await worker.close();
      await killNow(node);
      for (const service of [...attesters, ...services.reverse()]) await service.stop();
      await chain.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Transactions the batcher's account has had mined. */
export async function batcherTransactions({ chain }: BatcherNetwork): Promise<number> {
  const { address } = new Wallet(DEV_KEY);
  return Number(await chain.rpc.call("eth_getTransactionCount", [address, "latest"]));
}

export const readerOf = ({ chain }: BatcherNetwork) => createChainReader(chain.rpc);
