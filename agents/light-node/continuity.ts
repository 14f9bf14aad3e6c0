import type { EpochCommitment } from "../../protocol/inscription/commitment.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import { Refusal } from "./refusals.ts";

/** What an epoch has to continue: all of it computed here. */
export interface EpochState {
  readonly epoch: number;
  /** Supersonic after its last block. */
  readonly tip: ChainTip;
  readonly settlement: bigint;
  readonly chainId: bigint;
  readonly keyHash: bigint;
}

/** The epoch begins where the one before ended, on this chain, under the key this network's epochs are proven with. Throws Refusal. */
export function assertContinues(state: EpochState, commitment: EpochCommitment): void {
  const { tip } = state;
  const refuse = Refusal.falseInscription;
  const differs = (expected: bigint, actual: bigint) =>
    expected === actual ? undefined : { expected, actual };

  const chain = differs(state.chainId, commitment.chainId);
  if (chain) throw refuse({ code: "EPOCH_CHAIN_MISMATCH", ...chain });
  const key = differs(state.keyHash, commitment.epochKeyHash);
  if (key) throw refuse({ code: "EPOCH_KEY_UNKNOWN", ...key });
  const epoch = differs(BigInt(state.epoch) + 1n, commitment.epoch);
  if (epoch) throw refuse({ code: "EPOCH_NOT_NEXT", ...epoch });
  const first = differs(tip.blockNumber + 1n, commitment.firstBlock);
  if (first) throw refuse({ code: "EPOCH_SKIPS_BLOCKS", ...first });

  const previous = {
    stateRoot: differs(tip.stateRoot, commitment.previousStateRoot),
    dataHash: differs(tip.dataHash, commitment.previousDataHash),
    settlement: differs(state.settlement, commitment.settlementIn),
  };
  for (const what of ["stateRoot", "dataHash", "settlement"] as const)
    if (previous[what]) throw refuse({ code: "EPOCH_PREVIOUS_MISMATCH", what, ...previous[what] });
}
