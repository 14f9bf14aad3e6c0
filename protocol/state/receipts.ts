/**
 * The receipts' head: one field element for every receipt of a chain since its genesis, in order. A state root commits to it,
 * so whoever believes the root can be shown any receipt and any log (I-STATE-05).
 *
 *   head' = hash(RECEIPT, [head, blockNumber, status + 2 * gasUsed, logsHead])   per transaction; 0 at the genesis
 *   logsHead' = hash(LOG, [logsHead, address, topicCount, topicLo, topicHi, ..., dataCommitment])   per log; 0 without logs
 *
 * `gasUsed` is the transaction's own; only the topics that exist are hashed; dataCommitment: evm/message.ts.
 */
import type { Address } from "../address.ts";
import { addressToField } from "../address.ts";
import { assertUint } from "../bytes.ts";
import { Domain } from "../domains.ts";
import { messageCommitment } from "../evm/message.ts";
import type { Field } from "../field.ts";
import { splitWord } from "../field.ts";
import { hash } from "../hash.ts";

/** The receipts' head of a chain before its first transaction. */
export const NO_RECEIPTS: Field = 0n;

/** What the chain of a transaction's logs takes of one. */
export type LogCommitment = {
  readonly address: Address;
  /** Words; 4 at most. */
  readonly topics: readonly bigint[];
  readonly dataCommitment: Field;
};

/** What the chain of receipts takes of one. */
export type ReceiptCommitment = {
  readonly status: 0 | 1;
  /** Of this transaction alone. */
  readonly gasUsed: bigint;
  readonly logs: readonly LogCommitment[];
};

export const commitLog = (log: Omit<LogCommitment, "dataCommitment">, data: Uint8Array): LogCommitment => ({
  address: log.address,
  topics: log.topics,
  dataCommitment: messageCommitment(data),
});

/** Throws `ADDRESS_INVALID`, `WORD_OUT_OF_RANGE`, `FIELD_OUT_OF_RANGE`. */
export function nextLogsHead(head: Field, { address, topics, dataCommitment }: LogCommitment): Field {
  const words = topics.flatMap((topic) => {
    const { hi, lo } = splitWord(topic);
    return [lo, hi];
  });
  return hash(Domain.LOG, [head, addressToField(address), BigInt(topics.length), ...words, dataCommitment]);
}

/** Of one transaction's logs, in order. Throws what `nextLogsHead` throws. */
export const logsHead = (logs: readonly LogCommitment[]): Field => logs.reduce(nextLogsHead, 0n);

/** The head after one more receipt, of a transaction in block `blockNumber`. Throws `INTEGER_OUT_OF_RANGE` and as above. */
export function nextReceiptsHead(head: Field, blockNumber: bigint, receipt: ReceiptCommitment): Field {
  const outcome = BigInt(receipt.status) + 2n * assertUint(receipt.gasUsed, 64);
  return hash(Domain.RECEIPT, [head, assertUint(blockNumber, 64), outcome, logsHead(receipt.logs)]);
}

/** The head after the receipts of block `blockNumber`, in order. */
export const receiptsHeadAfter = (
  head: Field,
  blockNumber: bigint,
  receipts: readonly ReceiptCommitment[],
): Field => receipts.reduce((before, receipt) => nextReceiptsHead(before, blockNumber, receipt), head);
