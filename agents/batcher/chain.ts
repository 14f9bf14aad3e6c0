import { Interface, type Result } from "ethers";
import { dataAvailabilityCommitteeAbi } from "../../generated/abis/DataAvailabilityCommittee.ts";
import { proofVerifierAbi } from "../../generated/abis/ProofVerifier.ts";
import { rollupAbi } from "../../generated/abis/Rollup.ts";
import { fieldToHex } from "../../protocol/field.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import { createChainReader, type ContractEvent } from "../kit/evm/chainReader.ts";
import { assertChainId, type EvmRpc } from "../kit/evm/rpc.ts";
import type { Batch, SettledBatch } from "./batch.ts";

const rollupInterface = new Interface(rollupAbi);
const committeeInterface = new Interface(dataAvailabilityCommitteeAbi);

/** For naming what a submission reverts with: the rollup, and the contracts it calls. */
export const SETTLEMENT_ABIS = [rollupInterface, committeeInterface, new Interface(proofVerifierAbi)];

/** What a rollup is: read once, for it never changes. */
export interface RollupFacts {
  chainId: bigint;
  gasLimit: bigint;
  committee: string;
  members: ReadonlySet<string>;
  threshold: number;
}

/** Blocks read again each time: deeper reorganisations of Supersonic are not followed in the list of batches. */
const REORG_DEPTH = 64;

export interface RollupRef {
  address: string;
  /** Of the chain the contract is on. */
  chainId: bigint;
  /** No event of the rollup is older. */
  fromBlock: number;
}

/** The L3's record on Supersonic. */
export function createSettlement(rpc: EvmRpc, { address, chainId, fromBlock }: RollupRef) {
  const reader = createChainReader(rpc);
  const contract = { address, abi: rollupInterface };
  const settled = new Map<number, SettledBatch>();
  let scanned = fromBlock - 1;

  async function readSettled({ args, blockNumber, transactionHash }: ContractEvent): Promise<SettledBatch> {
    const batchIndex = Number(args.batchIndex);
    const known = settled.get(batchIndex);
    if (known?.transactionHash === transactionHash && known.settledInBlock === blockNumber) return known;
    const block = await reader.block(blockNumber);
    return {
      batchIndex,
      firstBlock: Number(args.firstBlock),
      lastBlock: Number(args.next.blockNumber),
      dataHash: BigInt(args.next.dataHash),
      settledInBlock: blockNumber,
      settledAtMs: (block?.timestamp ?? 0) * 1000,
      transactionHash,
    };
  }

  return {
    /** Throws CHAIN_ID_MISMATCH. */
    async facts(): Promise<RollupFacts> {
      await assertChainId(rpc, chainId);
      const read = async (name: string) => (await reader.view(contract, name))[0];
      const committee = { address: (await read("dataAvailability")) as string, abi: committeeInterface };
      const [members] = await reader.view(committee, "members");
      const [threshold] = await reader.view(committee, "threshold");
      return {
        chainId: await read("chainId"),
        gasLimit: await read("gasLimit"),
        committee: committee.address,
        members: new Set<string>(members),
        threshold: Number(threshold),
      };
    },

    async tip(): Promise<ChainTip> {
      return readTip((await reader.view(contract, "tip"))[0]);
    },

    /** Every settled batch, in order. */
    async settledBatches(): Promise<SettledBatch[]> {
      const head = await reader.blockNumber();
      const from = Math.max(fromBlock, Math.min(scanned, head) - REORG_DEPTH);
      const events = await reader.events(contract, "BatchSettled", from, head);
      const fresh = await Promise.all(events.map(readSettled));
      // No pause from here on: another caller must not see the list half made.
      for (const [index, batch] of settled) if (batch.settledInBlock >= from) settled.delete(index);
      for (const batch of fresh) settled.set(batch.batchIndex, batch);
      scanned = head;
      return [...settled.values()].sort((a, b) => a.batchIndex - b.batchIndex);
    },
  };
}

export type Settlement = ReturnType<typeof createSettlement>;

export type SubmittableBatch = Batch & Required<Pick<Batch, "innerProofHash" | "attestations">>;

/** Calldata of `submitBatch`. */
export function encodeSubmission(batch: SubmittableBatch, proof: Uint8Array): string {
  const { prev, next, dataLength, dataPointer, innerProofHash, attestations } = batch;
  const argument = {
    prevStateRoot: fieldToHex(prev.stateRoot),
    firstBlock: batch.firstBlock,
    next: { ...next, stateRoot: fieldToHex(next.stateRoot), dataHash: fieldToHex(next.dataHash) },
    ...{ dataLength, dataPointer, innerProofHash },
  };
  return rollupInterface.encodeFunctionData("submitBatch", [argument, attestations, proof]);
}

const readTip = (tip: Result): ChainTip => ({
  stateRoot: BigInt(tip.stateRoot),
  dataHash: BigInt(tip.dataHash),
  blockNumber: tip.blockNumber,
  timestamp: tip.timestamp,
  baseFee: tip.baseFee,
  gasUsed: tip.gasUsed,
});
