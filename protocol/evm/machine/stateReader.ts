import type { AccountState } from "../../state/account.ts";

/**
 * The state before a block. Assumes I-EXECUTION-04: an account with storage has a nonce or code, so that a contract that is
 * created finds no storage.
 */
export interface StateReader {
  /** Undefined: absent, which is the same as empty. */
  account(address: bigint): AccountState | undefined;
  storage(address: bigint, slot: bigint): bigint;
  /** Assumes an account of this state has code of that hash. */
  code(codeHash: bigint): Uint8Array;
  /** Of an ancestor; asked for the last 256 only. */
  blockHash(number: bigint): bigint;
}
