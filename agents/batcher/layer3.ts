import { ancestorHashes, noAncestors, type Ancestors } from "../../protocol/ancestors.ts";
import { blockHash, decodeBlock, type BlockData } from "../../protocol/block.ts";
import { StackError } from "../../protocol/errors.ts";
import { fieldToHex } from "../../protocol/field.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import type { EvmRpc } from "../kit/evm/rpc.ts";
import { fromHex, type Hex } from "../kit/hex.ts";
import type { BlockSummary } from "./cut.ts";
import type { BatcherError } from "./errors.ts";
import { ancestorsSchema, parseAnswer, provingNeedsSchema } from "./layer3Answers.ts";

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

interface KnownBlock {
  readonly bytes: Uint8Array;
  readonly data: BlockData;
}

/** The L3's node. A sealed block never changes, so what was read of it is kept while it is needed. */
export function createLayer3(rpc: EvmRpc) {
  const known = new Map<number, KnownBlock>();
  const summarized = new Map<number, BlockSummary>();

  async function block(number: number): Promise<KnownBlock> {
    const found = known.get(number);
    if (found) return found;
    const bytes = await requiredBytes("bvm_getBlockData", number);
    const read = { bytes, data: decodeBlock(bytes) };
    known.set(number, read);
    return read;
  }

  async function required(method: string, number: number, ...more: number[]): Promise<unknown> {
    const answer = await rpc.call<unknown>(method, [number, ...more].map(quantity));
    if (answer !== null) return answer;
    throw new StackError<BatcherError>({ code: "LAYER3_BLOCK_MISSING", block: number }, "retry");
  }

  const requiredBytes = async (method: string, number: number): Promise<Uint8Array> =>
    fromHex((await required(method, number)) as Hex);

  async function summary(number: number): Promise<BlockSummary> {
    const found = summarized.get(number);
    if (found) return found;
    const { bytes, data } = await block(number);
    const method = "bvm_getProvingNeeds";
    const { use, oldestAncestor } = parseAnswer(method, provingNeedsSchema, await required(method, number));
    const read = {
      ...{ number, sealedAtMs: Number(data.timestamp) * 1000, bytes: bytes.length },
      ...{ transactions: data.transactions.length, use, oldestAncestor: oldestAncestor ?? undefined },
    };
    summarized.set(number, read);
    return read;
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
    /** Throws LAYER3_BLOCK_MISSING, LAYER3_ANSWER_MALFORMED. */
    async summaries(first: number, last: number): Promise<BlockSummary[]> {
      for (const kept of [known, summarized])
        for (const number of kept.keys()) if (number < first) kept.delete(number);
      const summaries: BlockSummary[] = [];
      for (let number = first; number <= last; number++) summaries.push(await summary(number));
      return summaries;
    },
    /**
     * What the hashes of the blocks from `oldest` to `prev` are made of; of `prev` alone when nothing older is asked for.
     * Throws ANCESTORS_MISMATCH if they do not lead to `prev`, LAYER3_ANSWER_MALFORMED.
     */
    async ancestors(oldest: number | undefined, prev: ChainTip): Promise<Ancestors> {
      const newest = Number(prev.blockNumber);
      if (oldest === undefined || oldest >= newest) return noAncestors(prev.dataHash);
      const method = "bvm_getAncestors";
      const ancestors = parseAnswer(method, ancestorsSchema, await required(method, oldest, newest));
      ancestorHashes(ancestors, prev.dataHash);
      return ancestors;
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
    witness: (number: number): Promise<Uint8Array> => requiredBytes("bvm_getBlockWitness", number),
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
