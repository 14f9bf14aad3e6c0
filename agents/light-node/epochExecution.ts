import { dataHashOf, type BlockData } from "../../protocol/block.ts";
import type { EpochCommitment } from "../../protocol/inscription/commitment.ts";
import { altDaCommitment, DaLayer, type DaPointer } from "../../protocol/inscription/pointer.ts";
import { formatCommitment } from "../kit/da/commitment.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";
import { fetchBatch, MalformedBatch } from "./batchData.ts";
import { Refusal } from "./refusals.ts";
import { InvalidBlock, type ReplayedChain } from "./replayedChain.ts";

/**
 * Executes an epoch's blocks on Supersonic as it stood before, batch by batch, so that memory holds one batch at a time, and
 * compares where they lead with what the epoch commits to. Throws Refusal DATA_MISSING, DATA_WRONG, EPOCH_DATA_*,
 * EPOCH_BLOCK_INVALID, EPOCH_SKIPS_BLOCKS, EPOCH_STATE_ROOT_MISMATCH; the chain then has blocks for the caller to take off.
 */
export async function executeEpoch(
  supersonic: ReplayedChain,
  da: DataAvailability,
  commitment: EpochCommitment,
): Promise<void> {
  let dataHash = commitment.previousDataHash;
  for (const pointer of commitment.pointers) {
    const blocks = await fetchEpochBatch(da, pointer);
    dataHash = dataHashOf(dataHash, blocks);
    await replay(supersonic, blocks);
  }
  const { number, stateRoot } = supersonic.chain.head;
  const refuse = Refusal.falseInscription;
  if (dataHash !== commitment.dataHash)
    throw refuse({ code: "EPOCH_DATA_HASH_MISMATCH", expected: commitment.dataHash, actual: dataHash });
  if (number !== commitment.lastBlock)
    throw refuse({ code: "EPOCH_SKIPS_BLOCKS", expected: commitment.lastBlock, actual: number });
  const [expected, actual] = [commitment.stateRoot, BigInt(stateRoot)];
  if (actual !== expected) throw refuse({ code: "EPOCH_STATE_ROOT_MISMATCH", expected, actual });
}

async function fetchEpochBatch(da: DataAvailability, pointer: DaPointer): Promise<BlockData[]> {
  const commitment = altDaCommitment(pointer);
  const name = formatCommitment(commitment);
  // The data may well be there: it is this node that does not read that layer.
  if (pointer.layer !== DaLayer.LOCAL)
    throw Refusal.withheld({ code: "DATA_MISSING", pointer: name, reason: `layer ${pointer.layer}` });
  try {
    return await fetchBatch(da, commitment);
  } catch (error) {
    if (!(error instanceof MalformedBatch)) throw error;
    const { reason } = error.type;
    throw Refusal.falseInscription({ code: "EPOCH_DATA_MALFORMED", pointer: name, reason }, { cause: error });
  }
}

async function replay(supersonic: ReplayedChain, blocks: readonly BlockData[]): Promise<void> {
  try {
    await supersonic.replay(blocks);
  } catch (error) {
    if (!(error instanceof InvalidBlock)) throw error;
    const { blockNumber, reason } = error.type;
    throw Refusal.falseInscription({ code: "EPOCH_BLOCK_INVALID", blockNumber, reason }, { cause: error });
  }
}
