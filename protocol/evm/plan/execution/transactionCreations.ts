/** Transactions that create, natively as circuits/programs/evm/execution/transactionCreations.ts proves them. */
import { planNewAccount } from "../frames/createPlan.ts";
import type { FramePlanServices } from "../frames/framesPlan.ts";
import { Sub } from "../memory/memoryBusPlan.ts";
import { CREATION_SUB } from "./subs.ts";
import type { CreationPlanner } from "./transactionStart.ts";

export const transactionCreations = (services: FramePlanServices): CreationPlanner => ({
  open({ t, account, start, length, isDoomed }) {
    const read = { t, sub: Sub.READ, start, length };
    const bytes = length === 0 ? new Uint8Array() : services.memory.messages.read(read).bytes;
    return planNewAccount(services, { t, sub: CREATION_SUB, account, bytes, isDoomed });
  },
  isDoomed: (frame) => services.numbers.isDoomed(frame),
  digest: (message) => services.digest(message),
});
