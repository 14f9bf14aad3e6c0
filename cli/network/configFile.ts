import { readFileSync } from "node:fs";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import { SUPERSONIC_CHAIN_ID } from "./genesisFiles.ts";
import { accountOf } from "./keys.ts";
import type { Layout } from "./layout.ts";
import { type ChainEntry, l3Chains, type NetworkFile, required, SUPERSONIC } from "./networkFile.ts";
import { DEV_SETTINGS } from "./settings.ts";

/** Sections by role, then by instance; each agent's `config.ts` has the schema of its own. */
export type ConfigFile = Record<string, unknown>;

const portOf = (url: string): number => Number(new URL(url).port);

/** Supersonic's node: all that runs while the settlement contracts are being deployed. */
export function supersonicNodeConfig(layout: Layout, network: NetworkFile): object {
  const chain = network.chains.find((c) => c.name === SUPERSONIC)!;
  const safe = { kind: "status", url: network.inscriber };
  return nodeConfig(layout, network, chain, { safe });
}

/** The whole configuration of a network whose contracts stand. @throws StackError NETWORK_NOT_READY */
export function composeConfig(layout: Layout, network: NetworkFile): ConfigFile {
  const { da, queue } = network;
  const settlement = required(network.settlement, "settlement contracts");
  const bitcoin = { url: network.bitcoin.rpc, auth: { cookieFile: network.bitcoin.cookieFile } };
  const supersonic = network.chains.find((c) => c.name === SUPERSONIC)!;
  const config: Record<string, Record<string, unknown>> = {
    node: { [SUPERSONIC]: supersonicNodeConfig(layout, network) },
    da: { port: portOf(da), dataDir: layout.agent("da") },
    queue: { port: portOf(queue), statusPort: portOf(network.queueStatus), dataDir: layout.agent("queue") },
    attester: Object.fromEntries(
      network.attesters.map((url, i) => [
        String(i),
        {
          port: portOf(url),
          da,
          rollups: {},
          dataDir: layout.agent("attester", String(i)),
          keyFile: layout.key(`attester-${i}`),
          committee: { address: settlement.dataAvailabilityCommittee, chainId: SUPERSONIC_CHAIN_ID },
        },
      ]),
    ),
    batcher: {},
    prover: {
      port: portOf(network.prover),
      jobs: queue,
      worker: "local",
      bitcoinNetwork: network.bitcoin.network,
    },
    inscriber: {
      port: portOf(network.inscriber),
      dataDir: layout.agent("inscriber"),
      network: layout.genesisOfNetwork,
      bitcoin,
      keyFile: layout.key("inscriber"),
      supersonic: supersonic.rpc,
      da,
      jobs: queue,
      epoch: { seconds: DEV_SETTINGS.epochSeconds, idleSeconds: DEV_SETTINGS.epochIdleSeconds },
      publisher: "mine",
    },
    "light-node": {
      port: portOf(network.lightNode),
      dataDir: layout.agent("light-node"),
      network: layout.genesisOfNetwork,
      bitcoin,
      da,
      follow: [],
    },
  };
  for (const chain of l3Chains(network)) addL3(config, layout, network, chain);
  return config;
}

/** Adds an L3's node and batcher, and has the attesters sign for it and the light node follow it. */
export function addL3(
  config: Record<string, Record<string, unknown>>,
  layout: Layout,
  network: NetworkFile,
  chain: ChainEntry,
): void {
  const supersonic = network.chains.find((c) => c.name === SUPERSONIC)!;
  const rollup = required(chain.rollup, `Rollup of ${chain.name}`);
  const safe = { kind: "rollup", rpc: supersonic.rpc, address: rollup };
  const idleBlockTimeMs = DEV_SETTINGS.l3IdleBlockTimeMs;
  config.node![chain.name] = nodeConfig(layout, network, chain, { safe, idleBlockTimeMs });
  config.batcher![chain.name] = {
    port: portOf(required(chain.batcher, `batcher of ${chain.name}`)),
    dataDir: layout.agent("batcher", chain.name),
    keyFile: layout.key(`batcher-${chain.name}`),
    supersonic: supersonic.rpc,
    supersonicChainId: supersonic.chainId,
    rollup,
    layer3: chain.rpc,
    da: network.da,
    attesters: network.attesters,
    jobs: network.queue,
  };
  for (const attester of Object.values(config.attester!))
    (attester as { rollups: object }).rollups = {
      ...(attester as { rollups: object }).rollups,
      [rollup.toLowerCase()]: { layer3: chain.rpc },
    };
  (config["light-node"]!.follow as object[]).push({ name: chain.name, genesis: layout.genesis(chain.name) });
}

function nodeConfig(layout: Layout, network: NetworkFile, chain: ChainEntry, more: object): object {
  return {
    port: portOf(chain.rpc),
    dataDir: layout.agent("node", chain.name),
    genesis: layout.genesis(chain.name),
    feeRecipient: accountOf(layout.key("deployer")),
    blockTimeMs: DEV_SETTINGS.blockTimeMs,
    lightNode: network.lightNode,
    ...more,
  };
}

export const readConfigFile = (layout: Layout): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(layout.config, "utf8")) as Record<string, Record<string, unknown>>;

export async function writeConfigFile(layout: Layout, config: ConfigFile): Promise<void> {
  await writeFileDurably(layout.config, `${JSON.stringify(config, null, 2)}\n`);
}
