import type { Account } from "./account.ts";
import type { Environment } from "./environment.ts";
import { intrinsicGas } from "./intrinsicGas.ts";
import type { Transaction } from "./trace.ts";
import { addressText, refuse } from "./transactionError.ts";

/**
 * The rules by which a transaction is valid at this place of a block (yellow paper 6, EIP-1559, EIP-3607).
 * Throws the first rule broken, in this order: INTRINSIC_GAS_TOO_LOW, EXCEEDS_BLOCK_GAS_LIMIT, BLOCK_GAS_EXHAUSTED,
 * FEE_CAP_BELOW_BASE_FEE, NONCE_TOO_LOW, NONCE_TOO_HIGH, SENDER_IS_CONTRACT, INSUFFICIENT_FUNDS.
 */
export function assertExecutable(
  transaction: Transaction,
  sender: Account,
  { gasLimit: blockGasLimit, baseFeePerGas }: Environment,
  blockGasUsed: bigint,
): void {
  const { gasLimit, maxFeePerGas, nonce: actual } = transaction;
  const needed = intrinsicGas(transaction);
  if (gasLimit < needed) refuse({ code: "INTRINSIC_GAS_TOO_LOW", gasLimit, needed });
  if (gasLimit > blockGasLimit) refuse({ code: "EXCEEDS_BLOCK_GAS_LIMIT", gasLimit, blockGasLimit });
  const available = blockGasLimit - blockGasUsed;
  if (gasLimit > available) refuse({ code: "BLOCK_GAS_EXHAUSTED", gasLimit, available });
  if (maxFeePerGas < baseFeePerGas) refuse({ code: "FEE_CAP_BELOW_BASE_FEE", maxFeePerGas, baseFeePerGas });

  const { nonce: expected, balance } = sender;
  const address = addressText(transaction.sender);
  if (actual < expected) refuse({ code: "NONCE_TOO_LOW", address, expected, actual });
  if (actual > expected) refuse({ code: "NONCE_TOO_HIGH", address, expected, actual });
  if (sender.codeSize > 0n) refuse({ code: "SENDER_IS_CONTRACT", address });
  const cost = highestCost(transaction);
  if (balance < cost) refuse({ code: "INSUFFICIENT_FUNDS", address, balance, cost });
}

/** Wei the sender must have: EIP-1559 asks for the whole gas limit at the highest fee offered, and the value. */
export const highestCost = ({ gasLimit, maxFeePerGas, value }: Transaction): bigint =>
  gasLimit * maxFeePerGas + value;
