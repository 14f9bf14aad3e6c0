import { mkdirSync } from "node:fs";
import { createGenesisSeal } from "../../agents/inscriber/genesisSeal.ts";
import { inscriberKeys } from "../../agents/inscriber/taproot.ts";
import type { BitcoinRpc } from "../../agents/kit/bitcoin/rpc.ts";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import type { NetworkGenesisFile } from "../../agents/kit/epoch/networkGenesis.ts";
import { StackError } from "../../protocol/errors.ts";
import type { Program } from "../../protocol/genesis.ts";
import { DEFAULT_PROGRAM } from "../../protocol/programs/provenPrograms.ts";
import {
  ensureGenesis,
  FIRST_L3_CHAIN_ID,
  l3Genesis,
  readGenesisFile,
  SUPERSONIC_CHAIN_ID,
  supersonicGenesis,
} from "./genesisFiles.ts";
import { accountOf, ensureKey, readKey } from "./keys.ts";
import type { Layout } from "./layout.ts";
import {
  type ChainEntry,
  findNetworkFile,
  type NetworkFile,
  required,
  type SealRecord,
  SUPERSONIC,
  writeNetworkFile,
} from "./networkFile.ts";
import { choosePort, PREFERRED_PORTS } from "./ports.ts";
import { DEV_SETTINGS } from "./settings.ts";

const url = (port: number): string => `http://127.0.0.1:${port}`;

/** Names of a new network's L3s: demo, demo2, demo3, ... */
export const l3Name = (index: number): string => (index === 0 ? "demo" : `demo${index + 1}`);

/**
 * The network of this folder: read, or its keys, ports and genesis files made. What needs running parts (seal, contracts) is
 * filled in later, step by step; each step is written down before the next, so that a killed creation goes on.
 */
export async function openNetwork(layout: Layout, l3Count: number): Promise<NetworkFile> {
  const found = findNetworkFile(layout);
  if (found) return found;
  mkdirSync(layout.dataDir, { recursive: true });
  const taken = new Set<number>();
  const port = async (preferred: number): Promise<string> => url(await choosePort(preferred, taken));
  const attesters: string[] = [];
  for (let i = 0; i < DEV_SETTINGS.attesters; i++) attesters.push(await port(PREFERRED_PORTS.attester));
  const chains: ChainEntry[] = [
    {
      name: SUPERSONIC,
      chainId: SUPERSONIC_CHAIN_ID,
      program: "none",
      rpc: await port(PREFERRED_PORTS.supersonic),
    },
  ];
  for (let i = 0; i < l3Count; i++) chains.push(await newL3(l3Name(i), FIRST_L3_CHAIN_ID + i, taken));
  const network: NetworkFile = {
    version: 1,
    bitcoin: {
      network: "regtest",
      rpc: await port(PREFERRED_PORTS.bitcoin),
      cookieFile: `${layout.bitcoin}/regtest/.cookie`,
    },
    da: await port(PREFERRED_PORTS.da),
    queue: (await port(PREFERRED_PORTS.queue)).replace("http://", "postgres://postgres@") + "/postgres",
    queueStatus: await port(PREFERRED_PORTS.queue),
    prover: await port(PREFERRED_PORTS.prover),
    inscriber: await port(PREFERRED_PORTS.inscriber),
    lightNode: await port(PREFERRED_PORTS.lightNode),
    attesters,
    chains,
  };
  await makeKeysAndGenesis(layout, network);
  await writeNetworkFile(layout, network);
  return network;
}

/** An L3's entry with free ports, its contract still missing. */
export async function newL3(
  name: string,
  chainId: number,
  taken: Set<number>,
  program: Program = DEFAULT_PROGRAM,
): Promise<ChainEntry> {
  const rpc = url(await choosePort(PREFERRED_PORTS.l3, taken));
  const batcher = url(await choosePort(PREFERRED_PORTS.batcher, taken));
  return { name, chainId, program, rpc, batcher };
}

