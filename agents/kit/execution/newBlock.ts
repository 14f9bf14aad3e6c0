import { encodeBlock, genesisParentHash } from "../../../protocol/block.ts";
import { bytesToField, type Field } from "../../../protocol/field.ts";
import { genesisBlock } from "../../../protocol/genesis.ts";
import { NO_RECEIPTS, receiptsHeadAfter, type ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import { tipAfter } from "../../../protocol/tip.ts";
import { fromHex } from "../hex.ts";
import type { BlockExecution } from "./blockExecution.ts";
import type { BlockHeader } from "./blockHeader.ts";
import type { Genesis } from "./genesis.ts";
import { blockDataOf, headerOf, tipOf, type SealedBlock } from "./sealedBlock.ts";
import type { ReceiptsHeads, TreeStep } from "./stateTree.ts";

/** A block and the state tree after it, ready to be written. */
export type NewBlock = { readonly sealed: SealedBlock; readonly step: TreeStep };

/** The receipts' heads before and after a block. */
export function receiptsHeads(parent: BlockHeader, receipts: readonly ReceiptCommitment[]): ReceiptsHeads {
  const before = bytesToField(fromHex(parent.receiptsHead));
  return { before, after: receiptsHeadAfter(before, parent.number + 1n, receipts) };
}

/** A filled block with all that follows from it. @throws StackError BLOCK_GAS_EXCEEDED */
export function sealedBlock(
  parent: BlockHeader,
  execution: BlockExecution,
  step: TreeStep,
  commitments: readonly ReceiptCommitment[],
  receiptsHead: Field,
): NewBlock {
  const data = blockDataOf(execution);
  const { dataHash: parentHash } = tipOf(parent);
  const { receipts, gasUsed } = execution;
  const transactionHashes = execution.transactions.map(({ hash }) => hash);
  tipAfter(tipOf(parent), data, { stateRoot: step.stateRoot, gasUsed }); // no block may exceed its gas limit
  const header = headerOf(data, {
    parentHash,
    stateRoot: step.stateRoot,
    receiptsHead,
    gasUsed,
    transactionHashes,
    receipts,
  });
  const logCommitments = commitments.flatMap(({ logs }) => logs.map(({ dataCommitment }) => dataCommitment));
  const { witness } = step;
  const needs = execution.provingNeeds;
  return { sealed: { header, data: encodeBlock(data), receipts, logCommitments, witness, needs }, step };
}

/** Block 0: the allocation. */
export function firstBlock(genesis: Genesis, step: TreeStep): NewBlock {
  const data = genesisBlock(genesis);
  const header = headerOf(data, {
    parentHash: genesisParentHash(genesis.chainId, step.stateRoot),
    stateRoot: step.stateRoot,
    receiptsHead: NO_RECEIPTS,
    gasUsed: 0n,
    transactionHashes: [],
    receipts: [],
  });
  const nothing = { receipts: [], logCommitments: [], needs: undefined };
  return { sealed: { header, data: encodeBlock(data), witness: step.witness, ...nothing }, step };
}
