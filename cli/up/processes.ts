import { mkdirSync } from "node:fs";
import { findBitcoind } from "../../agents/kit/bitcoin/findBitcoind.ts";
import { regtestFlags } from "../../agents/kit/bitcoin/startBitcoind.ts";
import { agentCommand, type AgentRole } from "../commands/agent.ts";
import type { Layout } from "../network/layout.ts";
import { type ChainEntry, l3Chains, type NetworkFile } from "../network/networkFile.ts";
import type { ProcessSpec } from "../supervisor/processSpec.ts";

/** bitcoind on regtest; healthy once its REST interface answers. */
export async function bitcoindProcess(layout: Layout, network: NetworkFile): Promise<ProcessSpec> {
  const port = Number(new URL(network.bitcoin.rpc).port);
  mkdirSync(layout.bitcoin, { recursive: true });
  return {
    name: "bitcoind",
    command: await findBitcoind(),
    args: [...regtestFlags(layout.bitcoin, port), "-rest=1"],
    healthUrl: `${network.bitcoin.rpc}/rest/chaininfo.json`,
  };
}

const agent = (layout: Layout, role: AgentRole, url: string | undefined, instance?: string): ProcessSpec => ({
  name: instance === undefined ? role : `${role}-${instance}`,
  ...agentCommand(role, layout.config, instance),
  ...(url === undefined ? {} : { healthUrl: `${url}/health` }),
});

export const nodeProcess = (layout: Layout, chain: ChainEntry): ProcessSpec =>
  agent(layout, "node", chain.rpc, chain.name);

export const lightNodeProcess = (layout: Layout, network: NetworkFile): ProcessSpec =>
  agent(layout, "light-node", network.lightNode);

export const attesterProcesses = (layout: Layout, network: NetworkFile): ProcessSpec[] =>
  network.attesters.map((url, i) => agent(layout, "attester", url, String(i)));

/**
 * Every agent beside Supersonic's node, in waves: what is in one wave needs only what earlier waves started, so it starts at
 * once.
 */
export function processWaves(layout: Layout, network: NetworkFile): ProcessSpec[][] {
  const l3s = l3Chains(network);
  return [
    [
      agent(layout, "da", network.da),
      agent(layout, "queue", network.queueStatus),
      ...l3s.map((c) => nodeProcess(layout, c)),
    ],
    [
      ...attesterProcesses(layout, network),
      agent(layout, "prover", network.prover),
      agent(layout, "inscriber", network.inscriber),
    ],
    [...l3s.map((c) => batcherProcess(layout, c)), lightNodeProcess(layout, network)],
  ];
}

const batcherProcess = (layout: Layout, chain: ChainEntry): ProcessSpec =>
  agent(layout, "batcher", chain.batcher, chain.name);

/** What an L3 has of its own. */
export const l3Processes = (layout: Layout, chain: ChainEntry): ProcessSpec[] => [
  nodeProcess(layout, chain),
  batcherProcess(layout, chain),
];
