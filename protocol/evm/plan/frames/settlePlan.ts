/** Accounts made in a transaction, at its END row (circuits/programs/evm/frames/settleCreations.ts). */
import type { StatePlan } from "../state/statePlan.ts";
import { SETTLE_SUB } from "./frameEntry.ts";

/** An account that a frame has opened; `order`: place among the frames that may make one. */
export interface MadePlan {
  readonly order: number;
  readonly account: number;
}

export function planSettlement(state: StatePlan, t: number, made: readonly MadePlan[]): void {
  const ordered = [...made].sort((x, y) => x.order - y.order);
  for (const { order, account } of ordered) {
    const at = (sub: Exclude<keyof typeof SETTLE_SUB, "first" | "each">): { t: number; sub: number } => ({
      t,
      sub: SETTLE_SUB.first + SETTLE_SUB.each * order + SETTLE_SUB[sub],
    });
    state.getAccount(at("created"), account, "created");
    state.getAccount(at("doomed"), account, "doomed");
    if (state.getAccount(at("destroyed"), account, "destroyed") === 0) continue;
    for (const cell of ["balance", "nonce", "code"] as const) state.setAccount(at(cell), account, cell, 0);
  }
}
