import { MAX_REFUND_QUOTIENT } from "./gas.ts";
import { run } from "./interpreter.ts";
import { intrinsicGas } from "./intrinsicGas.ts";
import type { Machine } from "./machine.ts";
import { openFrame } from "./openFrame.ts";
import { recipientOf, rootMessage } from "./rootMessage.ts";
import type { Transaction, TransactionTrace } from "./trace.ts";
import { warmUp } from "./warmUp.ts";

type Place = { readonly index: number; readonly gasUsedBefore: bigint };

/** Executes a transaction (yellow paper 6). Assumes it is executable and `world.begin` was called. */
export function executeTransaction(
  block: Machine,
  transaction: Transaction,
  { index, gasUsedBefore }: Place,
): TransactionTrace {
  const { world, environment, recorder } = block;
  const start = recorder?.mark ?? NO_RECORD;
  const { sender: from, to, nonce, gasLimit } = transaction;
  const effectiveGasPrice = gasPriceOf(transaction, environment.baseFeePerGas);
  const tip = effectiveGasPrice - environment.baseFeePerGas;
  const charged = intrinsicGas(transaction);

  const sender = world.account(from);
  world.setBalance(sender, sender.balance - gasLimit * effectiveGasPrice);
  world.setNonce(sender, nonce + 1n);

  const machine: Machine = { ...block, origin: from, gasPrice: effectiveGasPrice };
  const request = { ...transaction, gas: gasLimit - charged };
  const recipient = recipientOf(machine, request, nonce);
  const warm = warmUp(machine, from, recipient, transaction.accessList);
  const frame = openFrame(machine, rootMessage(machine, request, recipient));
  const success = run(machine, frame);

  const refundCounter = world.refund;
  const { gasUsed, refund } = settle(gasLimit - frame.gas, refundCounter);
  pay(machine, transaction, effectiveGasPrice, tip, gasUsed);
  const logs = world.logs.slice();
  const end = recorder?.mark ?? NO_RECORD;
  return {
    index,
    transaction,
    intrinsicGas: charged,
    effectiveGasPrice,
    tip,
    ...warm,
    createdAddress: to === undefined ? recipient : undefined,
    status: success ? 1 : 0,
    gasUsed,
    cumulativeGasUsed: gasUsedBefore + gasUsed,
    refundCounter,
    refund,
    logs,
    effects: world.finish(),
    output: frame.output,
    firstFrame: start.frames,
    endFrame: end.frames,
    firstStep: start.steps,
    endStep: end.steps,
  };
}

const NO_RECORD = { steps: 0, frames: 0 };

/** Wei per gas paid: the base fee, which is burned, and as much of the offered priority fee as the cap leaves (EIP-1559). */
function gasPriceOf({ maxFeePerGas, maxPriorityFeePerGas }: Transaction, baseFeePerGas: bigint): bigint {
  const wanted = baseFeePerGas + maxPriorityFeePerGas;
  return wanted < maxFeePerGas ? wanted : maxFeePerGas;
}

/** EIP-3529. */
export function settle(gas: bigint, refundCounter: bigint): { gasUsed: bigint; refund: bigint } {
  const most = gas / MAX_REFUND_QUOTIENT;
  const refund = refundCounter < most ? refundCounter : most;
  return { gasUsed: gas - refund, refund };
}

/** Unused gas goes back to the sender, the tip to the fee recipient, who may be the same. */
function pay(
  { world, environment }: Machine,
  { sender: from, gasLimit }: Transaction,
  gasPrice: bigint,
  tip: bigint,
  gasUsed: bigint,
): void {
  const sender = world.account(from);
  world.setBalance(sender, sender.balance + (gasLimit - gasUsed) * gasPrice);
  const feeRecipient = world.account(environment.feeRecipient);
  world.setBalance(feeRecipient, feeRecipient.balance + gasUsed * tip);
}
