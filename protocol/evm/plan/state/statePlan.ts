/** The accounts and slots a chunk touches, numbered as they come, and their cells on the bus. */
import type { AccountState } from "../../../state/account.ts";
import {
  type AccountCell,
  accountCell,
  accountScope,
  type GlobalCell,
  globalCell,
  type SlotCell,
  slotCell,
  slotScope,
} from "../../stateCells.ts";
import type { CodePlan } from "../code/codePlan.ts";
import type { FactBook } from "../factBook.ts";
import { StateBusPlan } from "./stateBusPlan.ts";

/** The state before the chunk. */
export interface StateBefore {
  /** The empty account if there is none. */
  account(address: bigint): AccountState;
  slot(address: bigint, slot: bigint): bigint;
  /** Code of an account that is executed or copied. */
  code(codeHash: bigint): Uint8Array | undefined;
}

export interface AccountEntry {
  readonly address: bigint;
  readonly before: AccountState;
  /** Ids and object number of what the cells hold at the start. */
  readonly balance: number;
  readonly nonce: number;
  readonly code: number;
}

export interface SlotEntry {
  /** Number of the account. */
  readonly account: number;
  readonly slot: bigint;
  readonly before: bigint;
  readonly value: number;
}

/** Cells from here on belong to accounts that the profile has no room for: a plan with any is only a measure. */
const BEYOND = 2 ** 24;

/** When a row makes an access: its number, and the access's own within it. */
export interface When {
  readonly t: number;
  readonly sub: number;
}

export class StatePlan {
  readonly bus: StateBusPlan;
  readonly accounts: AccountEntry[] = [];
  readonly slots: SlotEntry[] = [];
  readonly #book: FactBook;
  readonly #code: CodePlan;
  readonly #before: StateBefore;
  readonly #accountNumbers = new Map<bigint, number>();
  readonly #slotNumbers = new Map<string, number>();

  constructor(book: FactBook, code: CodePlan, before: StateBefore) {
    this.#book = book;
    this.#code = code;
    this.#before = before;
    this.bus = new StateBusPlan(book);
  }

  /** Number of an account. */
  account(address: bigint): number {
    const known = this.#accountNumbers.get(address);
    if (known !== undefined) return known;
    const number = this.#book.take("accounts");
    this.#accountNumbers.set(address, number);
    const before = this.#before.account(address);
    const balance = this.#book.found(before.balance);
    const nonce = this.#book.found(before.nonce);
    const { codeHash, codeSize, codeCommitment } = before;
    const code = this.#code.object({ codeHash, codeSize, codeCommitment }, undefined);
    this.accounts.push({ address, before, balance, nonce, code });
    this.bus.start(this.accountCell(number, "balance"), balance);
    this.bus.start(this.accountCell(number, "nonce"), nonce);
    this.bus.start(this.accountCell(number, "code"), code);
    return number;
  }

  /** Number of a slot of an account. */
  slot(account: number, slot: bigint): number {
    const name = `${account} ${slot}`;
    const known = this.#slotNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#book.take("slots");
    this.#slotNumbers.set(name, number);
    const before = this.#before.slot(this.accounts[account]!.address, slot);
    const value = this.#book.found(before);
    this.slots.push({ account, slot, before, value });
    this.bus.start(this.slotCell(number, "value"), value);
    return number;
  }

  /** Code before the chunk, by hash. */
  code(codeHash: bigint): Uint8Array | undefined {
    return this.#before.code(codeHash);
  }

  getAccount({ t, sub }: When, account: number, cell: AccountCell): number {
    return this.bus.get(t, sub, this.accountCell(account, cell), accountScope(cell));
  }

  setAccount({ t, sub }: When, account: number, cell: AccountCell, id: number): number {
    return this.bus.set(t, sub, this.accountCell(account, cell), accountScope(cell), id);
  }

  getSlot({ t, sub }: When, slot: number, cell: SlotCell): number {
    return this.bus.get(t, sub, this.slotCell(slot, cell), slotScope(cell));
  }

  setSlot({ t, sub }: When, slot: number, cell: SlotCell, id: number): number {
    return this.bus.set(t, sub, this.slotCell(slot, cell), slotScope(cell), id);
  }

  getGlobal({ t, sub }: When, cell: GlobalCell): number {
    return this.bus.get(t, sub, globalCell(cell), "transaction");
  }

  setGlobal({ t, sub }: When, cell: GlobalCell, id: number): number {
    return this.bus.set(t, sub, globalCell(cell), "transaction", id);
  }

  /** Ids and object number of an account's cells as they are now, without an access. */
  peekAccount(account: number, cell: AccountCell): number {
    return this.bus.peek(this.accountCell(account, cell), accountScope(cell));
  }

  peekSlot(slot: number, cell: SlotCell): number {
    return this.bus.peek(this.slotCell(slot, cell), slotScope(cell));
  }

  peekGlobal(cell: GlobalCell): number {
    return this.bus.peek(globalCell(cell), "transaction");
  }

  /** Of an account beyond the profile: no cell of a slot. */
  accountCell(account: number, cell: AccountCell): number {
    const own = accountCell(account, cell);
    return account < this.#book.capacities.accounts ? own : BEYOND + own;
  }

  slotCell(slot: number, cell: SlotCell): number {
    return slotCell(this.#book.capacities, slot, cell);
  }
}
