/**
 * The domain of a hash says what it is a hash of, so that no hash of one thing is ever the hash of another
 * (it is absorbed with the length, see hash.ts). Numbers are part of the protocol: never reuse one.
 */
export const Domain = {
  BYTES: 1,
  NODE: 2,
  LEAF: 3,
  ACCOUNT_KEY: 4,
  STORAGE_KEY: 5,
  ACCOUNT_VALUE: 6,
  STORAGE_VALUE: 7,
  STATE: 8,
  BLOCK: 9,
  GENESIS: 10,
  STATEMENT: 11,
  SETTLEMENT: 12,
  CODE: 13,
  MESSAGE: 14,
  RECEIPT: 15,
  LOG: 16,
} as const;

export type Domain = (typeof Domain)[keyof typeof Domain];
