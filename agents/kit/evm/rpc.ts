import { StackError } from "../../../protocol/errors.ts";
import type { EvmError } from "./errors.ts";

/** JSON-RPC of an EVM chain. Throws EVM_RPC_UNAVAILABLE (retry) or EVM_RPC_ERROR. */
export interface EvmRpc {
  call<T>(method: string, params?: readonly unknown[]): Promise<T>;
}

interface RpcReply {
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** JSON-RPC over HTTP, one request per call. `timeoutMs` covers the whole exchange (default 30 s). */
export function createEvmRpc({ url, timeoutMs = 30_000 }: { url: string; timeoutMs?: number }): EvmRpc {
  let id = 0;
  return {
    async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
      const reply = await exchange({ jsonrpc: "2.0", id: ++id, method, params });
      if (!reply.error) return reply.result as T;
      const { code: rpcCode, message, data } = reply.error;
      throw new StackError<EvmError>({ code: "EVM_RPC_ERROR", method, rpcCode, message, data }, "retry");
    },
  };

  async function exchange(request: { method: string; [field: string]: unknown }): Promise<RpcReply> {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return (await response.json()) as RpcReply;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StackError<EvmError>(
        { code: "EVM_RPC_UNAVAILABLE", url, method: request.method, reason },
        "retry",
        { cause: error },
      );
    }
  }
}

/** Throws CHAIN_ID_MISMATCH when the node serves another chain than the configuration says. */
export async function assertChainId(rpc: EvmRpc, expected: bigint): Promise<void> {
  const actual = BigInt(await rpc.call<string>("eth_chainId"));
  if (actual !== expected)
    throw new StackError<EvmError>({ code: "CHAIN_ID_MISMATCH", expected, actual }, "fatal");
}
