import type { TransactionError } from "../../../../protocol/evm/machine/transactionError.ts";

/** By the machine's refusals, the names that Ethereum's tests have for them, in their two generations. */
const NAMES: Readonly<Record<TransactionError["code"], RegExp>> = {
  TRANSACTION_MALFORMED:
    /RLP|OVERFLOW|ADDRESS_TOO|NONCE_IS_MAX|NonceHasMaxValue|INVALID_SIGNATURE|TYPE_NOT_SUPPORTED/i,
  TRANSACTION_TOO_LARGE: /^$/,
  TRANSACTION_TYPE_UNSUPPORTED: /TYPE_?NOT_?SUPPORTED|TYPE_\d_TX|PRE_FORK/i,
  TRANSACTION_UNPROTECTED: /^$/,
  WRONG_CHAIN_ID: /INVALID_CHAIN_?ID/i,
  SIGNATURE_INVALID: /INVALID_SIGNATURE|InvalidSignature|UnrecoverableKey|INVALID_CHAIN_?ID/i,
  TIP_ABOVE_FEE_CAP: /PRIORITY_GREATER|TipGtFeeCap/i,
  INIT_CODE_TOO_LARGE: /INITCODE_SIZE|InitCodeLimit/i,
  INTRINSIC_GAS_TOO_LOW: /INTRINSIC|NoFundsOrGas/i,
  EXCEEDS_BLOCK_GAS_LIMIT: /GAS_ALLOWANCE|GasLimitReached|GASLIMIT_OVERFLOW/i,
  BLOCK_GAS_EXHAUSTED: /GAS_ALLOWANCE|GasLimitReached/i,
  FEE_CAP_BELOW_BASE_FEE: /INSUFFICIENT_MAX_FEE_PER_GAS|FeeCapLess/i,
  NONCE_TOO_LOW: /NONCE_MISMATCH_TOO_LOW|NonceTooLow/i,
  NONCE_TOO_HIGH: /NONCE_MISMATCH_TOO_HIGH|NonceTooHigh|NONCE_TOO_BIG/i,
  INSUFFICIENT_FUNDS: /INSUFFICIENT_ACCOUNT_FUNDS|NoFunds|PRODUCT_OVERFLOW|GASPRICE_OVERFLOW/i,
  SENDER_IS_CONTRACT: /SENDER_NOT_EOA|SenderNotEOA/i,
};

/** Is the refusal the one that the test expects? `expected` may name several, with | between. */
export const isExpected = (code: string, expected: string): boolean =>
  NAMES[code as TransactionError["code"]]?.test(expected) ?? false;
