import { blockHash, decodeBlock, type BlockData } from "../../protocol/block.ts";
import { StackError } from "../../protocol/errors.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { decodeWitness } from "../../protocol/state/witness.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import type { EvmRpc } from "../kit/evm/rpc.ts";
import { fromHex, type Hex } from "../kit/hex.ts";
import type { BlockSummary } from "./cut.ts";
import type { BatcherError } from "./errors.ts";

export interface Layer3Info {
  chainId: bigint;
  program: string;
  gasLimit: bigint;
}

interface RawHeader {
  hash: Hex;
  stateRoot: Hex;
  number: Hex;
  timestamp: Hex;
  baseFeePerGas: Hex;
  gasUsed: Hex;
}

const quantity = (n: number): string => `0x${n.toString(16)}`;

/** The L3's node. A sealed block never changes, so what was read of it is kept while it is needed. */
export function createLayer3(rpc: EvmRpc) {
  const known = new Map<number, { bytes: Uint8Array; data: BlockData }>();
  const leafCounts = new Map<number, number>();

  async function block(number: number): Promise<{ bytes: Uint8Array; data: BlockData }> {
    const found = known.get(number);
    if (found) return found;
    const bytes = await required("bvm_getBlockData", number);
    const read = { bytes, data: decodeBlock(bytes) };
    known.set(number, read);
    return read;
  }

  async function required(method: string, number: number): Promise<Uint8Array> {
    const answer = await rpc.call<Hex | null>(method, [quantity(number)]);
    if (answer) return fromHex(answer);
    throw new StackError<BatcherError>({ code: "LAYER3_BLOCK_MISSING", block: number }, "retry");
  }

  /** Leaves of the state tree before a block. */
  async function leafCount(number: number): Promise<number> {
    const found = leafCounts.get(number);
    if (found !== undefined) return found;
    const { leafCount: count } = decodeWitness(await required("bvm_getBlockWitness", number)).tree;
    leafCounts.set(number, count);
    return count;
  }

  /** Accounts the block makes; of the last one known, the most it can make. */
  async function insertionsOf(number: number, transfers: number, last: number): Promise<number> {
    if (transfers === 0) return 0;
    return number < last ? (await leafCount(number + 1)) - (await leafCount(number)) : transfers + 1;
  }

  return {
    async info(): Promise<Layer3Info> {
      const info = await rpc.call<{ chainId: Hex; program: string; gasLimit: Hex }>("bvm_chainInfo");
      return { chainId: BigInt(info.chainId), program: info.program, gasLimit: BigInt(info.gasLimit) };
    },
    async head(): Promise<number> {
      return Number(await rpc.call<Hex>("eth_blockNumber"));
    },
    /** The chain's tip after a block. Throws LAYER3_BLOCK_MISSING. */
    async tip(number: number): Promise<ChainTip> {
      const header = await rpc.call<RawHeader | null>("eth_getBlockByNumber", [quantity(number), false]);
      if (!header)
        throw new StackError<BatcherError>({ code: "LAYER3_BLOCK_MISSING", block: number }, "retry");
      return {
        stateRoot: BigInt(header.stateRoot),
        dataHash: BigInt(header.hash),
        blockNumber: BigInt(header.number),
        timestamp: BigInt(header.timestamp),
        baseFee: BigInt(header.baseFeePerGas),
        gasUsed: BigInt(header.gasUsed),
      };
    },
    async summaries(first: number, last: number): Promise<BlockSummary[]> {
      for (const kept of [known, leafCounts])
        for (const number of kept.keys()) if (number < first) kept.delete(number);
      const summaries: BlockSummary[] = [];
      for (let number = first; number <= last; number++) {
        const { bytes, data } = await block(number);
        const transfers = data.transactions.length;
        const insertions = await insertionsOf(number, transfers, last);
        const sealedAtMs = Number(data.timestamp) * 1000;
        summaries.push({ number, sealedAtMs, transfers, insertions, bytes: bytes.length });
      }
      return summaries;
    },
    /** Blocks `first..last`, which lead from `prev` to `next`. Throws LAYER3_DIVERGED. */
    async blocks(first: number, last: number, prev: ChainTip, next: ChainTip): Promise<BlockData[]> {
      const blocks: BlockData[] = [];
      let hash = prev.dataHash;
      for (let number = first; number <= last; number++) {
        const { data } = await block(number);
        hash = blockHash(hash, data);
        blocks.push(data);
      }
      assertSameBlock(last, next.dataHash, hash);
      return blocks;
    },
    witness: (number: number): Promise<Uint8Array> => required("bvm_getBlockWitness", number),
    bytes: async (number: number): Promise<Uint8Array> => (await block(number)).bytes,
  };
}

export type Layer3 = ReturnType<typeof createLayer3>;

/** Throws LAYER3_DIVERGED: a person has to see which of the two is wrong. */
export function assertSameBlock(block: number, expected: bigint, actual: bigint): void {
  if (expected === actual) return;
  throw new StackError<BatcherError>(
    { code: "LAYER3_DIVERGED", block, expected: fieldToHex(expected), actual: fieldToHex(actual) },
    "fatal",
  );
}
