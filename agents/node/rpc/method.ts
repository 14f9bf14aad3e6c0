import type { NodeChain } from "../chain/nodeChain.ts";
import type { AcceptanceTimes } from "./acceptanceTimes.ts";
import type { FilterRegistry } from "./filters.ts";

export interface RpcLimits {
  /** Requests in one batch: ethers sends up to 100 by default; explorers more. */
  readonly maxBatch: number;
  readonly maxBodyBytes: number;
  /** WebSocket subscriptions of one connection. */
  readonly maxSubscriptions: number;
  /** Polled filters of the whole server; an unpolled one is dropped after five minutes, as geth does. */
  readonly maxFilters: number;
}

export const DEFAULT_RPC_LIMITS: RpcLimits = {
  maxBatch: 1_000,
  maxBodyBytes: 5 << 20,
  maxSubscriptions: 100,
  maxFilters: 1_000,
};

export interface RpcModules {
  readonly chain: NodeChain;
  readonly filters: FilterRegistry;
  readonly accepted: AcceptanceTimes;
}

/** One method: positional parameters in, a JSON value out. Throws `RpcError` or the chain's typed refusals. */
export type RpcMethod = (params: readonly unknown[], modules: RpcModules) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;
