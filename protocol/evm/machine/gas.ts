/**
 * Gas that depends on operands, memory or what was accessed before; what every opcode always costs is in ../opcodes.ts.
 * Names and values of the yellow paper's appendix G and of the EIPs that changed them, as of Cancun.
 */

export const Gas = {
  /** EIP-2929. */
  WARM_ACCESS: 100n,
  COLD_ACCOUNT: 2_600n,
  COLD_SLOT: 2_100n,
  /** EIP-2200, EIP-2929, EIP-3529. */
  SSTORE_SENTRY: 2_300n,
  SSTORE_SET: 20_000n,
  SSTORE_RESET: 2_900n,
  SSTORE_CLEAR_REFUND: 4_800n,
  /** Calls (EIP-150). */
  CALL_VALUE: 9_000n,
  CALL_STIPEND: 2_300n,
  NEW_ACCOUNT: 25_000n,
  /** A byte of the exponent (EIP-160). */
  EXP_BYTE: 50n,
  KECCAK_WORD: 6n,
  COPY_WORD: 3n,
  LOG_BYTE: 8n,
  /** A word of init code (EIP-3860). */
  INIT_CODE_WORD: 2n,
  CODE_DEPOSIT_BYTE: 200n,
  TRANSACTION: 21_000n,
  TRANSACTION_CREATE: 32_000n,
  /** EIP-2028. */
  DATA_ZERO: 4n,
  DATA_NONZERO: 16n,
  /** EIP-2930. */
  ACCESS_LIST_ADDRESS: 2_400n,
  ACCESS_LIST_SLOT: 1_900n,
} as const;

/** EIP-3529: at most a fifth of the gas used is refunded. */
export const MAX_REFUND_QUOTIENT = 5n;

/** Words on a stack; calls below a transaction's own frame. */
export const STACK_LIMIT = 1024;
export const CALL_DEPTH_LIMIT = 1024;

/** Bytes of code (EIP-170) and of init code (EIP-3860). */
export const MAX_CODE_BYTES = 24_576;
export const MAX_INIT_CODE_BYTES = 49_152;

/** A nonce can grow to this, and no account with it sends or creates (EIP-2681). */
export const MAX_NONCE = (1n << 64n) - 1n;

/** EIP-150: a callee gets all but a 64th. */
export const allButOne64th = (gas: bigint): bigint => gas - gas / 64n;

export const wordsOf = (bytes: number): number => Math.ceil(bytes / 32);

/** Of a memory of so many words. Assumes at most 2^26 words, so that the square is exact. */
export const memoryGas = (words: number): number => 3 * words + Math.floor((words * words) / 512);
