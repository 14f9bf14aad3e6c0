import { StackError } from "../../../protocol/errors.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import { bloomMayContain } from "../../kit/execution/bloom.ts";
import type { BlockIndex } from "./blockIndex.ts";
import type { BlockId, ChainQueryError, LogFilter, PlacedLog, PlacedReceipt } from "./nodeChain.ts";

export interface LogLimits {
  readonly maxLogBlocks: number;
  readonly maxLogs: number;
}

const fail = (type: ChainQueryError): never => {
  throw new StackError(type, "fatal");
};

/**
 * Logs of sealed blocks; blocks whose bloom filter excludes the filter are not read. `pending` as an end means the last sealed.
 * @throws StackError UNKNOWN_BLOCK, LOG_RANGE_INVALID, LOG_RANGE_TOO_WIDE, TOO_MANY_LOGS
 */
export function searchLogs(
  index: BlockIndex,
  filter: LogFilter,
  range: { from: BlockId; to: BlockId },
  { maxLogBlocks, maxLogs }: LogLimits,
): PlacedLog[] {
  const [from, to] = [sealedNumber(index, range.from), endNumber(index, range.to)];
  if (from > to) fail({ code: "LOG_RANGE_INVALID", from, to });
  const blocks = to - from + 1n;
  if (blocks > BigInt(maxLogBlocks))
    fail({ code: "LOG_RANGE_TOO_WIDE", blocks, maxBlocks: BigInt(maxLogBlocks) });
  const found: PlacedLog[] = [];
  for (let number = from; number <= to; number++) {
    const header = index.header({ number });
    if (!header || !mayMatch(header.logsBloom, filter)) continue;
    found.push(...logsOf(header, index.receipts({ number }) ?? []).filter((log) => matches(log, filter)));
    if (found.length > maxLogs) fail({ code: "TOO_MANY_LOGS", maxLogs });
  }
  return found;
}

/** Every log of a sealed block, in order. */
export const logsOf = (
  { number, hash, timestamp }: BlockHeader,
  receipts: readonly PlacedReceipt[],
): PlacedLog[] =>
  receipts.flatMap(({ receipt, firstLogIndex }) =>
    receipt.logs.map((log, i) => ({
      ...log,
      blockNumber: number,
      blockHash: hash,
      timestamp,
      transactionHash: receipt.transactionHash,
      transactionIndex: receipt.index,
      logIndex: firstLogIndex + i,
      removed: false,
    })),
  );

function sealedNumber(index: BlockIndex, id: BlockId): bigint {
  const number = index.require(id);
  return number === "pending" ? (index.require("latest") as bigint) : number;
}

/** An end beyond the last block means the last block, as public clients expect. */
function endNumber(index: BlockIndex, id: BlockId): bigint {
  const latest = sealedNumber(index, "latest");
  if (typeof id === "object" && "number" in id && id.number > latest) return latest;
  return sealedNumber(index, id);
}

const mayMatch = (bloom: Uint8Array, { addresses = [], topics = [] }: LogFilter): boolean =>
  (addresses.length === 0 || addresses.some((address) => bloomMayContain(bloom, address))) &&
  topics.every((any) => !any || any.length === 0 || any.some((topic) => bloomMayContain(bloom, topic)));

function matches(log: PlacedLog, { addresses = [], topics = [] }: LogFilter): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address)) return false;
  if (topics.length > log.topics.length) return false;
  return topics.every((any, i) => !any || any.length === 0 || any.includes(log.topics[i]!));
}
