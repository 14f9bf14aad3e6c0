import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { parseEther } from "ethers";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import { parseAddress } from "../../protocol/address.ts";
import {
  type ChainGenesis,
  type GenesisAccount,
  genesisToJson,
  parseGenesis,
  type Program,
} from "../../protocol/genesis.ts";
import { DEV_ACCOUNT_COUNT, devAccount } from "./devAccounts.ts";
import type { Layout } from "./layout.ts";
import { SUPERSONIC } from "./networkFile.ts";

/** Development Supersonic's chain id, and the first one of its L3s. */
export const SUPERSONIC_CHAIN_ID = 1337;
export const FIRST_L3_CHAIN_ID = 13371;

/** Room for a generated verifier's deployment, and a second of execution on one core. */
const GAS_LIMIT = 30_000_000n;
const DEV_BALANCE = parseEther("10000");
/** Pays for years of `submitBatch`, 900k gas each at 1 gwei. */
const AGENT_BALANCE = parseEther("1000");

/** A chain's genesis, written once: a file that exists is the chain's, whatever this version would write. */
export async function ensureGenesis(layout: Layout, make: () => ChainGenesis, name: string): Promise<void> {
  const path = layout.genesis(name);
  if (existsSync(path)) return;
  mkdirSync(layout.genesisFolder, { recursive: true });
  await writeFileDurably(path, `${JSON.stringify(genesisToJson(make()), null, 2)}\n`);
}

export const readGenesis = (layout: Layout, name: string): ChainGenesis =>
  parseGenesis(readGenesisFile(layout, name));

export const readGenesisFile = (layout: Layout, name: string): unknown =>
  JSON.parse(readFileSync(layout.genesis(name), "utf8"));

/** Supersonic: development accounts, and the agents that send transactions on it. */
export function supersonicGenesis(feeRecipient: string, agents: readonly string[]): ChainGenesis {
  const chain = { name: SUPERSONIC, chainId: BigInt(SUPERSONIC_CHAIN_ID), program: "none" } as const;
  return genesis(chain, feeRecipient, [...devAlloc(), ...agents.map((a) => funded(a, AGENT_BALANCE))]);
}

/** An L3: development accounts alone. */
export const l3Genesis = (
  name: string,
  chainId: number,
  program: Program,
  feeRecipient: string,
): ChainGenesis => genesis({ name, chainId: BigInt(chainId), program }, feeRecipient, devAlloc());

const genesis = (
  chain: Pick<ChainGenesis, "name" | "chainId" | "program">,
  feeRecipient: string,
  alloc: readonly GenesisAccount[],
): ChainGenesis => ({
  ...chain,
  timestamp: BigInt(Math.floor(Date.now() / 1000)),
  gasLimit: GAS_LIMIT,
  feeRecipient: parseAddress(feeRecipient),
  alloc,
});

const devAlloc = (): GenesisAccount[] =>
  Array.from({ length: DEV_ACCOUNT_COUNT }, (_, i) => funded(devAccount(i).address, DEV_BALANCE));

const funded = (address: string, balance: bigint): GenesisAccount => ({
  address: parseAddress(address),
  balance,
  nonce: 0n,
  code: new Uint8Array(),
  storage: [],
});
