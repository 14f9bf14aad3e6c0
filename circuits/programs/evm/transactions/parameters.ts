/** How much of blocks and transactions one `evm` proof holds: a part of a profile, fixed when its key is made. */

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
  /** Words of 32 bytes of all transactions' data, each transaction's last one padded. */
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
