/**
 * One more receipt of the chain (`protocol/state/receipts.ts`).
 *
 * Proves: result = hash(RECEIPT, [head, blockNumber, outcome, logsHead]).
 * Assumes: `blockNumber` and `outcome` are the integers they stand for; outcome = status + 2 * gasUsed with status 0 or 1,
 *   gasUsed of this transaction alone; `logsHead` is the head over its logs.
 * Enforces: the hash alone.
 * Sound because: status is the lowest bit of `outcome`, so one element has one reading.
 * Cost: 147 gates.
 */
import type { Builder } from "../builder/builder.ts";
import type { Wire } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import { hashFields } from "./sponge.ts";

export interface ReceiptWires {
  readonly blockNumber: Wire;
  readonly outcome: Wire;
  readonly logsHead: Wire;
}

export const nextReceiptsHeadOf = (b: Builder, head: Wire, receipt: ReceiptWires, name: string): Wire =>
  hashFields(b, Domain.RECEIPT, [head, receipt.blockNumber, receipt.outcome, receipt.logsHead], name);
