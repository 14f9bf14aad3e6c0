import { mkdirSync } from "node:fs";
import { findBitcoind } from "../../agents/kit/bitcoin/findBitcoind.ts";
import { regtestFlags } from "../../agents/kit/bitcoin/startBitcoind.ts";
import { agentCommand, type AgentRole } from "../commands/agent.ts";
import type { Layout } from "../network/layout.ts";
import type { ChainEntry, NetworkFile } from "../network/networkFile.ts";
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

/** Agents that all chains share, in the order in which they need each other. */
export const sharedProcesses = (layout: Layout, network: NetworkFile): ProcessSpec[] => [
  agent(layout, "da", network.da),
  agent(layout, "queue", network.queueStatus),
  ...attesterProcesses(layout, network),
  agent(layout, "prover", network.prover),
  agent(layout, "inscriber", network.inscriber),
];

/** What an L3 has of its own. */
export const l3Processes = (layout: Layout, chain: ChainEntry): ProcessSpec[] => [
  nodeProcess(layout, chain),
  agent(layout, "batcher", chain.batcher, chain.name),
];
