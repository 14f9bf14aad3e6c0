/** Opcodes that look at an account by its address. All pay for access by EIP-2929. */
import type { Account } from "../account.ts";
import type { Frame } from "../frame.ts";
import { Gas } from "../gas.ts";
import { Memory } from "../memory.ts";
import { paidRange } from "../frame.ts";
import type { Machine } from "../machine.ts";
import type { Execute } from "../operation.ts";
import { toAddress } from "../word.ts";
import { wordCount } from "./hashing.ts";

/** Gas of accessing the account, which is warm from now on. */
export function accessAccount({ world, notes }: Machine, account: Account): bigint {
  notes.cold = world.warm(account);
  return notes.cold ? Gas.COLD_ACCOUNT : Gas.WARM_ACCESS;
}

const ask =
  (f: (account: Account) => bigint): Execute =>
  (frame: Frame, machine: Machine) => {
    const account = machine.world.account(toAddress(frame.stack.pop()));
    if (frame.pay(accessAccount(machine, account))) frame.stack.push(f(account));
  };

export const balance = ask((account) => account.balance);
export const extcodesize = ask((account) => account.codeSize);
/** EIP-1052: of a dead account 0, of a live one without code the hash of nothing. */
export const extcodehash = ask((account) => (account.isDead ? 0n : account.codeHash));

/**
 * The code is read before it is paid for: a proof of a copy that only the access of a cold account makes too dear is one of the copy,
 * and asks the state before for what is copied.
 */
export const extcodecopy: Execute = (frame, machine) => {
  const { stack, memory } = frame;
  const account = machine.world.account(toAddress(stack.pop()));
  const { bytes } = machine.world.codeOf(account);
  const offset = stack.pop();
  const from = stack.pop();
  const length = stack.pop();
  const gas = accessAccount(machine, account) + Gas.COPY_WORD * wordCount(length);
  if (!frame.payMemory(Memory.wordsTo(offset, length), gas)) return;
  memory.writePadded(paidRange(offset, length), bytes, from);
};