async function makeKeysAndGenesis(layout: Layout, network: NetworkFile): Promise<void> {
  await ensureKey(layout, "inscriber");
  for (let i = 0; i < network.attesters.length; i++) await ensureKey(layout, `attester-${i}`);
  const deployer = accountOf(await ensureKey(layout, "deployer"));
  const agents = [deployer];
  for (const chain of network.chains.slice(1)) {
    agents.push(accountOf(await ensureKey(layout, `batcher-${chain.name}`)));
    await ensureL3Genesis(layout, chain);
  }
  await ensureGenesis(layout, () => supersonicGenesis(deployer, agents), SUPERSONIC);
}

export async function ensureL3Genesis(layout: Layout, { name, chainId, program }: ChainEntry): Promise<void> {
  const feeRecipient = accountOf(await ensureKey(layout, "deployer"));
  await ensureGenesis(layout, () => l3Genesis(name, chainId, program as Program, feeRecipient), name);
}

/** Coinbase outputs can be spent after 100 blocks (Bitcoin's COINBASE_MATURITY). */
const MATURITY = 100;

/** Funds the inscriber on regtest and makes the network's first seal, unless it is there. */
export async function ensureSeal(layout: Layout, network: NetworkFile, rpc: BitcoinRpc): Promise<SealRecord> {
  if (network.seal) return network.seal;
  const keys = inscriberKeys(
    Buffer.from(readKey(layout.key("inscriber")).privateKey.slice(2), "hex"),
    network.bitcoin.network,
  );
  const height = await rpc.call<number>("getblockcount");
  if (height <= MATURITY) await rpc.call("generatetoaddress", MATURITY + 1 - height, keys.funding.address);
  const { seal, sealScript } = await createGenesisSeal(rpc, keys, 1);
  const [blockHash] = await rpc.call<string[]>("generatetoaddress", 1, keys.funding.address);
  const sealed = await rpc.call<number>("getblockcount");
  return { ...seal, script: sealScript, height: sealed, blockHash: required(blockHash, "block of the seal") };
}

/** Writes what light nodes start from: nothing else of this network needs to be believed. */
export async function writeNetworkGenesis(
  layout: Layout,
  network: NetworkFile,
  epoch: NetworkGenesisFile["epoch"],
): Promise<void> {
  const seal = required(network.seal, "seal");
  const settlement = required(network.settlement, "settlement contracts");
  const { height, blockHash, txid, vout, script } = seal;
  const genesis: NetworkGenesisFile = {
    version: 1,
    bitcoin: {
      network: network.bitcoin.network,
      height,
      blockHash,
      seal: { txid, vout },
      sealScript: script,
    },
    supersonic: readGenesisFile(layout, SUPERSONIC) as NetworkGenesisFile["supersonic"],
    epoch,
    settlement: {
      factory: settlement.rollupFactory,
      verifier: settlement.proofVerifier,
      programs: [settlement.program],
      dataAvailability: [settlement.dataAvailabilityCommittee],
    },
  };
  await writeFileDurably(layout.genesisOfNetwork, `${JSON.stringify(genesis, null, 2)}\n`);
}

/** @throws StackError CHAIN_NAME_INVALID, CHAIN_ID_INVALID, CHAIN_NAME_TAKEN, CHAIN_ID_TAKEN */
export function assertNewChain(network: NetworkFile, name: string, chainId: number): void {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    throw new StackError(
      { code: "CHAIN_NAME_INVALID", expected: "lower-case letters, digits, dashes", supplied: name },
      "fatal",
    );
  // Tools keep chain ids in doubles.
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new StackError(
      { code: "CHAIN_ID_INVALID", expected: "1 to 2^53 - 1", supplied: String(chainId) },
      "fatal",
    );
  if (network.chains.some((c) => c.name === name))
    throw new StackError({ code: "CHAIN_NAME_TAKEN", name }, "fatal");
  if (network.chains.some((c) => c.chainId === chainId))
    throw new StackError({ code: "CHAIN_ID_TAKEN", chainId }, "fatal");
}
