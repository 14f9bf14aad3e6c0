/** Entries of the frames chip: entry k is frame k + 1. */
import type { FactKey } from "../../factKey.ts";
import { EXCEPTION_CREDIT } from "../../instructions.ts";
import { SYSTEM_STACK_BASE } from "../rowMachine.ts";

/** The columns of a frame; `circuits/programs/evm/services.ts` says what they are. */
export interface FrameValues {
  codeBase: bigint;
  codeSize: bigint;
  stackBase: bigint;
  memoryBase: bigint;
  memoryLimit: bigint;
  address: bigint;
  caller: bigint;
  value: bigint;
  inputStart: bigint;
  inputLength: bigint;
  floor: bigint;
  parent: bigint;
  returnPc: bigint;
  isStatic: bigint;
  depth: bigint;
  transaction: bigint;
  checkpoint: bigint;
  code: bigint;
  outputStart: bigint;
  outputLength: bigint;
}

export const NO_FRAME: Readonly<FrameValues> = {
  codeBase: 0n,
  codeSize: 0n,
  stackBase: 0n,
  memoryBase: 0n,
  memoryLimit: 0n,
  address: 0n,
  caller: 0n,
  value: 0n,
  inputStart: 0n,
  inputLength: 0n,
  floor: 0n,
  parent: 0n,
  returnPc: 0n,
  isStatic: 0n,
  depth: 0n,
  transaction: 0n,
  checkpoint: 0n,
  code: 0n,
  outputStart: 0n,
  outputLength: 0n,
};

/** Frame 0: it has no code of its own, no memory, and nobody's return data. */
export const SYSTEM_COLUMNS: Readonly<FrameValues> = { ...NO_FRAME, stackBase: BigInt(SYSTEM_STACK_BASE) };

/** How a frame was opened: the questions of its rows. */
export interface FrameStart {
  readonly questions: readonly FactKey[];
  /** Id of the callee's address without what its word had above 160 bits. */
  readonly address: number;
}

/** How it ended: the question of the row that ended it. */
export interface FrameFinish {
  readonly question: FactKey;
  /** Of a creation: it fails because its output starts with ef. */
  readonly startsReserved?: boolean;
}

export interface FrameEntry {
  readonly values: FrameValues;
  /** Undefined: a transaction's own frame. */
  readonly start: FrameStart | undefined;
  finish: FrameFinish | undefined;
}

/** Where a call's accesses to the state stand in its first row, and an end's in its own. */
export const CALL_SUB = {
  warm: 0,
  code: 1,
  nonce: 2,
  balance: 3,
  funds: 4,
  checkpoint: 8,
  from: 9,
  to: 10,
} as const;
export const END_SUB = { self: 0, created: 1, warm: 2, nonce: 3, code: 4, heir: 5, move: 6, receive: 7, destroyed: 8, revert: 31 } as const; // prettier-ignore

/** Of a creation's first row; the new account's are those of OPEN_SUB from `open` on. */
export const CREATE_SUB = {
  funds: 0,
  nonce: 1,
  count: 2,
  warm: 3,
  checkpoint: 4,
  from: 5,
  to: 6,
  open: 8,
} as const;
/** A new account: its nonce, code, and what holds in the transaction. */
export const OPEN_SUB = { nonce: 0, code: 1, created: 2, doomed: 3 } as const;
/** Of the end of a creation, before the revert. */
export const DEPOSIT_SUB = 16;
/** Of the END row: six accesses for each entry that may have made an account, from here on. */
export const SETTLE_SUB = { first: 2 ** 8, each: 8, created: 0, doomed: 1, destroyed: 2, balance: 3, nonce: 4, code: 5 } as const; // prettier-ignore

/** What EXCEPTION adds to the counter before it pays down to the floor. */
export const CREDIT = BigInt(EXCEPTION_CREDIT);

/** Charged by an opcode that no gas can pay for or that is not allowed: it puts the frame below its floor. */
export const PENALTY = 2n ** 30n;

export const CALL_GAS = {
  warm: 100n,
  cold: 2_600n,
  value: 9_000n,
  stipend: 2_300n,
  newAccount: 25_000n,
} as const;

/** Fixed, and a word of init code (EIP-3860), of CREATE2 with its hash; a byte of code that is deposited. */
export const CREATE_GAS = { fixed: 32_000n, word: 2n, hashedWord: 8n, byte: 200n } as const;

/** Bytes of init code (EIP-3860) and of code (EIP-170). */
export const MAX_INIT_CODE = 49_152n;
export const MAX_CODE = 24_576n;
/** No code starts with it (EIP-3541). */
export const RESERVED_BYTE = 0xefn;
/** An account with this nonce creates nothing (EIP-2681). */
export const MAX_NONCE = 2n ** 64n - 1n;

export const DESTROY_GAS = { fixed: 5_000n, cold: 2_600n, newAccount: 25_000n } as const;

/** Calls below a transaction's own frame. */
export const MAX_DEPTH = 1024n;
