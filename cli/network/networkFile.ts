import { existsSync, readFileSync } from "node:fs";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import { StackError } from "../../protocol/errors.ts";
import type { Layout } from "./layout.ts";

export type NetworkFileError =
  | { code: "NO_NETWORK"; expected: string; hint: string }
  | { code: "NETWORK_NOT_READY"; missing: string; hint: string }
  | { code: "UNKNOWN_CHAIN"; expected: string; supplied: string };

export const SUPERSONIC = "supersonic";

/** A chain of the network as users and the CLI see it. */
export interface ChainEntry {
  readonly name: string;
  readonly chainId: number;
  /** What proves it: a program's name, or "none" for Supersonic (re-executed by light nodes). */
  readonly program: string;
  readonly rpc: string;
  /** L3s only: its Rollup contract on Supersonic, and its batcher's API. */
  readonly rollup?: string;
  readonly batcher?: string;
}

/** What `createGenesisSeal` made, and the block that confirmed it. */
export interface SealRecord {
  readonly txid: string;
  readonly vout: number;
  readonly script: string;
  readonly height: number;
  readonly blockHash: string;
}

/** Addresses on Supersonic. */
export interface SettlementRecord {
  readonly rollupFactory: string;
  readonly proofVerifier: string;
  readonly dataAvailabilityCommittee: string;
  /** Key hash of the program `batch`: the program id of every Rollup. */
  readonly program: string;
}

/** The public facts of a network, no secrets. Fields appear in the order of its creation, so an interrupted one goes on. */
export interface NetworkFile {
  readonly version: 1;
  readonly bitcoin: { readonly network: "regtest"; readonly rpc: string; readonly cookieFile: string };
  readonly da: string;
  readonly queue: string;
  readonly queueStatus: string;
  readonly prover: string;
  readonly inscriber: string;
  readonly lightNode: string;
  readonly attesters: readonly string[];
  readonly seal?: SealRecord;
  readonly settlement?: SettlementRecord;
  readonly chains: readonly ChainEntry[];
}

/** @throws StackError NO_NETWORK */
export function readNetworkFile(layout: Layout): NetworkFile {
  const network = findNetworkFile(layout);
  if (network) return network;
  throw new StackError<NetworkFileError>(
    { code: "NO_NETWORK", expected: layout.network, hint: "start one with: bvm up --data-dir <folder>" },
    "fatal",
  );
}

export function findNetworkFile(layout: Layout): NetworkFile | undefined {
  return existsSync(layout.network)
    ? (JSON.parse(readFileSync(layout.network, "utf8")) as NetworkFile)
    : undefined;
}

export async function writeNetworkFile(layout: Layout, network: NetworkFile): Promise<void> {
  await writeFileDurably(layout.network, `${JSON.stringify(network, null, 2)}\n`);
}

/** @throws StackError NETWORK_NOT_READY when the first `bvm up` has not come that far */
export function required<T>(value: T | undefined, missing: string): T {
  if (value !== undefined) return value;
  throw new StackError<NetworkFileError>(
    { code: "NETWORK_NOT_READY", missing, hint: "let bvm up finish creating the network first" },
    "fatal",
  );
}

/** @throws StackError UNKNOWN_CHAIN */
export function findChain(network: NetworkFile, name: string): ChainEntry {
  const chain = network.chains.find((c) => c.name === name);
  if (chain) return chain;
  const expected = network.chains.map((c) => c.name).join(", ");
  throw new StackError<NetworkFileError>({ code: "UNKNOWN_CHAIN", expected, supplied: name }, "fatal");
}

export const l3Chains = (network: NetworkFile): readonly ChainEntry[] =>
  network.chains.filter((c) => c.name !== SUPERSONIC);
