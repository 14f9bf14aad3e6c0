import { existsSync, readFileSync } from "node:fs";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import { StackError } from "../../protocol/errors.ts";
import type { Layout } from "./layout.ts";

export type NetworkFileError = { code: "NO_NETWORK"; expected: string; hint: string };

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

/** The public facts of a network: enough for the CLI, no secrets. */
export interface NetworkFile {
  readonly version: 1;
  readonly bitcoin: { readonly network: string; readonly rpc: string; readonly cookieFile: string };
  readonly chains: readonly ChainEntry[];
  readonly da: string;
  readonly inscriber: string;
  readonly lightNode: string;
  readonly prover: string;
}

/** @throws StackError NO_NETWORK */
export function readNetworkFile(layout: Layout): NetworkFile {
  if (existsSync(layout.network)) return JSON.parse(readFileSync(layout.network, "utf8")) as NetworkFile;
  throw new StackError<NetworkFileError>(
    { code: "NO_NETWORK", expected: layout.network, hint: "start one with: bvm up --data-dir <folder>" },
    "fatal",
  );
}

export async function writeNetworkFile(layout: Layout, network: NetworkFile): Promise<void> {
  await writeFileDurably(layout.network, `${JSON.stringify(network, null, 2)}\n`);
}

/** @throws StackError UNKNOWN_CHAIN */
export function findChain(network: NetworkFile, name: string): ChainEntry {
  const chain = network.chains.find((c) => c.name === name);
  if (chain) return chain;
  const known = network.chains.map((c) => c.name).join(", ");
  throw new StackError({ code: "UNKNOWN_CHAIN", expected: known, supplied: name }, "fatal");
}
