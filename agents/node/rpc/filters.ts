import { randomBytes } from "node:crypto";
import type { Clock } from "../../kit/clock.ts";
import type { Hex } from "../../kit/hex.ts";
import type { ChainEvent, NodeChain } from "../chain/nodeChain.ts";
import { formatLog } from "./format.ts";
import { logMatches } from "../chain/logMatches.ts";
import type { LogQuery } from "./logQuery.ts";
import { RPC_CODE, RpcError } from "./rpcError.ts";

/** A filter nobody polls for this long is dropped, as geth does. */
const UNPOLLED_MS = 5 * 60_000;
/** What a filter keeps between two polls; beyond it the oldest are dropped. */
const MAX_KEPT = 10_000;

interface Filter {
  readonly collect: (event: ChainEvent) => unknown[];
  readonly logQuery: LogQuery | undefined;
  kept: unknown[];
  polledAt: number;
}

/** Polled filters (`eth_newFilter` and its kin): what happened since the last `eth_getFilterChanges`. */
export class FilterRegistry {
  readonly #filters = new Map<Hex, Filter>();
  readonly #clock: Clock;
  readonly #maxFilters: number;
  readonly #unsubscribe: () => void;

  constructor(chain: NodeChain, clock: Clock, maxFilters: number) {
    this.#clock = clock;
    this.#maxFilters = maxFilters;
    this.#unsubscribe = chain.subscribe((event) => this.#collect(event));
  }

  close(): void {
    this.#unsubscribe();
    this.#filters.clear();
  }

  addBlocks(): Hex {
    return this.#add((event) => (event.kind === "newHead" ? [event.header.hash] : []));
  }

  addPendingTransactions(): Hex {
    return this.#add((event) => (event.kind === "pendingTransaction" ? [event.transaction.hash] : []));
  }

  addLogs(query: LogQuery): Hex {
    return this.#add((event) => matchingLogs(event, query), query);
  }

  /** @throws RpcError filter not found */
  changes(id: unknown): unknown[] {
    const filter = this.#find(id);
    const { kept } = filter;
    filter.kept = [];
    return kept;
  }

  /** @throws RpcError filter not found */
  logQuery(id: unknown): LogQuery {
    const { logQuery } = this.#find(id);
    if (logQuery) return logQuery;
    throw filterNotFound();
  }

  remove(id: unknown): boolean {
    return this.#filters.delete(id as Hex);
  }

  #add(collect: Filter["collect"], logQuery?: LogQuery): Hex {
    this.#dropUnpolled();
    if (this.#filters.size >= this.#maxFilters)
      throw new RpcError(RPC_CODE.limitExceeded, `too many filters: at most ${this.#maxFilters}`);
    const id: Hex = `0x${randomBytes(16).toString("hex")}`;
    this.#filters.set(id, { collect, logQuery, kept: [], polledAt: this.#clock.now() });
    return id;
  }

  #find(id: unknown): Filter {
    const filter = this.#filters.get(id as Hex);
    if (!filter) throw filterNotFound();
    filter.polledAt = this.#clock.now();
    return filter;
  }

  #collect(event: ChainEvent): void {
    for (const filter of this.#filters.values()) {
      const found = filter.collect(event);
      if (found.length > 0) filter.kept = [...filter.kept, ...found].slice(-MAX_KEPT);
    }
  }

  #dropUnpolled(): void {
    const oldest = this.#clock.now() - UNPOLLED_MS;
    for (const [id, filter] of this.#filters) if (filter.polledAt < oldest) this.#filters.delete(id);
  }
}

/** Logs of an event that a query asks for; those of a removed block come back with `removed: true`. */
export function matchingLogs(event: ChainEvent, { filter }: Pick<LogQuery, "filter">): unknown[] {
  if (event.kind !== "newHead" && event.kind !== "removedHead") return [];
  const removed = event.kind === "removedHead";
  return event.logs.filter((log) => logMatches(log, filter)).map((log) => formatLog({ ...log, removed }));
}

const filterNotFound = (): RpcError => new RpcError(RPC_CODE.server, "filter not found");
