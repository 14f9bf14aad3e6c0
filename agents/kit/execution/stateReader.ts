import type { Hex } from "../hex.ts";
import type { AccountState } from "./accountState.ts";

/** A state of the chain, read only: of a sealed block, or of a block being filled. Addresses 20 bytes, slots 32. */
export interface StateReader {
  /** Undefined: absent, which is the same as empty (EIP-161). */
  account(address: Hex): AccountState | undefined;
  /** Big endian without leading zeros; no bytes = 0. */
  storage(address: Hex, slot: Hex): Uint8Array;
  /** The code of that hash. Assumes an account of this state has it. */
  code(codeHash: Uint8Array): Uint8Array;
}

/** What a transaction (or a system operation) left changed: final values that differ from those before it. */
export interface ChangeSet {
  /** Undefined: the account is gone. */
  readonly accounts: ReadonlyMap<Hex, AccountState | undefined>;
  readonly storage: ReadonlyMap<Hex, ReadonlyMap<Hex, Uint8Array>>;
  /** New codes by hash. */
  readonly codes: ReadonlyMap<Hex, Uint8Array>;
}
