/** Opcodes that end their frame. */
import { Gas } from "../gas.ts";
import type { Execute } from "../operation.ts";
import { toAddress } from "../word.ts";

export const stop: Execute = (frame) => {
  frame.end = "STOP";
};

const endWithOutput =
  (reason: "RETURN" | "REVERT"): Execute =>
  (frame) => {
    const offset = frame.stack.pop();
    const range = frame.openRange(offset, frame.stack.pop());
    if (range === undefined) return;
    frame.output = frame.memory.read(range);
    frame.outputOffset = range.offset;
    frame.end = reason;
  };

export const returns = endWithOutput("RETURN");
/** EIP-140. */
export const reverts = endWithOutput("REVERT");

/** EIP-6780: the balance goes to the heir; the account itself only if it was created in this transaction. */
export const selfdestruct: Execute = (frame, { world, notes }) => {
  const heir = world.account(toAddress(frame.stack.pop()));
  if (frame.message.isStatic) return frame.fail("STATIC_VIOLATION");
  const account = world.account(frame.message.address);
  const { balance } = account;
  notes.cold = world.warm(heir);
  notes.newAccount = balance !== 0n && heir.isDead;
  const gas = (notes.cold ? Gas.COLD_ACCOUNT : 0n) + (notes.newAccount ? Gas.NEW_ACCOUNT : 0n);
  if (!frame.pay(gas)) return;
  notes.destruction = { balance, isDeleted: account.isCreated };
  if (heir !== account) world.transfer(account, heir, balance);
  else if (account.isCreated) world.setBalance(account, 0n);
  if (account.isCreated) world.setDeleted(account);
  frame.end = "SELFDESTRUCT";
};
