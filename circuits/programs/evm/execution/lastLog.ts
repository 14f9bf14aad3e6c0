/** The cell that holds the number of the transaction's last log, for the chip of logs. */
import type { Builder } from "../../../builder/builder.ts";
import { LOG_SUB } from "../../../../protocol/evm/plan/execution/subs.ts";
import { globalCell } from "../../../../protocol/evm/stateCells.ts";
import type { LastLog } from "../memory/services.ts";
import { type StateBus, timeOf } from "../state/stateBus.ts";

export const lastLog = (b: Builder, state: StateBus): LastLog => ({
  set(t, number, name, condition) {
    const cell = b.constant(BigInt(globalCell("logs")));
    return state.set(timeOf(b, t, LOG_SUB, `${name}.time`), cell, "transaction", number, name, condition);
  },
});
