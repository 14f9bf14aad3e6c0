import { fromHex, type Hex } from "../hex.ts";
import type { Store, Table } from "../lmdb.ts";
import { decodeAccount, encodeAccount } from "./accountState.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import { VersionedTable } from "./versionedTable.ts";

const ZERO = new Uint8Array();

type Writes = Map<string, Uint8Array | undefined>;

/**
 * Accounts, storage and code of the chain, flat (no trie): by address, by address and slot, by code hash; at every block.
 * Codes are shared by hash and never leave: a rollback may leave one that nothing has, which does no harm.
 */
export class FlatState {
  readonly #accounts: VersionedTable;
  readonly #storage: VersionedTable;
  readonly #codes: Table;
  /** The block whose state the heads of the tables are. Undefined while that changes: then the past is read, which is always right. */
  #headBlock: bigint | undefined;

  constructor(store: Store) {
    this.#accounts = new VersionedTable(store, "account", 20);
    this.#storage = new VersionedTable(store, "storage", 52);
    this.#codes = store.table("code");
  }

  /** The state after block `block`. Assumes it is sealed. */
  at(block: bigint): StateReader {
    const read = (table: VersionedTable, key: Uint8Array): Uint8Array | undefined =>
      this.#headBlock === block ? table.get(key) : table.getAt(key, block);
    return {
      account: (address) => {
        const bytes = read(this.#accounts, fromHex(address));
        return bytes && decodeAccount(bytes);
      },
      storage: (address, slot) => read(this.#storage, storageKey(address, slot)) ?? ZERO,
      code: (codeHash) => new Uint8Array(this.#codes.getBinary(codeHash) ?? ZERO),
    };
  }

  /** Tells which block is the last, once it is on the disk. */
  setHead(block: bigint): void {
    this.#headBlock = block;
  }

  /** What a block's transactions changed, in order. Inside `Store.commit`. */
  write(block: bigint, changeSets: readonly ChangeSet[]): void {
    this.#headBlock = undefined;
    const [accounts, storage]: [Writes, Writes] = [new Map(), new Map()];
    for (const changes of changeSets) {
      for (const [address, account] of changes.accounts)
        accounts.set(address.slice(2), account && encodeAccount(account));
      for (const [address, slots] of changes.storage)
        for (const [slot, value] of slots)
          storage.set(address.slice(2) + slot.slice(2), value.length > 0 ? value : undefined);
      for (const [codeHash, code] of changes.codes) this.#codes.putSync(fromHex(codeHash), Buffer.from(code));
    }
    this.#accounts.write(block, accounts);
    this.#storage.write(block, storage);
  }

  /** Inside `Store.commit`. */
  undo(block: bigint): void {
    this.#headBlock = undefined;
    this.#accounts.undo(block);
    this.#storage.undo(block);
  }
}

const storageKey = (address: Hex, slot: Hex): Uint8Array => fromHex(`${address}${slot.slice(2)}`);
