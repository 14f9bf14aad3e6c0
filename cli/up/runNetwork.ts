import { createBitcoinRpc, type BitcoinRpc } from "../../agents/kit/bitcoin/rpc.ts";
import type { Hex } from "../../agents/kit/hex.ts";
import { setUpAll } from "../commands/setup.ts";
import { composeConfig, supersonicNodeConfig, writeConfigFile } from "../network/configFile.ts";
import { ensureSeal, openNetwork, writeNetworkGenesis } from "../network/createNetwork.ts";
import { layout, type Layout } from "../network/layout.ts";
import {
  type ChainEntry,
  findChain,
  l3Chains,
  type NetworkFile,
  SUPERSONIC,
  writeNetworkFile,
} from "../network/networkFile.ts";
import { ensureRollup, ensureSettlement } from "../network/settlement.ts";
import { endLeftovers, recordProcesses } from "../supervisor/processFile.ts";
import type { ProcessSpec } from "../supervisor/processSpec.ts";
import { Supervisor } from "../supervisor/supervisor.ts";
import { describeNetwork } from "./describeNetwork.ts";
import { startDemo } from "./demo.ts";
import { bitcoindProcess, nodeProcess, processWaves } from "./processes.ts";
import type { Reporter } from "./reporter.ts";
import { watchNetwork } from "./watchNetwork.ts";

export interface RunOptions {
  readonly dataDir: string;
  /** L3s of a new network; an existing one keeps its own. */
  readonly l3Count: number;
  readonly demo: boolean;
  readonly reporter: Reporter;
  /** Ends the run cleanly. */
  readonly signal: AbortSignal;
}

/**
 * Runs a network: sets up what is missing, creates or continues it, starts every agent as its own process, mines Bitcoin
 * blocks on a timer, shows the state, until `signal`. Effects: the data folder, the cache, child processes, loopback ports.
 */
export async function runNetwork({ dataDir, l3Count, demo, reporter, signal }: RunOptions): Promise<void> {
  const paths = layout(dataDir);
  const setUp = await setUpAll("local", (line) => reporter.line(line));
  const left = await endLeftovers(paths.processes, paths.dataDir);
  if (left.length > 0) reporter.line(`ended what a killed run had left: ${left.join(", ")}`);

  const supervisor: Supervisor = new Supervisor(paths.logs, () =>
    recordProcesses(paths.processes, supervisor.running()),
  );
  const start = async (spec: ProcessSpec): Promise<void> => {
    if (signal.aborted) return;
    await supervisor.start(spec);
    reporter.line(`started ${spec.name}`);
  };
  try {
    let network = await openNetwork(paths, l3Count);
    await start(await bitcoindProcess(paths, network));
    const bitcoin = createBitcoinRpc({
      url: network.bitcoin.rpc,
      auth: { cookieFile: network.bitcoin.cookieFile },
    });
    network = await create(paths, network, { bitcoin, setUp, start });
    for (const wave of processWaves(paths, network)) await Promise.all(wave.map(start));
    if (signal.aborted) return;
    reporter.line(describeNetwork(network, paths));
    const journey = demo ? startDemo(network, reporter) : undefined;
    await watchNetwork({ paths, supervisor, bitcoin, reporter, signal, start, journey });
  } finally {
    await supervisor.stop();
    await endLeftovers(paths.processes, paths.dataDir);
  }
}

interface CreateParts {
  readonly bitcoin: BitcoinRpc;
  readonly setUp: Awaited<ReturnType<typeof setUpAll>>;
  readonly start: (spec: ProcessSpec) => Promise<void>;
}

/** Takes a network from wherever its creation stands to complete; each step is on disk before the next begins. */
async function create(
  paths: Layout,
  opened: NetworkFile,
  { bitcoin, setUp: { verifiers, referenceString }, start }: CreateParts,
): Promise<NetworkFile> {
  let network = opened;
  const note = async (more: Partial<NetworkFile>): Promise<void> => {
    network = { ...network, ...more };
    await writeNetworkFile(paths, network);
  };
  const isComplete =
    network.settlement !== undefined && l3Chains(network).every((c) => c.rollup !== undefined);
  if (!isComplete) {
    await note({ seal: await ensureSeal(paths, network, bitcoin) });
    await writeConfigFile(paths, { node: { [SUPERSONIC]: supersonicNodeConfig(paths, network) } });
  }
  await start(nodeProcess(paths, findChain(network, SUPERSONIC)));
  if (isComplete) return network;

  const { kind, id } = referenceString.manifest;
  const settlement = await ensureSettlement(paths, network, {
    verifier: verifiers.batch!,
    referenceString: { kind, id },
  });
  await note({ settlement });
  const chains: ChainEntry[] = [];
  for (const chain of network.chains)
    chains.push(
      chain.name === SUPERSONIC
        ? chain
        : { ...chain, rollup: await ensureRollup(paths, network, chain.name) },
    );
  const { keyHash, deployedBytecode } = verifiers.epoch!;
  await writeNetworkGenesis(paths, network, { keyHash, verifierCode: deployedBytecode as Hex });
  await writeConfigFile(paths, composeConfig(paths, { ...network, chains }));
  // Last: by its rollups a later run knows that all of it is there.
  await note({ chains });
  return network;
}
