import { StackError } from "../../../protocol/errors.ts";
import { bloomMayContain } from "../../kit/execution/bloom.ts";
import type { Hex } from "../../kit/hex.ts";
import { logMatches } from "./logMatches.ts";
import type { BlockIndex } from "./blockIndex.ts";
import type { BlockId, ChainQueryError, LogFilter, PlacedLog, PlacedReceipt } from "./nodeChain.ts";

export interface LogLimits {
  readonly maxLogBlocks: number;
  readonly maxLogs: number;
}

/** Block hash of the logs of soft blocks. */
const NOT_SEALED: Hex = `0x${"00".repeat(32)}`;

const fail = (type: ChainQueryError): never => {
  throw new StackError(type, "fatal");
};

/**
 * Logs of sealed blocks, and with `pending` as the end those of soft blocks after them. Blocks whose bloom filter excludes the
 * filter are not read. @throws StackError UNKNOWN_BLOCK, LOG_RANGE_INVALID, LOG_RANGE_TOO_WIDE, TOO_MANY_LOGS
 */
export function searchLogs(
  index: BlockIndex,
  filter: LogFilter,
  range: { from: BlockId; to: BlockId },
  { maxLogBlocks, maxLogs }: LogLimits,
): PlacedLog[] {
  const latest = index.require("latest") as bigint;
  const from = index.require(range.from);
  const to = endNumber(index, range.to, latest);
  const [first, last] = [from === "pending" ? latest + 1n : from, to === "pending" ? latest : to];
  if (first > last && to !== "pending") fail({ code: "LOG_RANGE_INVALID", from: first, to: last });
  const blocks = last - first + 1n;
  if (blocks > BigInt(maxLogBlocks))
    fail({ code: "LOG_RANGE_TOO_WIDE", blocks, maxBlocks: BigInt(maxLogBlocks) });
  const found: PlacedLog[] = [];
  const take = (receipts: readonly PlacedReceipt[]): void => {
    found.push(...logsOf(receipts).filter((log) => logMatches(log, filter)));
    if (found.length > maxLogs) fail({ code: "TOO_MANY_LOGS", maxLogs });
  };
  for (let number = first; number <= last; number++) {
    const header = index.header({ number });
    if (header && mayMatch(header.logsBloom, filter)) take(index.receipts({ number }) ?? []);
  }
  if (to === "pending") take(index.softReceipts());
  return found;
}

/** Every log of the receipts of whole blocks, in order. */
export const logsOf = (receipts: readonly PlacedReceipt[]): PlacedLog[] =>
  receipts.flatMap(({ receipt, firstLogIndex, blockNumber, blockHash = NOT_SEALED, timestamp }) =>
    receipt.logs.map((log, i) => ({
      ...log,
      blockNumber,
      blockHash,
      timestamp,
      transactionHash: receipt.transactionHash,
      transactionIndex: receipt.index,
      logIndex: firstLogIndex + i,
      removed: false,
    })),
  );

/** An end beyond the last block means the last block, as public clients expect. */
function endNumber(index: BlockIndex, id: BlockId, latest: bigint): bigint | "pending" {
  return typeof id === "object" && "number" in id && id.number > latest ? latest : index.require(id);
}

const mayMatch = (bloom: Uint8Array, { addresses = [], topics = [] }: LogFilter): boolean =>
  (addresses.length === 0 || addresses.some((address) => bloomMayContain(bloom, address))) &&
  topics.every((any) => !any || any.length === 0 || any.some((topic) => bloomMayContain(bloom, topic)));
