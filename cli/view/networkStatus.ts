import type { ChainEntry, NetworkFile } from "../network/networkFile.ts";
import { callRpc, cookieAuthorization, getJson } from "./http.ts";

export interface ChainStatus {
  readonly name: string;
  readonly chainId: number;
  readonly rpc: string;
  readonly latest: number;
  readonly safe: number;
  readonly finalized: number;
}

export interface NetworkStatus {
  readonly bitcoin: { readonly height: number };
  readonly chains: readonly ChainStatus[];
  readonly lightNode: { readonly epoch: number; readonly bitcoinHeight: number; readonly state: string };
}

interface LightNodeStatus {
  readonly epoch: number;
  readonly bitcoinHeight: number;
  readonly stateRoot: string;
  readonly refusal?: { readonly code: string } | null;
}

/** Heights and finality of every layer. @throws StackError SOURCE_UNREACHABLE when a part does not run */
export async function readNetworkStatus(network: NetworkFile): Promise<NetworkStatus> {
  const { rpc, cookieFile } = network.bitcoin;
  const [height, chains, light] = await Promise.all([
    callRpc<number>(rpc, "getblockcount", [], cookieAuthorization(rpc, cookieFile)),
    Promise.all(network.chains.map(readChainStatus)),
    getJson<LightNodeStatus>(`${network.lightNode}/status`),
  ]);
  const state = light.refusal ? `refused: ${light.refusal.code}` : light.stateRoot;
  return {
    bitcoin: { height },
    chains,
    lightNode: { epoch: light.epoch, bitcoinHeight: light.bitcoinHeight, state },
  };
}

async function readChainStatus({ name, chainId, rpc }: ChainEntry): Promise<ChainStatus> {
  const number = async (tag: string): Promise<number> => {
    const block = await callRpc<{ number: string } | null>(rpc, "eth_getBlockByNumber", [tag, false]);
    return block ? Number(block.number) : 0;
  };
  const [latest, safe, finalized] = await Promise.all([
    number("latest"),
    number("safe"),
    number("finalized"),
  ]);
  return { name, chainId, rpc, latest, safe, finalized };
}
