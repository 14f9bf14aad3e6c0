import type { Interface, LogDescription, Result } from "ethers";
import { hasCode } from "../../../protocol/errors.ts";
import { namedRevert } from "./contractRevert.ts";
import type { EvmRpc } from "./rpc.ts";

/** A decoded event and where it happened. */
export interface ContractEvent {
  name: string;
  args: Result;
  blockNumber: number;
  blockHash: string;
  transactionHash: string;
}

export interface BlockHead {
  number: number;
  hash: string;
  /** Seconds since the Unix epoch. */
  timestamp: number;
}

type RawLog = {
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
};

export interface ContractRef {
  address: string;
  abi: Interface;
}

/** Blocks asked for in one eth_getLogs; halved when the node says it is too many. */
const LOG_CHUNK_BLOCKS = 2_000;

/** Reads a chain through JSON-RPC: what an agent's view is made of. Reverts come as CONTRACT_REVERT. */
export function createChainReader(rpc: EvmRpc) {
  const toHex = (n: number): string => `0x${n.toString(16)}`;

  async function logs(address: string, topics: unknown[], from: number, to: number): Promise<RawLog[]> {
    const filter = { address, topics, fromBlock: toHex(from), toBlock: toHex(to) };
    try {
      return await rpc.call<RawLog[]>("eth_getLogs", [filter]);
    } catch (error) {
      // Whatever the node's words for "too many": half the range is worth a try, a single block is not divisible.
      if (!hasCode(error, "EVM_RPC_ERROR") || from === to) throw error;
      const middle = Math.floor((from + to) / 2);
      return [
        ...(await logs(address, topics, from, middle)),
        ...(await logs(address, topics, middle + 1, to)),
      ];
    }
  }

  return {
    async blockNumber(): Promise<number> {
      return Number(await rpc.call<string>("eth_blockNumber"));
    },

    /** The block at a height or tag; undefined when the chain does not have it. */
    async block(at: number | "latest" | "safe" | "finalized"): Promise<BlockHead | undefined> {
      const tag = typeof at === "number" ? toHex(at) : at;
      const block = await rpc.call<{ number: string; hash: string; timestamp: string } | null>(
        "eth_getBlockByNumber",
        [tag, false],
      );
      return block
        ? { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) }
        : undefined;
    },

    /** Result of a view function at `block` (default: latest). Throws CONTRACT_REVERT. */
    async view(
      { address, abi }: ContractRef,
      name: string,
      args: readonly unknown[] = [],
      block: number | "latest" = "latest",
    ): Promise<Result> {
      const data = abi.encodeFunctionData(name, args);
      const tag = typeof block === "number" ? toHex(block) : block;
      try {
        const returned = await rpc.call<string>("eth_call", [{ to: address, data }, tag]);
        return abi.decodeFunctionResult(name, returned);
      } catch (error) {
        throw namedRevert(error, address, [abi]);
      }
    },

    /** The contract's events `name` in blocks `from..to`, both included, oldest first. */
    async events(
      { address, abi }: ContractRef,
      name: string,
      from: number,
      to: number,
    ): Promise<ContractEvent[]> {
      const topics = [abi.getEvent(name)!.topicHash];
      const found: ContractEvent[] = [];
      for (let start = from; start <= to; start += LOG_CHUNK_BLOCKS) {
        const end = Math.min(to, start + LOG_CHUNK_BLOCKS - 1);
        for (const log of await logs(address, topics, start, end)) found.push(decodeLog(abi, log));
      }
      return found;
    },
  };
}

export type ChainReader = ReturnType<typeof createChainReader>;

function decodeLog(abi: Interface, log: RawLog): ContractEvent {
  const { name, args } = abi.parseLog(log) as LogDescription;
  return {
    name,
    args,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
  };
}
