import { blockHash, encodeBlock, type BlockData } from "../../../protocol/block.ts";
import { bytesToField, fieldToHex, type Field } from "../../../protocol/field.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import { fromHex, type Hex } from "../hex.ts";
import type { BlockExecution } from "./blockExecution.ts";
import type { BlockHeader } from "./blockHeader.ts";
import { joinBlooms } from "./bloom.ts";
import { orderedTrieRoot } from "./orderedTrieRoot.ts";
import type { ProvingNeeds } from "./provingNeeds.ts";
import type { Receipt } from "./receipt.ts";
import { consensusReceipt } from "./receiptCodec.ts";

/** A block with all that executing it yielded; in the store, all of it or nothing. */
export interface SealedBlock {
  readonly header: BlockHeader;
  /** Canonical bytes (protocol/block.ts). */
  readonly data: Uint8Array;
  readonly receipts: readonly Receipt[];
  /** Commitments to the data of the block's logs, in order: hashed once, however often they are asked for. */
  readonly logCommitments: readonly Field[];
  readonly witness: StoredWitness;
  /** Undefined: the block came from elsewhere, or nothing proves it. */
  readonly needs: ProvingNeeds | undefined;
}

/** A block's witness (protocol/state/witness.ts), its codes by hash: the store has each code once, however many blocks run it. */
export interface StoredWitness {
  /** `encodeWitnessValues`. */
  readonly values: Uint8Array;
  readonly codeHashes: readonly Hex[];
}

export const blockDataOf = ({ environment, transactions }: BlockExecution): BlockData => ({
  number: environment.number,
  timestamp: environment.timestamp,
  feeRecipient: environment.feeRecipient,
  gasLimit: environment.gasLimit,
  baseFeePerGas: environment.baseFeePerGas,
  transactions: transactions.map(({ raw }) => raw),
});

/** What the header of a block consists of beside its data. */
export interface BlockOutputs {
  readonly parentHash: Field;
  readonly stateRoot: Field;
  readonly receiptsHead: Field;
  readonly gasUsed: bigint;
  readonly transactionHashes: BlockHeader["transactionHashes"];
  readonly receipts: readonly Receipt[];
}

export function headerOf(block: BlockData, outputs: BlockOutputs): BlockHeader {
  const { transactions, ...inputs } = block;
  return {
    ...inputs,
    hash: fieldToHex(blockHash(outputs.parentHash, block)),
    parentHash: fieldToHex(outputs.parentHash),
    gasUsed: outputs.gasUsed,
    stateRoot: fieldToHex(outputs.stateRoot),
    receiptsHead: fieldToHex(outputs.receiptsHead),
    transactionsRoot: orderedTrieRoot(transactions),
    receiptsRoot: orderedTrieRoot(outputs.receipts.map(consensusReceipt)),
    logsBloom: joinBlooms(outputs.receipts.map((receipt) => receipt.logsBloom)),
    transactionHashes: outputs.transactionHashes,
    size: encodeBlock(block).length,
  };
}

/** What proofs and settlement call the chain after this block. */
export const tipOf = (header: BlockHeader): ChainTip => ({
  stateRoot: bytesToField(fromHex(header.stateRoot)),
  dataHash: bytesToField(fromHex(header.hash)),
  blockNumber: header.number,
  timestamp: header.timestamp,
  baseFee: header.baseFeePerGas,
  gasUsed: header.gasUsed,
});
