import { encodeTip, type ChainTip } from "../../protocol/tip.ts";
import { equalBytes } from "../../protocol/bytes.ts";
import { StackError } from "../../protocol/errors.ts";
import type { BlockData } from "../../protocol/block.ts";
import { parseCommitment } from "../kit/da/commitment.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { RollupView, SettlementView } from "../kit/epoch/settlementView.ts";
import { toHex } from "../kit/hex.ts";
import { fetchBatch, MalformedBatch } from "./batchData.ts";
import { Refusal } from "./refusals.ts";
import { InvalidBlock, type ReplayedChain } from "./replayedChain.ts";
import type { SettlementStore, StoredBatch } from "./settlementStore.ts";

/** An L3 that is rebuilt from its settled batches, to be read and to be compared with what was proven. */
export interface FollowedChain {
  readonly name: string;
  readonly replayed: ReplayedChain;
  /**
   * Executes what `view` has settled of it and this node has not executed. Throws Refusal DATA_MISSING, DATA_WRONG,
   * CHAIN_DATA_MALFORMED, CHAIN_STATE_MISMATCH.
   */
  advance(view: SettlementView, settlement: SettlementStore, da: DataAvailability): Promise<void>;
  /** Takes off what `view` has not settled. */
  cut(view: SettlementView): Promise<void>;
}

/** The rollup of a chain id; undefined before its contract is created. */
export const rollupOf = (view: SettlementView, chainId: bigint): RollupView | undefined =>
  [...view.rollups.values()].find((rollup) => rollup.chainId === chainId);

export function createFollowedChain(name: string, replayed: ReplayedChain): FollowedChain {
  const { chainId } = replayed.chain.genesis;

  function assertTip(expected: ChainTip): void {
    const actual = replayed.tip(expected.blockNumber);
    if (equalBytes(encodeTip(expected), encodeTip(actual))) return;
    throw Refusal.standstill({
      code: "CHAIN_STATE_MISMATCH",
      chain: name,
      blockNumber: expected.blockNumber,
      expected: expected.stateRoot,
      actual: actual.stateRoot,
    });
  }

  async function readBlocks(batch: StoredBatch, da: DataAvailability): Promise<BlockData[]> {
    const malformed = (reason: string, cause?: unknown) => {
      const pointer = toHex(batch.dataPointer);
      return Refusal.standstill({ code: "CHAIN_DATA_MALFORMED", chain: name, pointer, reason }, { cause });
    };
    try {
      const blocks = await fetchBatch(da, parseCommitment(toHex(batch.dataPointer)));
      if (blocks.at(-1)!.number !== batch.next.blockNumber) throw malformed("ends with another block");
      return blocks;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof MalformedBatch) throw malformed(error.type.reason, error);
      throw error instanceof StackError ? malformed(error.type.code, error) : error;
    }
  }

  async function replayBatch(batch: StoredBatch, da: DataAvailability): Promise<void> {
    const blocks = await readBlocks(batch, da);
    try {
      await replayed.replay(blocks);
    } catch (error) {
      if (!(error instanceof InvalidBlock)) throw error;
      const { reason } = error.type;
      const pointer = toHex(batch.dataPointer);
      throw Refusal.standstill(
        { code: "CHAIN_DATA_MALFORMED", chain: name, pointer, reason },
        { cause: error },
      );
    }
    assertTip(batch.next);
  }

  return {
    name,
    replayed,
    async advance(view, settlement, da) {
      const rollup = rollupOf(view, chainId);
      if (!rollup) return;
      const head = replayed.chain.head.number;
      if (head === 0n) assertTip(rollup.genesis);
      // Its data leads from this node's own genesis to the settled data hash, or to a refusal.
      for (const batch of settlement.batchesBeyond(rollup.address, head, rollup.batchCount))
        await replayBatch(batch, da);
    },
    async cut(view) {
      await replayed.cut(rollupOf(view, chainId)?.tip.blockNumber ?? 0n);
    },
  };
}
