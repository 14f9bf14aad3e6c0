/**
 * The native side: what the circuit is to be filled with for some blocks, and how much of each capacity they take. It computes and
 * does not judge: a block that breaks a rule has a plan, and the circuit refuses it.
 */
import { addressToField } from "../../../../protocol/address.ts";
import { type BlockData, encodeBlock } from "../../../../protocol/block.ts";
import { concatBytes } from "../../../../protocol/bytes.ts";
import {
  type OpenedTransaction,
  openTransaction,
  type TransactionsUse,
  transactionsUse,
} from "../../../../protocol/evm/transactionsUse.ts";
import { hashBytes } from "../../../../protocol/hash.ts";
import type { AncestorHint } from "../blocks/blockHashes.ts";
import type { BlockHint } from "../blocks/blocks.ts";
import type { TransactionHint } from "./rawTransaction.ts";

/** A block and the gas its transactions used. */
export interface ExecutedBlock {
  readonly data: BlockData;
  readonly gasUsed: bigint;
}

export interface TransactionsPlan {
  readonly blocks: readonly BlockHint[];
  /** From the block before the previous one backwards. */
  readonly ancestors: readonly AncestorHint[];
  readonly stream: Uint8Array;
  readonly transactions: readonly TransactionHint[];
  /** hashBytes of each block. */
  readonly digests: readonly bigint[];
  /** What is to be hashed by Keccak-256, by request: payload and public key of each transaction. */
  readonly messages: readonly Uint8Array[];
  readonly use: TransactionsUse;
}

/**
 * `ancestors[k]`: what the hash of the block k before `blocks[0]`'s parent is made of. Throws what ethers throws for bytes that are no
 * signed transaction, an `INTEGER_OUT_OF_RANGE`, `ADDRESS_INVALID` or `BLOCK_TRANSACTION_LENGTH` for what is no block.
 */
export function planTransactions(
  blocks: readonly ExecutedBlock[],
  ancestors: readonly AncestorHint[] = [],
): TransactionsPlan {
  const transactions: OpenedTransaction[] = [];
  const hints: TransactionHint[] = [];
  const stream: Uint8Array[] = [];
  for (const [block, { data }] of blocks.entries())
    for (const raw of data.transactions) {
      const decoded = openTransaction(raw);
      transactions.push(decoded);
      hints.push({ publicKey: decoded.publicKey, block });
      stream.push(lengthOf(raw), raw);
    }
  return {
    blocks: blocks.map(({ data, gasUsed }) => ({
      timestamp: data.timestamp,
      feeRecipient: addressToField(data.feeRecipient),
      transactions: BigInt(data.transactions.length),
      gasUsed,
    })),
    ancestors,
    stream: concatBytes(stream),
    transactions: hints,
    digests: blocks.map(({ data }) => hashBytes(encodeBlock(data))),
    messages: transactions.flatMap(({ payload, key }) => [payload, key]),
    use: transactionsUse(
      blocks.map(({ data }) => data),
      ancestors.length,
      transactions,
    ),
  };
}

const lengthOf = (raw: Uint8Array): Uint8Array =>
  Uint8Array.from([24, 16, 8, 0], (shift) => (raw.length >>> shift) & 0xff);
