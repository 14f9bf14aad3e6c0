/**
 * SELFDESTRUCT's effects (EIP-6780, EIP-2929, EIP-161).
 *
 * Proves: where `condition` is 1: the heir is the account of the 160 low bits of the operand and warm afterwards; all wei of the
 *   frame's account move to it, unless they are the same account, which keeps them or, created in this transaction, loses
 *   them; an account created in this transaction is marked as destroyed. `cost` is 2,600 for a cold heir and 25,000 where
 *   wei go to a dead one.
 * Assumes: a frame that fails reverts all of it. Enforces: each balance over the integers.
 * Cost: 240 gates.
 */
import { isEqual, isZero, sum } from "../../../builder/arithmetic.ts";
import { and, not, or } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { addWords, subtractWords } from "../../../gadgets/word.ts";
import type { AccountCell } from "../../../../protocol/evm/stateCells.ts";
import { DESTROY_GAS, END_SUB } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import { lowAddress } from "./callStart.ts";
import type { FrameServices } from "./frameServices.ts";
import { changeBalance, wordIf } from "./transfer.ts";

export interface Destruction {
  readonly t: Wire;
  /** Ids: of the frame's account's address, and of the operand. */
  readonly address: Wire;
  readonly heir: Wire;
  readonly condition: Bool;
}

export function selfDestruct(b: Builder, services: FrameServices, act: Destruction): Wire {
  return b.scope("selfDestruct", () => {
    const { facts, state, accounts } = services;
    const { t, condition } = act;
    const at = (sub: keyof typeof END_SUB): Wire => timeOf(b, t, END_SUB[sub], `${sub}.time`);
    const own = accounts.find(addressOfWord(b, facts.word(act.address, "self"), "self.address"), "self.account", condition); // prettier-ignore
    const { address } = lowAddress(b, facts.word(act.heir, "heir"), "heir.address");
    const heir = accounts.find(address, "heir.account", condition);
    const cell = (account: Wire, kind: AccountCell): Wire => cellOfAccount(b, account, kind, `${kind}.cell`);
    const balance = facts.word(state.get(at("self"), cell(own, "balance"), "chain", "balance", condition), "balance.word"); // prettier-ignore
    const createdBefore = state.get(at("created"), cell(own, "created"), "transaction", "created", condition);
    const isCreated = not(b, isZero(b, createdBefore, "isOld"), "isCreated");
    const before = state.set(at("warm"), cell(heir, "warm"), "transaction", condition, "heir.warm", condition); // prettier-ignore
    const isUnknown = isZero(b, before, "heir.isUnknown");
    const isOrdinary = not(b, accounts.isPrecompile(heir, "heir.isPrecompile"), "heir.isOrdinary");
    const isCold = and(b, and(b, isUnknown, isOrdinary, "heir.canBeCold"), condition, "heir.isCold");
    const nonce = facts.word(state.get(at("nonce"), cell(heir, "nonce"), "chain", "heir.nonce", condition), "heir.nonce.word"); // prettier-ignore
    const object = state.get(at("code"), cell(heir, "code"), "chain", "heir.code", condition);
    const wealth = facts.word(state.get(at("heir"), cell(heir, "balance"), "chain", "heir.balance", condition), "heir.balance.word"); // prettier-ignore
    const isBare = and(b, isZeroWord(b, nonce, "heir.nonceIsZero"), isZero(b, object, "heir.hasNoCode"), "heir.isBare"); // prettier-ignore
    const isDead = and(b, isBare, isZeroWord(b, wealth, "heir.balanceIsZero"), "heir.isDead");
    const isRich = not(b, isZeroWord(b, balance, "balance.isZero"), "isRich");
    const isNew = and(b, and(b, isDead, isRich, "heir.isNew"), condition, "isNewAccount");
    const isSame = isEqual(b, own, heir, "heir.isSelf");
    const isOther = not(b, isSame, "heir.isOther");
    const leaves = and(b, or(b, isOther, isCreated, "mayLeave"), condition, "leaves");
    const lost = wordIf(b, leaves, balance, "lost");
    changeBalance(b, services, { time: at("move"), account: own, happens: condition }, (old) => subtractWords(b, old, [lost], "self.after"), "self.balance"); // prettier-ignore
    const gained = wordIf(b, and(b, isOther, condition, "moves"), balance, "gained");
    changeBalance(b, services, { time: at("receive"), account: heir, happens: condition }, (old) => addWords(b, old, gained, "heir.after"), "heir.received"); // prettier-ignore
    state.set(at("destroyed"), cell(own, "destroyed"), "transaction", isCreated, "destroyed", condition);
    return sum(b, [[DESTROY_GAS.cold, isCold], [DESTROY_GAS.newAccount, isNew]], 0n, "cost"); // prettier-ignore
  });
}
