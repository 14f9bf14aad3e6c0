import { encodeBatch } from "../../../protocol/batch.ts";
import { dataHashOf, type BlockData } from "../../../protocol/block.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import type { ProofRecord } from "../../../agents/kit/jobs/proofRecord.ts";

export const CHAIN_ID = 700n;

const tip = (blockNumber: bigint, dataHash: bigint): ChainTip => ({
  stateRoot: 100n + blockNumber,
  dataHash,
  blockNumber,
  timestamp: 1_700_000_000n + blockNumber,
  baseFee: 7n,
  gasUsed: 0n,
});

/** Blocks 1 to 3 with some bytes for transactions. What they do does not matter to who only publishes them. */
export function sampleBatch() {
  const blocks: BlockData[] = [1n, 2n, 3n].map((number) => ({
    number,
    timestamp: 1_700_000_000n + number,
    feeRecipient: `0x${"fe".repeat(20)}`,
    gasLimit: 30_000_000n,
    baseFeePerGas: 7n,
    transactions: [new Uint8Array(100).fill(Number(number))],
  }));
  const prevDataHash = 12_345n;
  const dataHash = dataHashOf(prevDataHash, blocks);
  const statement = {
    chainId: CHAIN_ID,
    prev: tip(0n, prevDataHash),
    next: tip(3n, dataHash),
    gasLimit: 30_000_000n,
    selfKeyHash: 0n,
  };
  const innerProof: ProofRecord = {
    version: 1,
    program: "transfers",
    publicInputs: statementToFields(statement),
    proof: new Uint8Array(32 * 410),
  };
  return { blocks, data: encodeBatch(blocks), prevDataHash, dataHash, statement, innerProof };
}
