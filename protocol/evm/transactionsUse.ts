/** How much of blocks and transactions one `evm` proof holds: a part of a profile, fixed when its key is made. */
import { SigningKey, Transaction } from "ethers";
import type { BlockData } from "../block.ts";

export interface TransactionsParameters {
  readonly blocks: number;
  /** Blocks before the chunk's whose hashes BLOCKHASH can ask for, besides the last. */
  readonly ancestors: number;
  /** Transactions of all blocks together. */
  readonly transactions: number;
  /** Bytes of all transactions, each with the 4 of its length. */
  readonly streamBytes: number;
  /** Rows of the blocks' hash: see `hashRowsOf`. */
  readonly hashRows: number;
  /** Words of 32 bytes of all call data, each transaction's last one padded; a creation has none. */
  readonly dataWords: number;
  /** Words of 32 bytes of all that is signed. */
  readonly payloadWords: number;
  /** Addresses and keys of all access lists. */
  readonly accessEntries: number;
}

/** What blocks take of each capacity. */
export type TransactionsUse = { readonly [name in keyof TransactionsParameters]: number };

export type TransactionsError = {
  code: "EVM_CAPACITY";
  capacity: keyof TransactionsParameters;
  needed: number;
  limit: number;
};

/** A transaction in a block's bytes: its length in 4 bytes, then itself. */
export const LENGTH_BYTES = 4;

const HEAD_ROW_BYTES = 37;
const ROW_BYTES = 93;

/** Rows that hash a block whose transactions take `bytes`: the head and the first 37, then 93 each. */
export const hashRowsOf = (bytes: number): number =>
  1 + Math.ceil(Math.max(0, bytes - HEAD_ROW_BYTES) / ROW_BYTES);

/** The capacities that are exceeded, and by how much. */
export function exceeded(parameters: TransactionsParameters, use: TransactionsUse): TransactionsError[] {
  const names = Object.keys(use) as (keyof TransactionsParameters)[];
  return names
    .filter((capacity) => use[capacity] > parameters[capacity])
    .map((capacity) => ({
      code: "EVM_CAPACITY",
      capacity,
      needed: use[capacity],
      limit: parameters[capacity],
    }));
}

/** What is signed, and by whom. */
export interface OpenedTransaction {
  readonly publicKey: { readonly x: bigint; readonly y: bigint };
  /** 64 bytes: x, y. */
  readonly key: Uint8Array;
  readonly payload: Uint8Array;
  /** 0 of a creation. */
  readonly callDataBytes: number;
  readonly accessEntries: number;
}

/** Throws what ethers throws for bytes that are no signed transaction. */
export function openTransaction(raw: Uint8Array): OpenedTransaction {
  const tx = Transaction.from(`0x${Buffer.from(raw).toString("hex")}`);
  const key = fromHex(SigningKey.recoverPublicKey(tx.unsignedHash, tx.signature!)).slice(1);
  const integer = (from: number): bigint =>
    key.slice(from, from + 32).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  const list = tx.accessList ?? [];
  return {
    publicKey: { x: integer(0), y: integer(32) },
    key,
    payload: fromHex(tx.unsignedSerialized),
    callDataBytes: tx.to === null ? 0 : (tx.data.length - 2) / 2,
    accessEntries: list.reduce((count, { storageKeys }) => count + 1 + storageKeys.length, 0),
  };
}

/** `transactions`: those of all blocks. */
export function transactionsUse(
  blocks: readonly Pick<BlockData, "transactions">[],
  ancestors: number,
  transactions: readonly OpenedTransaction[],
): TransactionsUse {
  const total = (of: (transaction: OpenedTransaction) => number): number =>
    transactions.reduce((sum, transaction) => sum + of(transaction), 0);
  const bytes = blocks.map(({ transactions: raws }) =>
    raws.reduce((sum, raw) => sum + LENGTH_BYTES + raw.length, 0),
  );
  return {
    blocks: blocks.length,
    ancestors,
    transactions: transactions.length,
    streamBytes: bytes.reduce((sum, n) => sum + n, 0),
    hashRows: bytes.reduce((sum, n) => sum + hashRowsOf(n), 0),
    dataWords: total(({ callDataBytes }) => words(callDataBytes)),
    payloadWords: total(({ payload }) => words(payload.length)),
    accessEntries: total(({ accessEntries }) => accessEntries),
  };
}

const words = (bytes: number): number => Math.ceil(bytes / 32);

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
