import { bigIntToBytes, bytesToBigInt, fromHex, toHex, type Hex } from "../../kit/hex.ts";
import type { Store, Table } from "../../kit/lmdb.ts";

/** The block being filled, as far as it was chosen: with the order of its transactions, all of its inputs. */
export interface OpenBlock {
  readonly timestamp: bigint;
  readonly feeRecipient: Hex;
}

export interface StoredTransaction {
  readonly sequence: number;
  readonly raw: Uint8Array;
}

/**
 * What the sequencer has promised and not yet sealed, so that a restart finds the same transactions, and the block being filled
 * again with the same inputs, and so with the same soft receipts. All writes inside `Store.commit`.
 *
 *   pool        hash -> sequence u64 | raw transaction
 *   openBlock   number u64 -> timestamp u64 | fee recipient 20
 *   openOrder   number u64 | index u32 -> hash
 */
export class PoolStore {
  readonly #pool: Table;
  readonly #blocks: Table;
  readonly #order: Table;

  constructor(store: Store) {
    this.#pool = store.table("pool");
    this.#blocks = store.table("openBlock");
    this.#order = store.table("openOrder");
  }

  /** Every accepted transaction that is not sealed, in the order of acceptance. */
  transactions(): StoredTransaction[] {
    const all = [...this.#pool.getRange()].map(({ value }) => ({
      sequence: Number(bytesToBigInt(value.subarray(0, 8))),
      raw: new Uint8Array(value.subarray(8)),
    }));
    return all.sort((a, b) => a.sequence - b.sequence);
  }

  openBlock(number: bigint): OpenBlock | undefined {
    const bytes = this.#blocks.getBinary(bigIntToBytes(number, 8));
    return (
      bytes && { timestamp: bytesToBigInt(bytes.subarray(0, 8)), feeRecipient: toHex(bytes.subarray(8)) }
    );
  }

  /** Hashes of the transactions executed in that block, in order. */
  order(number: bigint): Hex[] {
    const range = { start: orderKey(number, 0), end: orderKey(number + 1n, 0) };
    return [...this.#order.getRange(range)].map(({ value }) => toHex(value));
  }

  putTransaction(hash: Hex, { sequence, raw }: StoredTransaction): void {
    this.#pool.putSync(fromHex(hash), Buffer.concat([bigIntToBytes(BigInt(sequence), 8), raw]));
  }

  removeTransaction(hash: Hex): void {
    this.#pool.removeSync(fromHex(hash));
  }

  putOpenBlock(number: bigint, { timestamp, feeRecipient }: OpenBlock): void {
    this.#blocks.putSync(
      bigIntToBytes(number, 8),
      Buffer.concat([bigIntToBytes(timestamp, 8), fromHex(feeRecipient)]),
    );
  }

  putOrder(number: bigint, index: number, hash: Hex): void {
    this.#order.putSync(orderKey(number, index), Buffer.from(fromHex(hash)));
  }

  /** The block is sealed: its transactions are the chain's now. */
  removeSealed(number: bigint, hashes: readonly Hex[]): void {
    this.#blocks.removeSync(bigIntToBytes(number, 8));
    hashes.forEach((hash, index) => {
      this.removeTransaction(hash);
      this.#order.removeSync(orderKey(number, index));
    });
  }
}

const orderKey = (number: bigint, index: number): Uint8Array =>
  Buffer.concat([bigIntToBytes(number, 8), bigIntToBytes(BigInt(index), 4)]);
