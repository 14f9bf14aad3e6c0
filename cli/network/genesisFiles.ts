import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { parseEther } from "ethers";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import type { GenesisFile } from "../../agents/kit/execution/genesis.ts";
import { DEV_ACCOUNT_COUNT, devAccount } from "./devAccounts.ts";
import type { Layout } from "./layout.ts";

/** Room for a generated verifier's deployment, and a second of execution on one core. */
const GAS_LIMIT = 30_000_000;
const DEV_BALANCE = parseEther("10000");
/** Pays for years of `submitBatch`, 900k gas each at 1 gwei. */
const AGENT_BALANCE = parseEther("1000");

/** A chain's genesis, written once: a file that exists is the chain's, whatever this version would write. */
export async function ensureGenesis(
  layout: Layout,
  name: string,
  make: () => GenesisFile,
): Promise<GenesisFile> {
  const path = layout.genesis(name);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as GenesisFile;
  mkdirSync(layout.genesisFolder, { recursive: true });
  const genesis = make();
  await writeFileDurably(path, `${JSON.stringify(genesis, null, 2)}\n`);
  return genesis;
}

/** Supersonic: development accounts, and the agents that send transactions on it. */
export function supersonicGenesis(agents: readonly string[]): GenesisFile {
  const alloc = Object.fromEntries(agents.map((address) => [address, { balance: AGENT_BALANCE.toString() }]));
  const chainId = SUPERSONIC_CHAIN_ID;
  return {
    chainId,
    program: "none",
    timestamp: now(),
    gasLimit: GAS_LIMIT,
    alloc: { ...devAlloc(), ...alloc },
  };
}

export function l3Genesis(chainId: number, program: GenesisFile["program"]): GenesisFile {
  return { chainId, program, timestamp: now(), gasLimit: GAS_LIMIT, alloc: devAlloc() };
}

function devAlloc(): GenesisFile["alloc"] {
  const accounts = Array.from({ length: DEV_ACCOUNT_COUNT }, (_, i) => devAccount(i).address);
  return Object.fromEntries(accounts.map((address) => [address, { balance: DEV_BALANCE.toString() }]));
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Development Supersonic's chain id, and the first one of its L3s. */
export const SUPERSONIC_CHAIN_ID = 1337;
export const FIRST_L3_CHAIN_ID = 13371;
