import { StackError } from "../../../protocol/errors.ts";
import type { BlockEnvironment } from "./blockEnvironment.ts";
import type { TransactionRefusal } from "./refusedTransaction.ts";
import type { StateReader } from "./stateReader.ts";
import type { SignedTransaction } from "./transaction.ts";

const refuse = (type: TransactionRefusal): never => {
  throw new StackError(type, "fatal");
};

/** What does not depend on the state. @throws StackError INTRINSIC_GAS_TOO_LOW, EXCEEDS_BLOCK_GAS_LIMIT */
export function assertGasLimit(tx: SignedTransaction, blockGasLimit: bigint): void {
  const needed = tx.evm.getIntrinsicGas();
  if (tx.gasLimit < needed) refuse({ code: "INTRINSIC_GAS_TOO_LOW", gasLimit: tx.gasLimit, needed });
  if (tx.gasLimit > blockGasLimit)
    refuse({ code: "EXCEEDS_BLOCK_GAS_LIMIT", gasLimit: tx.gasLimit, blockGasLimit });
}

/** Wei the sender must have: EIP-1559 asks for the whole gas limit at the highest fee offered, and the value. */
export const highestCost = (tx: SignedTransaction): bigint => tx.gasLimit * tx.maxFeePerGas + tx.value;

/**
 * The rules by which a transaction is valid at this place of a block (yellow paper 6, EIP-1559, EIP-3607).
 * @throws StackError with the first rule broken, a `TransactionRefusal`
 */
export function assertExecutable(
  tx: SignedTransaction,
  state: StateReader,
  { gasLimit, baseFeePerGas }: BlockEnvironment,
  blockGasUsed: bigint,
): void {
  assertGasLimit(tx, gasLimit);
  if (blockGasUsed + tx.gasLimit > gasLimit)
    refuse({ code: "BLOCK_GAS_EXHAUSTED", gasLimit: tx.gasLimit, available: gasLimit - blockGasUsed });
  if (tx.maxFeePerGas < baseFeePerGas)
    refuse({ code: "FEE_CAP_BELOW_BASE_FEE", maxFeePerGas: tx.maxFeePerGas, baseFeePerGas });

  const address = tx.from;
  const sender = state.account(address);
  const [nonce, balance] = [sender?.nonce ?? 0n, sender?.balance ?? 0n];
  if (tx.nonce !== nonce)
    refuse({
      code: tx.nonce < nonce ? "NONCE_TOO_LOW" : "NONCE_TOO_HIGH",
      address,
      expected: nonce,
      actual: tx.nonce,
    });
  if (sender && sender.codeSize > 0) refuse({ code: "SENDER_IS_CONTRACT", address });
  const cost = highestCost(tx);
  if (balance < cost) refuse({ code: "INSUFFICIENT_FUNDS", address, balance, cost });
}
