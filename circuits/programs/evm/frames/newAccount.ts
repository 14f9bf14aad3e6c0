/**
 * A new account and the code that makes it, for CREATE, CREATE2 and transactions without a recipient.
 *
 * Proves: where `condition` is 1, the account has nonce 1 (EIP-161) and is created in this transaction, and its init code starts at
 *   `codeBase`; or it had a nonce or code (EIP-684) and `codeBase` is the system's INVALID, so
 *   that the frame halts exceptionally and all of it is undone.
 * Assumes: `position` is one of the init code's `length` bytes in the table of all code, or 0 (messages.ts, initCode.ts); any where length
 *   is 0. The caller's checkpoint comes before.
 * Enforces: init code that runs is all of a loaded object's, so it is analysed and zeros follow it. `doomed` is a bit that the END row compares with the truth (settleCreations.ts).
 * Cost: 110 gates.
 */
import { isZero, mul, mux } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, assertFits, constantBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { isZeroWord } from "../../../gadgets/alu/words.ts";
import { OPEN_SUB } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import type { AccountCell } from "../../../../protocol/evm/stateCells.ts";
import { SystemCode } from "../../../../protocol/evm/tags.ts";
import type { CodeObjects } from "../code/codeObjects.ts";
import type { Facts } from "../facts/facts.ts";
import { cellOfAccount } from "../state/accounts.ts";
import { type StateBus, timeOf } from "../state/stateBus.ts";

export interface NewAccount {
  readonly t: Wire;
  /** First of its accesses. */
  readonly sub: number;
  readonly account: Wire;
  readonly position: Wire;
  readonly length: Wire;
  /** Planned; the END row compares it with the truth. */
  readonly isDoomed: Bool;
  readonly condition: Bool;
}

export interface NewAccountServices {
  readonly facts: Facts;
  readonly state: StateBus;
  readonly codes: Pick<CodeObjects, "assertLoadedAt">;
}

export function openAccount(
  b: Builder,
  { facts, state, codes }: NewAccountServices,
  made: NewAccount,
): { codeBase: Wire; codeSize: Wire } {
  const { t, sub, account, length, condition } = made;
  assertFits(b, length, 24, "initCode.length");
  const at = (name: keyof typeof OPEN_SUB): Wire => timeOf(b, t, sub + OPEN_SUB[name], `new.${name}.time`);
  const cell = (kind: AccountCell): Wire => cellOfAccount(b, account, kind, `new.${kind}.cell`);
  const before = state.set(at("nonce"), cell("nonce"), "chain", b.one, "new.nonce", condition);
  const object = state.get(at("code"), cell("code"), "chain", "new.code", condition);
  const isFree = and(b, isZeroWord(b, facts.word(before, "new.nonce.word"), "new.hadNoNonce"), isZero(b, object, "new.hadNoCode"), "new.isFree"); // prettier-ignore
  state.set(at("created"), cell("created"), "transaction", b.one, "new.created", condition);
  state.set(at("doomed"), cell("doomed"), "transaction", made.isDoomed, "new.doomed", condition);
  const isSome = not(b, isZero(b, length, "initCode.isEmpty"), "initCode.isSome");
  const runs = and(b, isFree, condition, "new.runs");
  const hasCode = and(b, runs, isSome, "initCode.runs");
  codes.assertLoadedAt(made.position, length, "initCode", hasCode);
  const system = mux(b, isFree, constantBits(b, 20, BigInt(SystemCode.STOP)), constantBits(b, 20, BigInt(SystemCode.INVALID)), "initCode.system"); // prettier-ignore
  const base = mux(b, hasCode, made.position, system, "initCode.base");
  return {
    codeBase: assertBits(b, base, 20, "initCode.base.size"),
    codeSize: assertBits(b, mul(b, runs, length, "initCode.size"), 24, "initCode.size.bits"),
  };
}
