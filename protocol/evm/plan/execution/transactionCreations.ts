/** Transactions that create, natively as circuits/programs/evm/execution/transactionCreations.ts proves them. */
import { planNewAccount } from "../frames/createPlan.ts";
import type { FramePlanServices } from "../frames/framesPlan.ts";
import { CREATION_SUB } from "./subs.ts";
import type { CreationPlanner } from "./transactionStart.ts";

/** Bytes of init code that a row compares with the data. */
export const INIT_CODE_PIECE = 31;

export const transactionCreations = (services: FramePlanServices): CreationPlanner => ({
  open({ t, account, bytes, isDoomed }) {
    let initCode = 0;
    const standsAt = (position: number): void => {
      initCode = position;
      services.book.take("initCodeRows", Math.floor(bytes.length / INIT_CODE_PIECE));
    };
    const code = { bytes, standsAt };
    const opened = planNewAccount(services, { t, sub: CREATION_SUB, account, code, isDoomed });
    return { ...opened, initCode };
  },
  isDoomed: (frame) => services.numbers.isDoomed(frame),
  digest: (message) => services.digest(message),
});
