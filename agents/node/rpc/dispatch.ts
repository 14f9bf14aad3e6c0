import type { Logger } from "../../kit/logger.ts";
import type { RpcMethod } from "./method.ts";
import { toRpcError } from "./errorWords.ts";
import { methodNotFound, RPC_CODE, RpcError } from "./rpcError.ts";
import { isRecord } from "./values.ts";

/** How a request of this connection finds its method. */
export type FindMethod = (name: string) => ((params: readonly unknown[]) => unknown) | undefined;

export interface Dispatcher {
  /** Answers one body: a request, or a batch of them. `undefined`: only notifications, nothing to answer. */
  answer(body: string, find: FindMethod): Promise<string | undefined>;
}

export interface DispatcherOptions {
  readonly maxBatch: number;
  readonly logger: Logger;
  /** Told of every answered request: method (or "unknown"), seconds, whether it failed. */
  readonly onAnswered: (method: string, seconds: number, failed: boolean) => void;
}

/** JSON-RPC 2.0: parses, runs the requests of a batch in order, shapes answers and errors. */
export function createDispatcher({ maxBatch, logger, onAnswered }: DispatcherOptions): Dispatcher {
  async function answerOne(request: unknown, find: FindMethod): Promise<object | undefined> {
    if (!isRecord(request) || typeof request.method !== "string" || !isId(request.id))
      return failure(null, new RpcError(RPC_CODE.invalidRequest, "invalid request"));
    const { id, method, params = [] } = request;
    const started = performance.now();
    const run = find(method);
    const finish = (failed: boolean): void =>
      onAnswered(run ? method : "unknown", (performance.now() - started) / 1000, failed);
    try {
      if (!run) throw methodNotFound(method);
      if (!Array.isArray(params)) throw new RpcError(RPC_CODE.invalidParams, "non-array args");
      const result = await run(params);
      finish(false);
      return id === undefined ? undefined : { jsonrpc: "2.0", id, result: result ?? null };
    } catch (thrown) {
      const { error, internal } = toRpcError(thrown);
      if (internal) logger.error("rpc method failed", { method }, thrown);
      finish(true);
      return id === undefined ? undefined : failure(id, error);
    }
  }

  return {
    async answer(body, find) {
      const request = parse(body);
      if (request === undefined)
        return JSON.stringify(failure(null, new RpcError(RPC_CODE.parse, "parse error")));
      if (!Array.isArray(request)) return textOf(await answerOne(request, find));
      if (request.length === 0)
        return JSON.stringify(failure(null, new RpcError(RPC_CODE.invalidRequest, "empty batch")));
      if (request.length > maxBatch)
        return JSON.stringify(
          failure(
            null,
            new RpcError(RPC_CODE.limitExceeded, `batch too large: at most ${maxBatch} requests`),
          ),
        );
      const answers: object[] = [];
      for (const one of request) {
        const answer = await answerOne(one, find);
        if (answer) answers.push(answer);
      }
      return answers.length === 0 ? undefined : JSON.stringify(answers);
    },
  };
}

const isId = (id: unknown): boolean =>
  id === undefined || id === null || typeof id === "string" || typeof id === "number";

const textOf = (answer: object | undefined): string | undefined =>
  answer ? JSON.stringify(answer) : undefined;

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (_malformed) {
    return undefined;
  }
}

function failure(id: unknown, { rpcCode, text, data }: RpcError): object {
  return {
    jsonrpc: "2.0",
    id,
    error: { code: rpcCode, message: text, ...(data === undefined ? {} : { data }) },
  };
}

/** The methods of a table, bound to what they work on. */
export function bindMethods<M>(
  methods: Readonly<Record<string, (params: readonly unknown[], modules: M) => unknown>>,
  modules: M,
): FindMethod {
  return (name) => {
    const method = Object.hasOwn(methods, name) ? (methods[name] as RpcMethod | undefined) : undefined;
    return method
      ? (params) => (method as (p: readonly unknown[], m: M) => unknown)(params, modules)
      : undefined;
  };
}
