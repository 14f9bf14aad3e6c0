import { commitLog, type ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import type { Receipt } from "./receipt.ts";

/** What the receipts' head takes of a receipt. */
export const commitReceipt = ({ status, gasUsed, logs }: Receipt): ReceiptCommitment => ({
  status,
  gasUsed,
  logs: logs.map(({ address, topics, data }) => commitLog({ address, topics: topics.map(BigInt) }, data)),
});
