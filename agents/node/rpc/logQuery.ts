import type { Hex } from "../../kit/hex.ts";
import type { BlockId, LogFilter } from "../chain/nodeChain.ts";
import { invalidParams } from "./rpcError.ts";
import { isRecord, parseAddress, parseBlockId, parseHash, parseStateId, show } from "./values.ts";

export interface LogQuery {
  readonly filter: LogFilter;
  readonly range: { readonly from: BlockId; readonly to: BlockId };
}

/** A range up to `latest` has the logs of soft receipts too (see `parseStateId`). @throws RpcError invalid params */
export function parseLogQuery(value: unknown): LogQuery {
  if (!isRecord(value))
    throw invalidParams(`invalid argument: the filter must be an object, got ${show(value)}`);
  const { blockHash, fromBlock, toBlock, address, topics } = value;
  if (blockHash !== undefined && (fromBlock !== undefined || toBlock !== undefined))
    throw invalidParams("cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
  const one: BlockId | undefined =
    blockHash === undefined ? undefined : { hash: parseHash(blockHash, "blockHash") };
  return {
    filter: { ...parseAddresses(address), ...parseTopics(topics) },
    range: { from: one ?? parseBlockId(fromBlock), to: one ?? parseStateId(toBlock) },
  };
}

function parseAddresses(value: unknown): { addresses?: readonly Hex[] } {
  if (value === undefined || value === null) return {};
  return { addresses: (Array.isArray(value) ? value : [value]).map((a) => parseAddress(a)) };
}

const MAX_TOPICS = 4;

function parseTopics(value: unknown): { topics?: readonly (readonly Hex[] | undefined)[] } {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value) || value.length > MAX_TOPICS) throw invalidParams("exceed max topics");
  return { topics: value.map(parseTopic) };
}

function parseTopic(value: unknown): readonly Hex[] | undefined {
  if (value === null || value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map((topic) => parseHash(topic, "topic"));
}
