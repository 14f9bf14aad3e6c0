import { dataHashOf, type BlockData } from "../../protocol/block.ts";
import {
  decodeBody,
  epochInputsOf,
  type EpochBody,
  type EpochCommitment,
} from "../../protocol/inscription/commitment.ts";
import { epochToFields } from "../../protocol/publicInputs.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { NetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import { applySettlementLogs, type SettledBatch, type SettlementView } from "../kit/epoch/settlementView.ts";
import { toHex, type Hex } from "../kit/hex.ts";
import { verifyInEvm } from "../kit/verifier/verifyInEvm.ts";
import { fetchBatch, MalformedBatch } from "./batchData.ts";
import { assertContinues, type EpochState } from "./continuity.ts";
import type { FollowedChain } from "./followedChain.ts";
import type { CheckedEpoch, EpochChecker } from "./follower.ts";
import { Refusal } from "./refusals.ts";
import { InvalidBlock, type ReplayedChain } from "./replayedChain.ts";
import { wellFormed } from "./reveal.ts";
import type { SettlementStore } from "./settlementStore.ts";

export interface EpochCheckerModules {
  genesis: NetworkGenesis;
  supersonic: ReplayedChain;
  followed: readonly FollowedChain[];
  settlement: SettlementStore;
  /** Number of Supersonic's last block after a verified epoch; 0 after epoch 0. */
  lastBlockOf: (epoch: number) => bigint;
  da: DataAvailability;
  /** Told of the milliseconds a proof took. */
  onProofVerified?: (milliseconds: number) => void;
}

/**
 * Checks an epoch in the order of what it costs: form, continuity, proof, data, execution, settlement, followed chains.
 * Guarantees: when `check` resolves, everything that the epoch's commitment says has been computed here or proven.
 */
export function createEpochChecker(modules: EpochCheckerModules): EpochChecker {
  const { genesis, supersonic, followed, settlement, lastBlockOf, da } = modules;
  const keyHash = BigInt(genesis.epoch.keyHash);

  const stateAfter = (epoch: number): EpochState => ({
    epoch,
    tip: supersonic.tip(lastBlockOf(epoch)),
    settlement: settlement.viewAfter(epoch).settlement,
    chainId: supersonic.chain.genesis.chainId,
    keyHash,
  });

  async function assertProven({ commitment, proof }: EpochBody): Promise<void> {
    const inputs = epochToFields(epochInputsOf(commitment));
    const { valid, milliseconds } = await verifyInEvm(genesis.epoch.verifierCode, proof, inputs);
    modules.onProofVerified?.(milliseconds);
    if (!valid) throw Refusal.falseInscription({ code: "EPOCH_PROOF_REJECTED", epoch: commitment.epoch });
  }

  /** The epoch's blocks, which hash to what it commits to. */
  async function readBlocks(commitment: EpochCommitment): Promise<BlockData[]> {
    const blocks: BlockData[] = [];
    for (const pointer of commitment.pointers) blocks.push(...(await fetchEpochData(pointer)));
    const actual = dataHashOf(commitment.previousDataHash, blocks);
    const expected = commitment.dataHash;
    if (actual !== expected)
      throw Refusal.falseInscription({ code: "EPOCH_DATA_HASH_MISMATCH", expected, actual });
    return blocks;
  }

  async function fetchEpochData(pointer: EpochCommitment["pointers"][number]): Promise<BlockData[]> {
    try {
      return await fetchBatch(da, pointer);
    } catch (error) {
      if (!(error instanceof MalformedBatch)) throw error;
      const { pointer: name, reason } = error.type;
      const type = { code: "EPOCH_DATA_MALFORMED", pointer: name, reason } as const;
      throw Refusal.falseInscription(type, { cause: error });
    }
  }

  async function execute(
    blocks: readonly BlockData[],
    { lastBlock, stateRoot }: EpochCommitment,
  ): Promise<void> {
    try {
      await supersonic.replay(blocks);
    } catch (error) {
      if (!(error instanceof InvalidBlock)) throw error;
      const { blockNumber, reason } = error.type;
      throw Refusal.falseInscription({ code: "EPOCH_BLOCK_INVALID", blockNumber, reason }, { cause: error });
    }
    const reached = supersonic.chain.head;
    if (reached.number !== lastBlock)
      throw Refusal.falseInscription({
        code: "EPOCH_SKIPS_BLOCKS",
        expected: lastBlock,
        actual: reached.number,
      });
    const actual = BigInt(reached.stateRoot);
    if (actual !== stateRoot)
      throw Refusal.falseInscription({ code: "EPOCH_STATE_ROOT_MISMATCH", expected: stateRoot, actual });
  }

  /** What the executed blocks settled; the proof covers exactly that. */
  function settle(
    commitment: EpochCommitment,
    before: SettlementView,
  ): { view: SettlementView; batches: SettledBatch[] } {
    const { firstBlock, lastBlock, settlementOut, batchCount } = commitment;
    const logs = supersonic.logs(firstBlock, lastBlock).map((log) => ({ ...log, data: toHex(log.data) }));
    const settled = applySettlementLogs(before, logs, genesis.settlement);
    const actual = settled.view.settlement;
    const batches = settled.batches.length;
    if (actual !== settlementOut || BigInt(batches) !== batchCount)
      throw Refusal.falseInscription({
        code: "EPOCH_SETTLEMENT_MISMATCH",
        expected: settlementOut,
        actual,
        batches,
      });
    return settled;
  }

  async function follow(view: SettlementView): Promise<void> {
    for (const chain of followed) await chain.advance(view, settlement, da);
  }

  return {
    async check(bytes, epoch): Promise<CheckedEpoch> {
      const body = wellFormed(() => decodeBody(bytes));
      const { commitment } = body;
      assertContinues(stateAfter(epoch), commitment);
      await assertProven(body);
      const blocks = await readBlocks(commitment);
      await supersonic.cut(lastBlockOf(epoch));
      await execute(blocks, commitment);
      const { view, batches } = settle(commitment, settlement.viewAfter(epoch));
      await settlement.write(epoch + 1, view, batches);
      await follow(view);
      return describe(commitment);
    },
    async restore(epoch) {
      await supersonic.cut(lastBlockOf(epoch));
      const view = settlement.viewAfter(epoch);
      for (const chain of followed) await chain.cut(view);
      await follow(view);
    },
  };
}

function describe(commitment: EpochCommitment): CheckedEpoch {
  return {
    epoch: Number(commitment.epoch),
    firstBlock: Number(commitment.firstBlock),
    lastBlock: Number(commitment.lastBlock),
    stateRoot: word(commitment.stateRoot),
    dataHash: word(commitment.dataHash),
    batchCount: Number(commitment.batchCount),
  };
}

export const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;
