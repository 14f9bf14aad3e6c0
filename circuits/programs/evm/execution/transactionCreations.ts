/**
 * Transactions that create: their init code is their data, which lies in the first cells of memory.
 *
 * Proves: `open` opens the account as newAccount.ts says, with the init code that is the given bytes of memory.
 * Assumes: Messages, FreshCode; `settleCreations` compares `isDoomed` with the truth.
 * Cost: 110 gates and a message.
 */
import { isZero } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBool } from "../../../builder/ranges.ts";
import { CREATION_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import type { CreateServices } from "../frames/createStart.ts";
import { openAccount } from "../frames/newAccount.ts";
import type { Creations } from "./transactionStart.ts";

type Services = Pick<CreateServices, "facts" | "state" | "fresh" | "digest" | "messages">;

/** `isDoomed(t)`: the account that the BEGIN row `t` makes is destroyed in its transaction. */
export const transactionCreations = (
  b: Builder,
  services: Services,
  isDoomed: (t: bigint) => boolean,
): Creations => ({
  digest: (commitment, name, condition) => services.digest(commitment, name, condition),
  open({ t, account, start, length, condition }, name) {
    return b.scope(name, () => {
      const isSome = not(b, isZero(b, length, "initCode.isNothing"), "initCode.isThere");
      const reads = and(b, condition, isSome, "initCode.isRead");
      const question = { t, sub: Sub.READ, start, length };
      const commitment = services.messages.commitment(question, "initCode.message", reads);
      const doomed = witnessBool(b, "isDoomed", () => b.value(condition) === 1n && isDoomed(b.value(t)));
      const made = { t, sub: CREATION_SUB, account, commitment, length, isDoomed: doomed, condition };
      return openAccount(b, services, made);
    });
  },
});
