/** The receipts of a chunk's transfers. Each says the same: success, the gas of a transfer, no logs. */
import { mux } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import type { Wire } from "../../builder/wire.ts";
import { nextReceiptsHeadOf } from "../../gadgets/receipts.ts";
import { TRANSFER_GAS } from "../../../protocol/programs/transfers.ts";
import type { Transfer } from "./transfer.ts";

/** protocol/state/receipts.ts: status + 2 * gasUsed. */
const OUTCOME = 1n + 2n * TRANSFER_GAS;

/** Returns the head after those of the active places. */
export function chainReceipts(
  b: Builder,
  head: Wire,
  transfers: readonly Pick<Transfer, "active" | "blockNumber">[],
): Wire {
  const outcome = b.constant(OUTCOME);
  return transfers.reduce(
    (before, { active, blockNumber }, i) =>
      b.scope(`transfer[${i}].receipt`, () => {
        const next = nextReceiptsHeadOf(b, before, { blockNumber, outcome, logsHead: b.zero }, "next");
        return mux(b, active, next, before, "head");
      }),
    head,
  );
}
