import { equalBytes } from "../../../protocol/bytes.ts";
import { toHex, type Hex } from "../hex.ts";
import { EMPTY_ACCOUNT, isEmptyAccount, sameAccount, type AccountState } from "./accountState.ts";
import type { ChangeSet, StateReader } from "./stateReader.ts";

const ZERO = new Uint8Array();

/**
 * Writes over a state that stays as it is. Checkpoints nest; a checkpoint costs nothing until something is written, and undoing
 * costs what was written (the library's own simple manager copies the whole state at each call).
 */
export class StateOverlay implements StateReader {
  readonly base: StateReader;
  readonly #accounts = new Map<Hex, AccountState | undefined>();
  readonly #storage = new Map<Hex, Map<Hex, Uint8Array>>();
  readonly #codes = new Map<Hex, Uint8Array>();
  #undo: (() => void)[] = [];
  #checkpoints: number[] = [];

  constructor(base: StateReader) {
    this.base = base;
  }

  account(address: Hex): AccountState | undefined {
    return this.#accounts.has(address) ? this.#accounts.get(address) : this.base.account(address);
  }

  storage(address: Hex, slot: Hex): Uint8Array {
    return this.#storage.get(address)?.get(slot) ?? this.base.storage(address, slot);
  }

  code(codeHash: Uint8Array): Uint8Array {
    return this.#codes.get(toHex(codeHash)) ?? this.base.code(codeHash);
  }

  putAccount(address: Hex, account: AccountState | undefined): void {
    this.#set(this.#accounts, address, account);
  }

  putStorage(address: Hex, slot: Hex, value: Uint8Array): void {
    let slots = this.#storage.get(address);
    if (!slots) this.#storage.set(address, (slots = new Map<Hex, Uint8Array>()));
    this.#set(slots, slot, value);
  }

  /**
   * Every slot this overlay has written becomes zero. That is the whole storage of the account: only accounts created in the same
   * transaction are ever cleared (EIP-6780, and creation itself), and before it they had none (I-EXECUTION-04).
   */
  clearStorage(address: Hex): void {
    const slots = this.#storage.get(address);
    for (const slot of [...(slots?.keys() ?? [])]) this.putStorage(address, slot, ZERO);
  }

  /** Codes are found by hash, so that a reverted one does no harm: it is left out of `changes` when no account has it. */
  putCode(codeHash: Uint8Array, code: Uint8Array): void {
    this.#codes.set(toHex(codeHash), code);
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  commit(): void {
    this.#checkpoints.pop();
    if (this.#checkpoints.length === 0) this.#undo = [];
  }

  revert(): void {
    const mark = this.#checkpoints.pop() ?? 0;
    for (const undo of this.#undo.splice(mark).reverse()) undo();
  }

  /** What differs from the base. */
  changes(): ChangeSet {
    const accounts = new Map<Hex, AccountState | undefined>();
    const codes = new Map<Hex, Uint8Array>();
    for (const [address, account] of this.#accounts) {
      const after = account ?? EMPTY_ACCOUNT;
      const before = this.base.account(address) ?? EMPTY_ACCOUNT;
      if (sameAccount(before, after)) continue;
      accounts.set(address, isEmptyAccount(after) ? undefined : after);
      const codeHash = toHex(after.codeHash);
      const code = this.#codes.get(codeHash);
      if (code && after.codeSize > 0) codes.set(codeHash, code);
    }
    return { accounts, storage: this.#changedStorage(), codes };
  }

  #changedStorage(): ChangeSet["storage"] {
    const storage = new Map<Hex, Map<Hex, Uint8Array>>();
    for (const [address, slots] of this.#storage) {
      const changed = [...slots].filter(
        ([slot, value]) => !equalBytes(value, this.base.storage(address, slot)),
      );
      if (changed.length > 0) storage.set(address, new Map(changed));
    }
    return storage;
  }

  /** The same writes over `base`; later writes to either are not seen by the other. */
  copyOver(base: StateReader): StateOverlay {
    const copy = new StateOverlay(base);
    for (const [address, account] of this.#accounts) copy.#accounts.set(address, account);
    for (const [address, slots] of this.#storage) copy.#storage.set(address, new Map(slots));
    for (const [codeHash, code] of this.#codes) copy.#codes.set(codeHash, code);
    return copy;
  }

  /** Takes over what a transaction changed. */
  apply(changes: ChangeSet): void {
    for (const [address, account] of changes.accounts) this.putAccount(address, account);
    for (const [address, slots] of changes.storage)
      for (const [slot, value] of slots) this.putStorage(address, slot, value);
    for (const [codeHash, code] of changes.codes) this.#codes.set(codeHash, code);
  }

  #set<V>(map: Map<Hex, V>, key: Hex, value: V): void {
    if (this.#checkpoints.length > 0) {
      const had = map.has(key);
      const old = map.get(key) as V;
      this.#undo.push(() => void (had ? map.set(key, old) : map.delete(key)));
    }
    map.set(key, value);
  }
}
