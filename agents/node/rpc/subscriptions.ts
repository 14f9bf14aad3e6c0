import { randomBytes } from "node:crypto";
import type { Hex } from "../../kit/hex.ts";
import type { ChainEvent, NodeChain } from "../chain/nodeChain.ts";
import { matchingLogs } from "./filters.ts";
import { formatHeader, formatTransaction } from "./format.ts";
import { parseLogQuery } from "./logQuery.ts";
import { invalidParams, RPC_CODE, RpcError } from "./rpcError.ts";

type Select = (event: ChainEvent) => unknown[];

/** `eth_subscribe` of one WebSocket connection: newHeads, logs, newPendingTransactions. */
export class Subscriptions {
  readonly #chain: NodeChain;
  readonly #send: (message: string) => void;
  readonly #max: number;
  readonly #selects = new Map<Hex, Select>();
  readonly #unsubscribe: () => void;

  constructor(chain: NodeChain, send: (message: string) => void, max: number) {
    this.#chain = chain;
    this.#send = send;
    this.#max = max;
    this.#unsubscribe = chain.subscribe((event) => this.#notify(event));
  }

  close(): void {
    this.#unsubscribe();
  }

  /** @throws RpcError for an unknown kind or too many subscriptions */
  add(params: readonly unknown[]): Hex {
    if (this.#selects.size >= this.#max)
      throw new RpcError(RPC_CODE.limitExceeded, `too many subscriptions: at most ${this.#max} a connection`);
    const select = this.#select(params);
    const id: Hex = `0x${randomBytes(16).toString("hex")}`;
    this.#selects.set(id, select);
    return id;
  }

  remove(id: unknown): boolean {
    return this.#selects.delete(id as Hex);
  }

  #select([kind, argument]: readonly unknown[]): Select {
    switch (kind) {
      case "newHeads":
        return (event) => (event.kind === "newHead" ? [formatHeader(event.header)] : []);
      case "logs": {
        const query = parseLogQuery(argument ?? {});
        return (event) => matchingLogs(event, query);
      }
      case "newPendingTransactions":
        return (event) =>
          event.kind === "pendingTransaction"
            ? [this.#pending(event.transaction.hash, argument === true)]
            : [];
      default:
        throw invalidParams(`no "${String(kind)}" subscription in eth namespace`);
    }
  }

  #pending(hash: Hex, full: boolean): unknown {
    const placed = full ? this.#chain.transaction(hash) : undefined;
    return placed ? formatTransaction(placed) : hash;
  }

  #notify(event: ChainEvent): void {
    for (const [subscription, select] of this.#selects)
      for (const result of select(event))
        this.#send(
          JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription, result } }),
        );
  }
}
