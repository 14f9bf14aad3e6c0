import { expect } from "chai";
import { Interface } from "ethers";
import type { ChainEntry, NetworkFile } from "../../cli/network/networkFile.ts";
import { callRpc, getJson } from "../../cli/view/http.ts";
import type { BatchRecord, EpochRecord } from "../../cli/view/journey.ts";
import { type Journey, STAGES } from "../../cli/view/stages.ts";
import { rollupAbi } from "../../generated/abis/Rollup.ts";

export interface InscribedEpoch extends EpochRecord {
  readonly state: "building" | "signed" | "inscribed" | "final";
  readonly batchCount: number | null;
  readonly revealTxid: string | null;
}

export interface VerifiedEpoch {
  readonly epoch: number;
  readonly txid: string;
  readonly bitcoin: { readonly height: number; readonly hash: string };
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly stateRoot: string;
  readonly batchCount: number;
}

interface LightAccount {
  readonly balance: string;
  readonly nonce: number;
  readonly blockNumber: number;
  readonly stateRoot: string;
}

export const batchesOf = (chain: ChainEntry): Promise<BatchRecord[]> => getJson(`${chain.batcher}/batches`);
export const inscribedEpochs = ({ inscriber }: NetworkFile): Promise<InscribedEpoch[]> =>
  getJson(`${inscriber}/epochs`);
export const verifiedEpochs = ({ lightNode }: NetworkFile): Promise<VerifiedEpoch[]> =>
  getJson(`${lightNode}/epochs`);

export const balanceOf = async (chain: ChainEntry, address: string): Promise<bigint> =>
  BigInt(await callRpc<string>(chain.rpc, "eth_getBalance", [address, "latest"]));

/** Every stage has its time, none before the one it follows. */
export function expectWholeJourney({ hash, stage, stages }: Journey): void {
  expect(stage, hash).to.equal("verified");
  const times = STAGES.map((name) => Date.parse(stages[name] ?? ""));
  expect(times.every(Number.isFinite), JSON.stringify(stages)).to.equal(true);
  expect(times, JSON.stringify(stages)).to.deep.equal(times.toSorted((a, b) => a - b));
}

/** The light node's account is the one the L3's own node has after the same block. */
export async function expectSameAccount(
  network: NetworkFile,
  chain: ChainEntry,
  address: string,
): Promise<void> {
  const light = await getJson<LightAccount>(`${network.lightNode}/accounts/${address}?chain=${chain.name}`);
  const block = `0x${light.blockNumber.toString(16)}`;
  const header = await callRpc<{ stateRoot: string }>(chain.rpc, "eth_getBlockByNumber", [block, false]);
  const balance = await callRpc<string>(chain.rpc, "eth_getBalance", [address, block]);
  const nonce = await callRpc<string>(chain.rpc, "eth_getTransactionCount", [address, block]);
  const here = { balance: light.balance, nonce: light.nonce, stateRoot: light.stateRoot };
  const there = { balance: String(BigInt(balance)), nonce: Number(nonce), stateRoot: header.stateRoot };
  expect(here, `${address} on ${chain.name}`).to.deep.equal(there);
}

/**
 * The Rollup's own events: batches numbered from 1 without a gap, blocks without a gap or an overlap, each from the state
 * root where the one before ended. Returns the last settled block.
 */
export async function expectBatchesContiguous(supersonic: string, rollup: string): Promise<number> {
  const abi = new Interface(rollupAbi);
  const topic = abi.getEvent("BatchSettled")!.topicHash;
  const filter = { address: rollup, topics: [topic], fromBlock: "0x0", toBlock: "latest" };
  const logs = await callRpc<{ data: string; topics: string[] }[]>(supersonic, "eth_getLogs", [filter]);
  let lastBlock = 0n;
  let stateRoot: string | undefined;
  logs.forEach((log, i) => {
    const { batchIndex, firstBlock, prevStateRoot, next } = abi.parseLog(log)!.args;
    expect(batchIndex, "batch index").to.equal(BigInt(i + 1));
    expect(firstBlock, `first block of batch ${i + 1}`).to.equal(lastBlock + 1n);
    if (stateRoot !== undefined) expect(prevStateRoot, `batch ${i + 1}`).to.equal(stateRoot);
    [lastBlock, stateRoot] = [next.blockNumber as bigint, next.stateRoot as string];
  });
  const call = { to: rollup, data: abi.encodeFunctionData("batchCount") };
  expect(BigInt(await callRpc<string>(supersonic, "eth_call", [call, "latest"]))).to.equal(
    BigInt(logs.length),
  );
  return Number(lastBlock);
}

/** How often each transaction is in the blocks 1 to `lastBlock`. */
export async function countInBlocks(chain: ChainEntry, lastBlock: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let n = 1; n <= lastBlock; n++) {
    const block = await callRpc<{ transactions: string[] }>(chain.rpc, "eth_getBlockByNumber", [
      `0x${n.toString(16)}`,
      false,
    ]);
    for (const hash of block.transactions) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return counts;
}
