import { equalBytes } from "../../../protocol/bytes.ts";
import { bigIntToBytes, bytesToBigInt } from "../hex.ts";
import { KECCAK256_EMPTY } from "./keccak256.ts";

/** An account as execution sees it. Its storage is apart; its code is found by hash. */
export interface AccountState {
  readonly nonce: bigint;
  /** Wei. */
  readonly balance: bigint;
  readonly codeHash: Uint8Array;
  /** Bytes. */
  readonly codeSize: number;
}

export const EMPTY_ACCOUNT: AccountState = { nonce: 0n, balance: 0n, codeHash: KECCAK256_EMPTY, codeSize: 0 };

/** EIP-161: such an account and an absent one are the same. */
export const isEmptyAccount = (account: AccountState): boolean =>
  account.nonce === 0n && account.balance === 0n && account.codeSize === 0;

export const sameAccount = (a: AccountState, b: AccountState): boolean =>
  a.nonce === b.nonce && a.balance === b.balance && equalBytes(a.codeHash, b.codeHash);

/** `nonce u64 | balance 32 | (codeSize u32 | codeHash 32, only with code)`, big endian. */
export function encodeAccount(account: AccountState): Uint8Array {
  const parts = [bigIntToBytes(account.nonce, 8), bigIntToBytes(account.balance, 32)];
  if (account.codeSize > 0) parts.push(bigIntToBytes(BigInt(account.codeSize), 4), account.codeHash);
  return Buffer.concat(parts);
}

export function decodeAccount(bytes: Uint8Array): AccountState {
  const nonce = bytesToBigInt(bytes.subarray(0, 8));
  const balance = bytesToBigInt(bytes.subarray(8, 40));
  if (bytes.length === 40) return { nonce, balance, codeHash: KECCAK256_EMPTY, codeSize: 0 };
  return {
    nonce,
    balance,
    codeSize: Number(bytesToBigInt(bytes.subarray(40, 44))),
    codeHash: new Uint8Array(bytes.subarray(44, 76)),
  };
}
