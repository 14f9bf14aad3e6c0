/**
 * Accounts made in a transaction, at its END row: those that were destroyed in it are gone (EIP-6780).
 *
 * Proves: for every creation that opened an account: if the account is created (not reverted), it was `doomed` from its start iff it is
 *   destroyed; if it is destroyed, its balance, nonce and code are nothing from here on. Its storage never was outside the
 *   transaction (storageOps.ts, SO-4).
 * Assumes: `ends` are the END rows by place; the state bus forgets cells of a transaction's scope.
 * Sound because: `destroyed` is set by SELFDESTRUCT alone, where `created` is 1, and both are undone by reverts.
 * Cost: 83 gates.
 */
import { isZero, mul, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { builderError } from "../../../builder/errors.ts";
import { assertBits } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { SUB_BITS } from "../../../../protocol/evm/accessKey.ts";
import { SETTLE_SUB } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import type { AccountCell } from "../../../../protocol/evm/stateCells.ts";
import { cellOfAccount } from "../state/accounts.ts";
import { type StateBus, timeOf } from "../state/stateBus.ts";

export interface MadeAccount {
  readonly account: Wire;
  /** Number of the transaction, from 1. */
  readonly transaction: Wire;
  readonly opens: Bool;
}

/** Their accesses are in the time of one row. */
const MAX_MADE = Math.floor((2 ** SUB_BITS - SETTLE_SUB.first) / SETTLE_SUB.each);

export function settleCreations(
  b: Builder,
  state: StateBus,
  ends: readonly Wire[],
  made: readonly MadeAccount[],
): void {
  if (made.length === 0) return;
  if (made.length > MAX_MADE)
    throw builderError({ code: "BAD_ARITY", where: b.where("settle"), expected: MAX_MADE, got: made.length });
  const rows = rom(b, ends, "settle.ends");
  made.forEach((creation, k) => b.scope(`settle[${k}]`, () => settle(b, state, rows.read(b, place(b, creation), "t"), creation, k))); // prettier-ignore
}

const place = (b: Builder, { transaction, opens }: MadeAccount): Wire =>
  assertBits(b, mul(b, opens, sum(b, [[1n, transaction]], -1n, "place"), "place.own"), 14, "place.size"); // prettier-ignore

function settle(b: Builder, state: StateBus, t: Wire, { account, opens }: MadeAccount, k: number): void {
  const at = (sub: Exclude<keyof typeof SETTLE_SUB, "first" | "each">): Wire =>
    timeOf(b, t, SETTLE_SUB.first + SETTLE_SUB.each * k + SETTLE_SUB[sub], `${sub}.time`);
  const cell = (kind: AccountCell): Wire => cellOfAccount(b, account, kind, `${kind}.cell`);
  const flag = (kind: "created" | "doomed" | "destroyed"): Bool => {
    const held = state.get(at(kind), cell(kind), "transaction", kind, opens);
    return not(b, isZero(b, held, `${kind}.isNot`), `${kind}.is`);
  };
  const [isCreated, isDoomed, isDestroyed] = [flag("created"), flag("doomed"), flag("destroyed")];
  b.assertZero([[1n, isCreated, isDoomed], [-1n, isCreated, isDestroyed]], [], 0n, "doomed.asForetold"); // prettier-ignore
  const goes = and(b, opens, isDestroyed, "goes");
  for (const kind of ["balance", "nonce", "code"] as const)
    state.set(at(kind), cell(kind), "chain", b.zero, `${kind}.gone`, goes);
}
