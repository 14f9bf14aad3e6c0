import type { AccountState } from "../../state/account.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import { codeCommitment } from "../../state/code.ts";
import type { Code } from "./code.ts";

/** A storage slot while a block runs. */
export type Slot = {
  readonly account: Account;
  readonly key: bigint;
  value: bigint;
  /** Value at the start of the transaction `era`. */
  original: bigint;
  /** Accessed in it (EIP-2929). */
  isWarm: boolean;
  /** The last transaction that asked for the slot: flags of an earlier one mean nothing. */
  era: number;
};

/**
 * An account while a block runs. Fields are changed through `World` alone, which keeps the journal. Flags and the state at
 * the start are of the last transaction that asked for the account, `era`.
 */
export class Account {
  readonly address: bigint;
  nonce: bigint;
  balance: bigint;
  codeHash: bigint;
  codeSize: bigint;
  /** Undefined until the code is asked for; of an account created in this block always there. */
  code: Code | undefined;
  readonly slots = new Map<bigint, Slot>();
  era = 0;
  start: AccountState;
  isWarm = false;
  /** A contract was created here (EIP-6780). */
  isCreated = false;
  /** Gone at the end of the transaction. */
  isDeleted = false;
  transient: Map<bigint, bigint> | undefined;
  #commitment: bigint | undefined;

  constructor(address: bigint, state: AccountState) {
    this.address = address;
    this.start = state;
    this.nonce = state.nonce;
    this.balance = state.balance;
    this.codeHash = state.codeHash;
    this.codeSize = state.codeSize;
    this.#commitment = state.codeCommitment;
  }

  /** EIP-161: nothing there, or as good as nothing. */
  get isDead(): boolean {
    return this.nonce === 0n && this.balance === 0n && this.codeSize === 0n;
  }

  enter(era: number): void {
    this.era = era;
    this.start = this.state();
    this.isWarm = this.isCreated = this.isDeleted = false;
    this.transient = undefined;
  }

  setCode(code: Code): void {
    this.code = code;
    this.codeHash = code.hash;
    this.codeSize = BigInt(code.bytes.length);
    this.#commitment = undefined;
  }

  restore(state: AccountState): void {
    this.nonce = state.nonce;
    this.balance = state.balance;
    if (state.codeHash === this.codeHash) return;
    this.code = undefined;
    this.codeHash = state.codeHash;
    this.codeSize = state.codeSize;
    this.#commitment = state.codeCommitment;
  }

  clearCode(): void {
    const { nonce, balance } = this;
    this.restore({ ...EMPTY_ACCOUNT, nonce, balance });
  }

  /** Nothing is left. */
  clear(): void {
    this.restore(EMPTY_ACCOUNT);
  }

  get isChanged(): boolean {
    const { nonce, balance, codeHash } = this.start;
    return this.nonce !== nonce || this.balance !== balance || this.codeHash !== codeHash;
  }

  state(): AccountState {
    const { nonce, balance, codeHash, codeSize } = this;
    // Only code that was created here has no commitment yet, and then it is there.
    this.#commitment ??= codeCommitment((this.code as Code).bytes);
    return { nonce, balance, codeHash, codeSize, codeCommitment: this.#commitment };
  }
}
