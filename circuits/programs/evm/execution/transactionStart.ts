/** What a transaction's own frame starts with: frame i + 1 is that of place i, opened by its BEGIN row. */
import type { Bool, Wire } from "../../../builder/wire.ts";

/**
 * Columns of the table of frames that the transaction fixes; the others are constants: parent 0, returnPc the system's END,
 * stackBase that of the system's stack, isStatic 0, transaction i + 1. In an inactive place all are 0 or any.
 */
export interface TransactionStart {
  readonly active: Bool;
  /** The frame runs init code and makes the account `address`. */
  readonly isCreation: Bool;
  /** The BEGIN row. */
  readonly t: Wire;
  readonly codeBase: Wire;
  readonly codeSize: Wire;
  /** Ids of words. */
  readonly address: Wire;
  readonly caller: Wire;
  readonly value: Wire;
  /** Byte address and length of the call data. */
  readonly inputStart: Wire;
  readonly inputLength: Wire;
  readonly floor: Wire;
  /** Calls above it: 0 in a block. */
  readonly depth: Wire;
  readonly checkpoint: Wire;
  /** Number of the code object. */
  readonly code: Wire;
}

/** What a creation by a transaction needs of whoever proves creations. */
export interface Creations {
  /** keccak256 of the message with this commitment; any word where `condition` is 0. */
  digest(commitment: Wire, name: string, condition: Bool): { readonly hi: Wire; readonly lo: Wire };
  /**
   * The new account number `account` is opened at row `t` and its init code is the data of place `place`: collision (EIP-684),
   * nonce 1, created. Claims at subs from `CREATION_SUB` on.
   */
  open(
    creation: {
      readonly t: Wire;
      readonly account: Wire;
      readonly place: number;
      readonly length: Wire;
      readonly condition: Bool;
    },
    name: string,
  ): { readonly codeBase: Wire; readonly codeSize: Wire };
}
