import { StackError } from "../../protocol/errors.ts";
import type { Program } from "../../protocol/genesis.ts";
import { provenProgramNames } from "../../protocol/programs/provenPrograms.ts";
import { addL3, readConfigFile, writeConfigFile } from "../network/configFile.ts";
import { assertNewChain, ensureL3Genesis, newL3 } from "../network/createNetwork.ts";
import { readGenesis } from "../network/genesisFiles.ts";
import { accountOf, ensureKey } from "../network/keys.ts";
import { layout } from "../network/layout.ts";
import {
  type ChainEntry,
  type NetworkFile,
  readNetworkFile,
  required,
  writeNetworkFile,
} from "../network/networkFile.ts";
import { ensureRollup, fundAgent } from "../network/settlement.ts";

export interface L3CreateOptions {
  readonly program: string;
  readonly chainId?: bigint;
  readonly dataDir: string;
  readonly json?: boolean;
}

/**
 * Creates an L3 on a running network: genesis, keys, its Rollup contract, its agents' configuration. A running `bvm up` starts
 * its agents within a second. Everything is written down last, so that an interrupted creation is simply run again. A genesis file
 * that lies there already is taken, unless no rollup could come of it: then it throws `GenesisError` before anything is sent.
 */
export async function l3Create(name: string, options: L3CreateOptions): Promise<void> {
  const paths = layout(options.dataDir);
  const network = readNetworkFile(paths);
  required(network.settlement, "settlement contracts");
  const program = parseProgram(options.program);
  const chainId = options.chainId === undefined ? nextChainId(network) : Number(options.chainId);
  assertNewChain(network, name, chainId);

  const entry = await newL3(name, chainId, takenPorts(network), program);
  await ensureL3Genesis(paths, entry);
  readGenesis(paths, name);
  const batcher = await ensureKey(paths, `batcher-${name}`);
  await fundAgent(paths, network, accountOf(batcher));
  const chain: ChainEntry = { ...entry, rollup: await ensureRollup(paths, network, name) };

  const config = readConfigFile(paths);
  addL3(config, paths, network, chain);
  await writeConfigFile(paths, config);
  await writeNetworkFile(paths, { ...network, chains: [...network.chains, chain] });
  if (options.json) console.log(JSON.stringify(chain));
  else
    console.log(
      `${name}: chain id ${chainId}, RPC ${chain.rpc}, Rollup ${chain.rollup}; a running bvm up starts it now`,
    );
}

/** @throws StackError PROGRAM_UNKNOWN */
function parseProgram(text: string): Program {
  const proven = provenProgramNames();
  const found = proven.find((name) => name === text);
  if (found) return found;
  throw new StackError({ code: "PROGRAM_UNKNOWN", expected: proven.join(", "), supplied: text }, "fatal");
}

const nextChainId = (network: NetworkFile): number => Math.max(...network.chains.map((c) => c.chainId)) + 1;

function takenPorts(network: NetworkFile): Set<number> {
  const urls = network.chains.flatMap(({ rpc, batcher }) => (batcher ? [rpc, batcher] : [rpc]));
  const more = [
    network.da,
    network.queue,
    network.queueStatus,
    network.prover,
    network.inscriber,
    network.lightNode,
  ];
  return new Set(
    [...urls, ...more, ...network.attesters, network.bitcoin.rpc].map((url) => Number(new URL(url).port)),
  );
}
