import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { Account, type Address } from "@ethereumjs/util";
import { StackError } from "../../../protocol/errors.ts";
import { toHex, type Hex } from "../hex.ts";
import type { AccountState } from "./accountState.ts";
import { keccak256 } from "./keccak256.ts";
import type { StateOverlay } from "./stateOverlay.ts";

const NO_CODE = new Uint8Array();

/**
 * An overlay as the interpreter asks for state. The overlay is exchanged for each transaction, so that one interpreter
 * serves many; original values (EIP-2200) are those of the overlay's base, the state before the transaction.
 */
export class EvmState implements StateManagerInterface {
  #overlay: StateOverlay;

  constructor(overlay: StateOverlay) {
    this.#overlay = overlay;
  }

  use(overlay: StateOverlay): void {
    this.#overlay = overlay;
  }

  readonly originalStorageCache = {
    get: async (address: Address, slot: Uint8Array): Promise<Uint8Array> =>
      this.#overlay.base.storage(key(address), toHex(slot)),
    clear: (): void => {},
  };

  async getAccount(address: Address): Promise<Account | undefined> {
    const state = this.#overlay.account(key(address));
    return state && toEvmAccount(state); // a fresh object: the interpreter changes what it is given
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.#overlay.putAccount(key(address), account && this.#fromEvmAccount(address, account));
  }

  async deleteAccount(address: Address): Promise<void> {
    this.#overlay.putAccount(key(address), undefined);
    this.#overlay.clearStorage(key(address));
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = (await this.getAccount(address)) ?? new Account();
    await this.putAccount(address, Object.assign(account, fields));
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    const codeHash = keccak256(code);
    this.#overlay.putCode(codeHash, code);
    const { nonce, balance } = this.#overlay.account(key(address)) ?? { nonce: 0n, balance: 0n };
    this.#overlay.putAccount(key(address), { nonce, balance, codeHash, codeSize: code.length });
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const account = this.#overlay.account(key(address));
    return account && account.codeSize > 0 ? this.#overlay.code(account.codeHash) : NO_CODE;
  }

  async getCodeSize(address: Address): Promise<number> {
    return this.#overlay.account(key(address))?.codeSize ?? 0;
  }

  async getStorage(address: Address, slot: Uint8Array): Promise<Uint8Array> {
    return this.#overlay.storage(key(address), toHex(slot));
  }

  async putStorage(address: Address, slot: Uint8Array, value: Uint8Array): Promise<void> {
    this.#overlay.putStorage(key(address), toHex(slot), withoutLeadingZeros(value));
  }

  async clearStorage(address: Address): Promise<void> {
    this.#overlay.clearStorage(key(address));
  }

  async checkpoint(): Promise<void> {
    this.#overlay.checkpoint();
  }

  async commit(): Promise<void> {
    this.#overlay.commit();
  }

  async revert(): Promise<void> {
    this.#overlay.revert();
  }

  clearCaches(): void {}

  // The state's root is the indexed tree's and belongs to sealed blocks: execution never asks for one.
  getStateRoot = (): never => unsupported("getStateRoot");
  setStateRoot = (): never => unsupported("setStateRoot");
  hasStateRoot = (): never => unsupported("hasStateRoot");
  shallowCopy = (): never => unsupported("shallowCopy");

  #fromEvmAccount(address: Address, account: Account): AccountState {
    const { nonce, balance, codeHash } = account;
    const known = this.#overlay.account(key(address));
    const hash = toHex(codeHash);
    if (known && toHex(known.codeHash) === hash)
      return { nonce, balance, codeHash: known.codeHash, codeSize: known.codeSize };
    const codeSize = account.isContract() ? this.#overlay.code(codeHash).length : 0;
    return { nonce, balance, codeHash, codeSize };
  }
}

const key = (address: Address): Hex => toHex(address.bytes);

function toEvmAccount({ nonce, balance, codeHash }: AccountState): Account {
  const account = new Account(nonce, balance);
  account.codeHash = codeHash;
  return account;
}

function withoutLeadingZeros(value: Uint8Array): Uint8Array {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  return value.slice(start); // a copy: the interpreter may reuse its memory
}

function unsupported(method: string): never {
  throw new StackError({ code: "STATE_ROOT_IN_EXECUTION", method }, "fatal");
}
