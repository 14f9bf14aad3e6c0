/** Values of the state tree: accounts and storage slots, and their hashes. */
import { assertUint } from "../bytes.ts";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { splitWord } from "../field.ts";
import { hash } from "../hash.ts";
import type { CodeIdentity } from "./code.ts";
import { NO_CODE } from "./code.ts";

export type AccountState = CodeIdentity & {
  readonly nonce: bigint;
  /** Wei. */
  readonly balance: bigint;
};

/** The state of an account that is not in the tree. */
export const EMPTY_ACCOUNT: AccountState = { nonce: 0n, balance: 0n, ...NO_CODE };

/** Empty as EIP-161 has it: such an account is never inserted. */
export const isEmptyAccount = ({ nonce, balance, codeSize }: AccountState): boolean =>
  nonce === 0n && balance === 0n && codeSize === 0n;

/** Throws `INTEGER_OUT_OF_RANGE` (nonce of 64 bits, code size of 32), `WORD_OUT_OF_RANGE`, `FIELD_OUT_OF_RANGE`. */
export function accountValueHash(account: AccountState): Field {
  const nonce = assertUint(account.nonce, 64);
  const codeSize = assertUint(account.codeSize, 32);
  const balance = splitWord(account.balance);
  const codeHash = splitWord(account.codeHash);
  return hash(Domain.ACCOUNT_VALUE, [
    nonce + (codeSize << 64n),
    balance.hi,
    balance.lo,
    codeHash.hi,
    codeHash.lo,
    account.codeCommitment,
  ]);
}

/** Throws `WORD_OUT_OF_RANGE`. */
export function storageValueHash(value: bigint): Field {
  const { hi, lo } = splitWord(value);
  return hash(Domain.STORAGE_VALUE, [hi, lo]);
}
