import { decodeBlock, type BlockData } from "../../protocol/block.ts";
import { hasCode, StackError } from "../../protocol/errors.ts";
import { batchSettledTopic, rollupCreatedTopic, type SettlementLog } from "../kit/epoch/settlementView.ts";
import type { EvmRpc } from "../kit/evm/rpc.ts";
import { fromHex, type Hex } from "../kit/hex.ts";
import type { SealedChain } from "./epochRange.ts";

export type SupersonicError = { code: "SUPERSONIC_BLOCK_UNKNOWN"; block: number };

/** A sealed block's outputs that an epoch commits to. */
export interface SealedHeader {
  readonly stateRoot: bigint;
  /** Its hash: the data hash of the range it ends. */
  readonly dataHash: bigint;
  readonly timestamp: number;
}

/** What the inscriber reads of Supersonic, from a node's JSON-RPC. */
export interface Supersonic extends SealedChain {
  header(block: number): Promise<SealedHeader>;
  block(block: number): Promise<BlockData>;
  /** The settlement contracts' events in the order of execution; which contracts count is the reader's to decide. */
  settlementLogs(firstBlock: number, lastBlock: number): Promise<SettlementLog[]>;
}

/** Blocks of one eth_getLogs; halved when the node says it is too many. */
const LOG_RANGE_BLOCKS = 2000;

export function createSupersonic(rpc: EvmRpc): Supersonic {
  const quantity = (n: number): string => `0x${n.toString(16)}`;

  async function rawHeader(tag: string) {
    return rpc.call<{ number: Hex; hash: Hex; stateRoot: Hex; timestamp: Hex; gasUsed: Hex } | null>(
      "eth_getBlockByNumber",
      [tag, false],
    );
  }

  async function header(block: number): Promise<SealedHeader> {
    const raw = (await rawHeader(quantity(block))) ?? unknown(block);
    return { stateRoot: BigInt(raw.stateRoot), dataHash: BigInt(raw.hash), timestamp: Number(raw.timestamp) };
  }

  /** Blocks known to be empty: each is asked for once, however often the same growing range is looked at. */
  let empty = { from: 0, to: -1 };

  async function logs(from: number, to: number): Promise<SettlementLog[]> {
    const topics = [[rollupCreatedTopic, batchSettledTopic]];
    try {
      return await rpc.call("eth_getLogs", [{ topics, fromBlock: quantity(from), toBlock: quantity(to) }]);
    } catch (error) {
      // Whatever the node's words for "too many": a range is divisible, a single block is not.
      if (!hasCode(error, "EVM_RPC_ERROR") || from === to) throw error;
      const middle = Math.floor((from + to) / 2);
      return [...(await logs(from, middle)), ...(await logs(middle + 1, to))];
    }
  }

  return {
    header,
    timestamp: async (block) => (await header(block)).timestamp,
    async head() {
      const raw = (await rawHeader("latest"))!;
      return { number: Number(raw.number), timestamp: Number(raw.timestamp) };
    },
    async hasTransactions(firstBlock, lastBlock) {
      if (empty.from !== firstBlock) empty = { from: firstBlock, to: firstBlock - 1 };
      for (let block = empty.to + 1; block <= lastBlock; block++) {
        const raw = (await rawHeader(quantity(block))) ?? unknown(block);
        if (BigInt(raw.gasUsed) > 0n) return true;
        empty = { ...empty, to: block };
      }
      return false;
    },
    async block(block) {
      const data = await rpc.call<Hex | null>("bvm_getBlockData", [quantity(block)]);
      return decodeBlock(fromHex(data ?? unknown(block)));
    },
    async settlementLogs(firstBlock, lastBlock) {
      const found: SettlementLog[] = [];
      for (let from = firstBlock; from <= lastBlock; from += LOG_RANGE_BLOCKS)
        found.push(...(await logs(from, Math.min(lastBlock, from + LOG_RANGE_BLOCKS - 1))));
      return found;
    },
  };
}

function unknown(block: number): never {
  throw new StackError<SupersonicError>({ code: "SUPERSONIC_BLOCK_UNKNOWN", block }, "retry");
}
