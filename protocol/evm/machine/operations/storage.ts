import type { Slot } from "../account.ts";
import { Gas } from "../gas.ts";
import type { Execute } from "../operation.ts";

export const sload: Execute = (frame, { world, notes }) => {
  const slot = world.slot(world.account(frame.message.address), frame.stack.pop());
  notes.cold = world.warm(slot);
  if (frame.pay(notes.cold ? Gas.COLD_SLOT : Gas.WARM_ACCESS)) frame.stack.push(slot.value);
};

/** EIP-2200 with the sentry, EIP-2929 for the access, EIP-3529 for the refunds. */
export const sstore: Execute = (frame, { world, notes }) => {
  const key = frame.stack.pop();
  const value = frame.stack.pop();
  if (frame.message.isStatic) return frame.fail("STATIC_VIOLATION");
  if (frame.gas <= Gas.SSTORE_SENTRY) return frame.fail("OUT_OF_GAS");
  const slot = world.slot(world.account(frame.message.address), key);
  notes.cold = world.warm(slot);
  if (!frame.pay((notes.cold ? Gas.COLD_SLOT : 0n) + writeGas(slot, value))) return;
  const refund = refundOf(slot, value);
  notes.storage = { current: slot.value, original: slot.original, refund };
  world.refund += refund;
  if (value !== slot.value) world.write(slot, value);
};

function writeGas({ value: current, original }: Slot, value: bigint): bigint {
  if (value === current || current !== original) return Gas.WARM_ACCESS;
  return original === 0n ? Gas.SSTORE_SET : Gas.SSTORE_RESET;
}

function refundOf({ value: current, original }: Slot, value: bigint): bigint {
  if (value === current) return 0n;
  if (current === original) return original !== 0n && value === 0n ? Gas.SSTORE_CLEAR_REFUND : 0n;
  let refund = 0n;
  if (original !== 0n) {
    if (current === 0n) refund -= Gas.SSTORE_CLEAR_REFUND;
    if (value === 0n) refund += Gas.SSTORE_CLEAR_REFUND;
  }
  if (value === original) refund += (original === 0n ? Gas.SSTORE_SET : Gas.SSTORE_RESET) - Gas.WARM_ACCESS;
  return refund;
}

/**
 * EIP-1153. A slot is one entry of a proof whichever of its values is used, and the proof asks the state before for it: so
 * transient storage makes the slot known to the state's reader too.
 */
export const tload: Execute = (frame, { world }) => {
  const key = frame.stack.pop();
  const account = world.account(frame.message.address);
  world.slot(account, key);
  frame.stack.push(account.transient?.get(key) ?? 0n);
};

export const tstore: Execute = (frame, { world }) => {
  const key = frame.stack.pop();
  const value = frame.stack.pop();
  if (frame.message.isStatic) return frame.fail("STATIC_VIOLATION");
  const account = world.account(frame.message.address);
  world.slot(account, key);
  world.writeTransient(account, key, value);
};
