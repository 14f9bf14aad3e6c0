/**
 * Transactions that create: their init code is their data.
 *
 * Proves: `open` opens the account as newAccount.ts says, with the init code that is the place's data.
 * Assumes: CodeObjects; `positions` are those of initCode.ts; `settleCreations` compares `isDoomed` with the truth.
 * Cost: 110 gates.
 */
import type { Builder } from "../../../builder/builder.ts";
import { witnessBool } from "../../../builder/ranges.ts";
import type { Wire } from "../../../builder/wire.ts";
import { CREATION_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import type { CreateServices } from "../frames/createStart.ts";
import { openAccount } from "../frames/newAccount.ts";
import type { Creations } from "./transactionStart.ts";

type Services = Pick<CreateServices, "facts" | "state" | "codes" | "digest">;

/** `isDoomed(t)`: the account that the BEGIN row `t` makes is destroyed in its transaction. */
export const transactionCreations = (
  b: Builder,
  services: Services,
  positions: readonly Wire[],
  isDoomed: (t: bigint) => boolean,
): Creations => ({
  digest: (commitment, name, condition) => services.digest(commitment, name, condition),
  open({ t, account, place, length, condition }, name) {
    return b.scope(name, () => {
      const position = positions[place]!;
      const doomed = witnessBool(b, "isDoomed", () => b.value(condition) === 1n && isDoomed(b.value(t)));
      const made = { t, sub: CREATION_SUB, account, position, length, isDoomed: doomed, condition };
      return openAccount(b, services, made);
    });
  },
});
