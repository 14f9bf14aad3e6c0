/**
 * The native side: what the circuit is to be filled with for some blocks, and how much of each capacity they take. It computes and
 * does not judge: a block that breaks a rule has a plan, and the circuit refuses it.
 */
import { SigningKey, Transaction } from "ethers";
import { addressToField } from "../../../../protocol/address.ts";
import { type BlockData, encodeBlock } from "../../../../protocol/block.ts";
import { concatBytes } from "../../../../protocol/bytes.ts";
import { hashBytes } from "../../../../protocol/hash.ts";
import type { AncestorHint } from "../blocks/blockHashes.ts";
import type { BlockHint } from "../blocks/blocks.ts";
import { hashRowsOf, LENGTH_BYTES, type TransactionsUse } from "./parameters.ts";
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
  const transactions: DecodedTransaction[] = [];
  const hints: TransactionHint[] = [];
  const stream: Uint8Array[] = [];
  for (const [block, { data }] of blocks.entries())
    for (const raw of data.transactions) {
      const decoded = decodeTransaction(raw);
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
    use: useOf(blocks, ancestors, transactions),
  };
}

interface DecodedTransaction {
  readonly publicKey: { readonly x: bigint; readonly y: bigint };
  /** 64 bytes: x, y. */
  readonly key: Uint8Array;
  readonly payload: Uint8Array;
  readonly dataBytes: number;
  readonly accessEntries: number;
}

function decodeTransaction(raw: Uint8Array): DecodedTransaction {
  const tx = Transaction.from(`0x${Buffer.from(raw).toString("hex")}`);
  const key = fromHex(SigningKey.recoverPublicKey(tx.unsignedHash, tx.signature!)).slice(1);
  const integer = (from: number): bigint =>
    key.slice(from, from + 32).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const list = tx.accessList ?? [];
  return {
    publicKey: { x: integer(0), y: integer(32) },
    key,
    payload: fromHex(tx.unsignedSerialized),
    dataBytes: (tx.data.length - 2) / 2,
    accessEntries: list.reduce((count, { storageKeys }) => count + 1 + storageKeys.length, 0),
  };
}

function useOf(
  blocks: readonly ExecutedBlock[],
  ancestors: readonly AncestorHint[],
  transactions: readonly DecodedTransaction[],
): TransactionsUse {
  const total = (of: (transaction: DecodedTransaction) => number): number =>
    transactions.reduce((sum, transaction) => sum + of(transaction), 0);
  const bytes = blocks.map(({ data }) =>
    data.transactions.reduce((sum, raw) => sum + LENGTH_BYTES + raw.length, 0),
  );
  return {
    blocks: blocks.length,
    ancestors: ancestors.length,
    transactions: transactions.length,
    streamBytes: bytes.reduce((sum, n) => sum + n, 0),
    hashRows: bytes.reduce((sum, n) => sum + hashRowsOf(n), 0),
    dataWords: total(({ dataBytes }) => words(dataBytes)),
    payloadWords: total(({ payload }) => words(payload.length)),
    accessEntries: total(({ accessEntries }) => accessEntries),
  };
}

const words = (bytes: number): number => Math.ceil(bytes / 32);

const lengthOf = (raw: Uint8Array): Uint8Array =>
  Uint8Array.from([24, 16, 8, 0], (shift) => (raw.length >>> shift) & 0xff);

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
