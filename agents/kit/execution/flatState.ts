import { fromHex, type Hex } from "../hex.ts";
import type { Store, Table } from "../lmdb.ts";
import { decodeAccount, encodeAccount, type AccountState } from "./accountState.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";
import { VersionedTable } from "./versionedTable.ts";

const ZERO = new Uint8Array();

type Writes = Map<string, Uint8Array | undefined>;

/**
 * Accounts, storage and code of the chain, flat (no trie): by address, by address and slot, by code hash; at every block.
 * Codes are shared by hash and never leave: a rollback may leave one that nothing has, which does no harm.
 */
export class FlatState implements StateReader {
  readonly #accounts: VersionedTable;
  readonly #storage: VersionedTable;
  readonly #codes: Table;

  constructor(store: Store) {
    this.#accounts = new VersionedTable(store, "account", 20);
    this.#storage = new VersionedTable(store, "storage", 52);
    this.#codes = store.table("code");
  }

  account(address: Hex): AccountState | undefined {
    const bytes = this.#accounts.get(fromHex(address));
    return bytes && decodeAccount(bytes);
  }

  storage(address: Hex, slot: Hex): Uint8Array {
    return this.#storage.get(storageKey(address, slot)) ?? ZERO;
  }

  code(codeHash: Uint8Array): Uint8Array {
    const code = this.#codes.getBinary(codeHash);
    return code ? new Uint8Array(code) : ZERO;
  }

  /** The state after block `block`. Assumes it is sealed. */
  at(block: bigint): StateReader {
    return {
      account: (address) => {
        const bytes = this.#accounts.getAt(fromHex(address), block);
        return bytes && decodeAccount(bytes);
      },
      storage: (address, slot) => this.#storage.getAt(storageKey(address, slot), block) ?? ZERO,
      code: (codeHash) => this.code(codeHash),
    };
  }

  /** What a block's transactions changed, in order. Inside `Store.commit`. */
  write(block: bigint, changeSets: readonly ChangeSet[]): void {
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
    this.#accounts.undo(block);
    this.#storage.undo(block);
  }
}

const storageKey = (address: Hex, slot: Hex): Uint8Array => fromHex(`${address}${slot.slice(2)}`);
