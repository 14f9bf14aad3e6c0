/** Warm and cold access of accounts (EIP-2929), and the account whose code EXTCODECOPY copies. */
import { combine, mul } from "../../../builder/arithmetic.ts";
import { and, assertImplies, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { Gas } from "../../../../protocol/evm/machine/gas.ts";
import { ACCOUNT_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import type { ExternalCode } from "../memory/services.ts";
import { addressOfWord, cellOfAccount } from "../state/accounts.ts";
import { timeOf } from "../state/stateBus.ts";
import type { ExecutionServices } from "./services.ts";

export interface AccountAccess {
  readonly t: Wire;
  readonly account: Wire;
  readonly condition: Bool;
}

/**
 * Proves: the account is warm from row `t` on; result = 100 if it was or is a precompile, else 2,600; 0 where `condition` is 0.
 * Sound because: warm cells hold 0 or 1. Cost: 30 gates.
 */
export function accessGas(
  b: Builder,
  { state, accounts }: Pick<ExecutionServices, "state" | "accounts">,
  { t, account, condition }: AccountAccess,
  name: string,
): Wire {
  const time = timeOf(b, t, ACCOUNT_SUB.warm, `${name}.time`);
  const cell = cellOfAccount(b, account, "warm", `${name}.cell`);
  const before = assertBits(
    b,
    state.set(time, cell, "transaction", b.one, name, condition),
    1,
    `${name}.before`,
  );
  const isOrdinary = not(b, accounts.isPrecompile(account, `${name}.isPrecompile`), `${name}.isOrdinary`);
  const isCold = and(b, not(b, before, `${name}.wasCold`), isOrdinary, `${name}.isCold`);
  const { WARM_ACCESS, COLD_ACCOUNT } = Gas;
  const gas = combine(b, [[COLD_ACCOUNT - WARM_ACCESS, condition, isCold]], [[WARM_ACCESS, condition]], 0n, `${name}.gas`); // prettier-ignore
  return assertBits(b, gas, 20, `${name}.gas`);
}

/**
 * The account of EXTCODECOPY.
 *
 * Proves: gas of the access, position and size of the code of the account of the low 160 bits of `address`; all 0 where `condition`
 *   is 0.
 * Enforces: a code that is copied is loaded. Cost: 90 gates.
 */
export const externalCode = (b: Builder, services: ExecutionServices): ExternalCode => ({
  open({ t, address, condition }, name) {
    return b.scope(name, () => {
      const { state, accounts, objects } = services;
      const account = accounts.find(addressOfWord(b, address, "address"), "account", condition);
      const gas = accessGas(b, services, { t, account, condition }, "access");
      const time = timeOf(b, t, ACCOUNT_SUB.code, "code.time");
      const code = state.get(
        time,
        cellOfAccount(b, account, "code", "code.cell"),
        "chain",
        "code",
        condition,
      );
      assertImplies(b, condition, objects.isLoaded(code, "isLoaded"), "loaded");
      const own = (wire: Wire, bits: number, part: string): Wire =>
        assertBits(b, mul(b, condition, wire, `${part}.own`), bits, `${part}.own`);
      return {
        gas,
        codeBase: own(objects.base(code, "code.base"), 20, "codeBase"),
        codeSize: own(objects.size(code, "code.size"), 24, "codeSize"),
      };
    });
  },
});
