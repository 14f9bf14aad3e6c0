import type { Field } from "../../../protocol/field.ts";
import { messageCommitment } from "../../../protocol/evm/message.ts";
import type { ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import type { Receipt } from "./receipt.ts";

/** What the receipts' head takes of a receipt. Hashes the data of its logs. */
export const commitReceipt = (receipt: Receipt): ReceiptCommitment =>
  receiptCommitment(
    receipt,
    receipt.logs.map(({ data }) => messageCommitment(data)),
  );

/** The same, with the commitments to its logs' data known. */
export const receiptCommitment = (
  { status, gasUsed, logs }: Receipt,
  dataCommitments: readonly Field[],
): ReceiptCommitment => ({
  status,
  gasUsed,
  logs: logs.map(({ address, topics }, i) => ({
    address,
    topics: topics.map(BigInt),
    dataCommitment: dataCommitments[i]!,
  })),
});
