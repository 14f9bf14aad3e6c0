/** Order of the accesses to the state within the rows of this folder's chips (protocol/evm/accessKey.ts). */

/** Of a BEGIN row. Row 0 may be one, so the first is 1: times are above 0. */
export const BEGIN_SUB = {
  newTransaction: 1,
  nonce: 2,
  senderCode: 3,
  buyGas: 4,
  warmSender: 5,
  warmRecipient: 6,
  warmFeeRecipient: 7,
  /** Row r of all access lists: these two and 2r more. */
  access: 16,
  accessSlot: 17,
  checkpoint: 2 ** 13,
  transferOut: 2 ** 13 + 1,
  transferIn: 2 ** 13 + 2,
  code: 2 ** 13 + 3,
} as const;

/** From here on the opening of a created account. */
export const CREATION_SUB = 2 ** 13 + 16;

/** Of an END row; accounts that are destroyed come after 2^8. */
export const END_SUB = { refund: 1, logs: 2, payBack: 3, tip: 4 } as const;

/** Of BALANCE, SELFBALANCE, EXTCODESIZE, EXTCODEHASH, and of the account of EXTCODECOPY. */
export const ACCOUNT_SUB = { warm: 1, balance: 2, code: 3, nonce: 4 } as const;

/** Of a LOGn row. */
export const LOG_SUB = 1;
