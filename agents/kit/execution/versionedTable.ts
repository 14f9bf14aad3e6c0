import { bigIntToBytes } from "../hex.ts";
import type { Store, Table } from "../lmdb.ts";

/** First byte of a history entry: the key had no value, or the value that follows. */
const ABSENT = Buffer.of(0);
const PRESENT = Buffer.of(1);

/**
 * A table of the chain's state with its past. The head is read with one `get`; for the past each block leaves, by key, the value
 * it replaced, so that one record serves reads at old blocks and the way back to them.
 *
 *   <name>          key -> value now
 *   <name>.history  key | block u64 -> 00, or 01 and the value before that block
 *   <name>.changed  block u64 -> keys the block wrote, concatenated
 *
 * Assumes every key has `keyBytes` bytes. Writes run inside `Store.commit`.
 */
export class VersionedTable {
  readonly #keyBytes: number;
  readonly #head: Table;
  readonly #history: Table;
  readonly #changed: Table;

  constructor(store: Store, name: string, keyBytes: number) {
    this.#keyBytes = keyBytes;
    this.#head = store.table(name);
    this.#history = store.table(`${name}.history`);
    this.#changed = store.table(`${name}.changed`);
  }

  /** After the last block. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#head.getBinary(key);
  }

  /** After block `block`: the value that the first later block to write the key replaced, else today's. */
  getAt(key: Uint8Array, block: bigint): Uint8Array | undefined {
    const start = historyKey(key, block + 1n);
    const end = Buffer.concat([key, Buffer.alloc(9, 0xff)]);
    for (const { value } of this.#history.getRange({ start, end, limit: 1 }))
      return value[0] === ABSENT[0] ? undefined : new Uint8Array(value.subarray(1));
    return this.get(key);
  }

  /** The writes of one block, once per block; undefined removes. Keys in order spare the disk. */
  write(block: bigint, writes: ReadonlyMap<string, Uint8Array | undefined>): void {
    const keys = [...writes.keys()].sort().map((hex) => Buffer.from(hex, "hex"));
    for (const key of keys) {
      const before = this.#head.getBinary(key);
      this.#history.putSync(historyKey(key, block), before ? Buffer.concat([PRESENT, before]) : ABSENT);
      this.#put(key, writes.get(key.toString("hex")));
    }
    if (keys.length > 0) this.#changed.putSync(blockKey(block), Buffer.concat(keys));
  }

  /** Undoes `write(block, ...)`. Assumes no later block is written. */
  undo(block: bigint): void {
    const changed = this.#changed.getBinary(blockKey(block)) ?? Buffer.alloc(0);
    for (let at = 0; at < changed.length; at += this.#keyBytes) {
      const key = Buffer.from(changed.subarray(at, at + this.#keyBytes));
      const past = historyKey(key, block);
      const before = this.#history.getBinary(past);
      this.#put(key, before && before[0] !== ABSENT[0] ? Buffer.from(before.subarray(1)) : undefined);
      this.#history.removeSync(past);
    }
    this.#changed.removeSync(blockKey(block));
  }

  #put(key: Uint8Array, value: Uint8Array | undefined): void {
    if (value) this.#head.putSync(key, Buffer.from(value));
    else this.#head.removeSync(key);
  }
}

/** Block numbers sort as integers. */
export const blockKey = (block: bigint): Uint8Array => bigIntToBytes(block, 8);

const historyKey = (key: Uint8Array, block: bigint): Uint8Array => Buffer.concat([key, blockKey(block)]);
