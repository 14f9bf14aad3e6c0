import { EMPTY_ACCOUNT } from "../../state/account.ts";
import { EMPTY_CODE_HASH } from "../../state/code.ts";
import { Account, type Slot } from "./account.ts";
import { Code, NO_CODE_AT_ALL } from "./code.ts";
import { Journal } from "./journal.ts";
import type { StateReader } from "./stateReader.ts";
import type { LogTrace, StateEffects } from "./trace.ts";

/** Where a frame starts, to go back to. */
export type Checkpoint = {
  readonly journal: number;
  readonly logs: number;
  readonly refund: bigint;
};

/**
 * State, warm sets, transient storage, logs and refunds of a block's transactions over the state before the block. What a
 * frame does is undone by going back to its checkpoint; what a transaction did, by `discard`.
 */
export class World {
  readonly reader: StateReader;
  readonly logs: LogTrace[] = [];
  /** EIP-3529. May be negative inside a transaction, never at its end. */
  refund = 0n;
  readonly #journal = new Journal();
  readonly #accounts = new Map<bigint, Account>();
  readonly #codes = new Map<bigint, Code>();
  /** Counts transactions and calls. */
  #era = 0;
  #touchedAccounts: Account[] = [];
  #touchedSlots: Slot[] = [];

  constructor(reader: StateReader) {
    this.reader = reader;
  }

  /** Starts a transaction: nothing is warm, nothing created. */
  begin(): void {
    this.#era++;
    this.#touchedAccounts = [];
    this.#touchedSlots = [];
    this.#journal.clear();
    this.logs.length = 0;
    this.refund = 0n;
  }

  checkpoint(): Checkpoint {
    return { journal: this.#journal.mark, logs: this.logs.length, refund: this.refund };
  }

  revertTo({ journal, logs, refund }: Checkpoint): void {
    this.#journal.revertTo(journal);
    this.logs.length = logs;
    this.refund = refund;
  }

  account(address: bigint): Account {
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = new Account(address, this.reader.account(address) ?? EMPTY_ACCOUNT);
      this.#accounts.set(address, account);
    }
    if (account.era !== this.#era) {
      account.enter(this.#era);
      this.#touchedAccounts.push(account);
    }
    return account;
  }

  codeOf(account: Account): Code {
    if (account.codeSize === 0n) return NO_CODE_AT_ALL;
    return (account.code ??= this.#code(account.codeHash));
  }

  #code(hash: bigint): Code {
    let code = this.#codes.get(hash);
    if (code === undefined) this.#codes.set(hash, (code = new Code(this.reader.code(hash), hash)));
    return code;
  }

  slot(account: Account, key: bigint): Slot {
    let slot = account.slots.get(key);
    if (slot === undefined) {
      const value = this.reader.storage(account.address, key);
      slot = { account, key, value, original: value, isWarm: false, era: 0 };
      account.slots.set(key, slot);
    }
    if (slot.era !== this.#era) {
      slot.era = this.#era;
      slot.original = slot.value;
      slot.isWarm = false;
      this.#touchedSlots.push(slot);
    }
    return slot;
  }

  /** Was it cold? It is warm from now on. */
  warm(place: Account | Slot): boolean {
    if (place.isWarm) return false;
    place.isWarm = true;
    this.#journal.add(() => (place.isWarm = false));
    return true;
  }

  setBalance(account: Account, balance: bigint): void {
    const before = account.balance;
    this.#journal.add(() => (account.balance = before));
    account.balance = balance;
  }

  /** Assumes the sender has it. */
  transfer(from: Account, to: Account, value: bigint): void {
    if (value === 0n) return;
    this.setBalance(from, from.balance - value);
    this.setBalance(to, to.balance + value);
  }

  setNonce(account: Account, nonce: bigint): void {
    const before = account.nonce;
    this.#journal.add(() => (account.nonce = before));
    account.nonce = nonce;
  }

  /** A contract starts to exist, before its init code runs (EIP-161: with nonce 1). */
  create(account: Account): void {
    const before = account.isCreated;
    this.#journal.add(() => (account.isCreated = before));
    account.isCreated = true;
    this.setNonce(account, 1n);
  }

  /** Assumes the account has no code. */
  setCode(account: Account, code: Code): void {
    if (code.bytes.length === 0) return;
    this.#journal.add(() => account.clearCode());
    account.setCode(code);
    this.#codes.set(code.hash, code);
  }

  setDeleted(account: Account): void {
    const before = account.isDeleted;
    this.#journal.add(() => (account.isDeleted = before));
    account.isDeleted = true;
  }

  write(slot: Slot, value: bigint): void {
    const before = slot.value;
    this.#journal.add(() => (slot.value = before));
    slot.value = value;
  }

  writeTransient(account: Account, key: bigint, value: bigint): void {
    const values = (account.transient ??= new Map<bigint, bigint>());
    const before = values.get(key) ?? 0n;
    this.#journal.add(() => values.set(key, before));
    values.set(key, value);
  }

  /** Ends a transaction: deleted accounts go, with what they were sent after their end. Returns what has changed. */
  finish(): StateEffects {
    for (const account of this.#touchedAccounts) if (account.isDeleted) clear(account);
    const accounts = new Map<bigint, ReturnType<Account["state"]>>();
    const codes = new Map<bigint, Uint8Array>();
    for (const account of this.#touchedAccounts) {
      if (!account.isChanged) continue;
      accounts.set(account.address, account.state());
      if (account.codeHash !== account.start.codeHash && account.codeHash !== EMPTY_CODE_HASH)
        codes.set(account.codeHash, (account.code as Code).bytes);
    }
    return { accounts, slots: this.#changedSlots(), codes };
  }

  #changedSlots(): StateEffects["slots"] {
    const slots = new Map<bigint, Map<bigint, bigint>>();
    for (const { account, key, value, original } of this.#touchedSlots) {
      if (value === original) continue;
      let values = slots.get(account.address);
      if (values === undefined) slots.set(account.address, (values = new Map<bigint, bigint>()));
      values.set(key, value);
    }
    return slots;
  }

  /** Everything is as it was before `begin`; also after `finish`. */
  discard(): void {
    for (const account of this.#touchedAccounts) account.restore(account.start);
    for (const slot of this.#touchedSlots) slot.value = slot.original;
    this.begin();
  }
}

/** Deletes an account that was created in this transaction: before it there was no storage (I-EXECUTION-04). */
function clear(account: Account): void {
  account.clear();
  for (const slot of account.slots.values()) slot.value = 0n;
}
