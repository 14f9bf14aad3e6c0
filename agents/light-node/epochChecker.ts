import {
  decodeBody,
  epochInputsOf,
  type EpochBody,
  type EpochCommitment,
} from "../../protocol/inscription/commitment.ts";
import { fieldToHex } from "../../protocol/field.ts";
import { epochToFields } from "../../protocol/publicInputs.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import type { NetworkGenesis } from "../kit/epoch/networkGenesis.ts";
import { applySettlementLogs, type SettledBatch, type SettlementView } from "../kit/epoch/settlementView.ts";
import { toHex } from "../kit/hex.ts";
import { verifyInEvm } from "../kit/verifier/verifyInEvm.ts";
import { assertContinues, type EpochState } from "./continuity.ts";
import { executeEpoch } from "./epochExecution.ts";
import type { FollowedChain } from "./followedChain.ts";
import type { CheckedEpoch, EpochChecker } from "./follower.ts";
import { Refusal } from "./refusals.ts";
import type { ReplayedChain } from "./replayedChain.ts";
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
 * Checks an epoch in the order of what it costs: form, continuity, proof, data and execution, settlement, followed chains.
 * Guarantees (I-LIGHT-01): when `check` resolves, all that the commitment says has been computed here or proven.
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

  /** What the executed blocks settled; the proof covers exactly that. */
  function settle(commitment: EpochCommitment, before: SettlementView): Settled {
    const { firstBlock, lastBlock, settlementOut: expected, batchCount } = commitment;
    const logs = supersonic.logs(firstBlock, lastBlock).map((log) => ({ ...log, data: toHex(log.data) }));
    const settled = applySettlementLogs(before, logs, genesis.settlement);
    const actual = settled.view.settlement;
    const batches = settled.batches.length;
    if (actual === expected && BigInt(batches) === batchCount) return settled;
    throw Refusal.falseInscription({ code: "EPOCH_SETTLEMENT_MISMATCH", expected, actual, batches });
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
      await supersonic.cut(lastBlockOf(epoch));
      await executeEpoch(supersonic, da, commitment);
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

interface Settled {
  readonly view: SettlementView;
  readonly batches: readonly SettledBatch[];
}

function describe(commitment: EpochCommitment): CheckedEpoch {
  return {
    epoch: Number(commitment.epoch),
    firstBlock: Number(commitment.firstBlock),
    lastBlock: Number(commitment.lastBlock),
    stateRoot: fieldToHex(commitment.stateRoot),
    dataHash: fieldToHex(commitment.dataHash),
    batchCount: Number(commitment.batchCount),
  };
}
