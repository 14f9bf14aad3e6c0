import { readFile } from "node:fs/promises";
import { StackError, type Severity } from "../../../protocol/errors.ts";

export type BitcoinRpcErrorType =
  | { code: "BITCOIN_RPC_UNREACHABLE"; method: string; url: string }
  | { code: "BITCOIN_RPC_TIMEOUT"; method: string; timeoutMs: number }
  | { code: "BITCOIN_RPC_UNAUTHORIZED"; url: string }
  | { code: "BITCOIN_RPC_BAD_ANSWER"; method: string; status: number }
  | { code: "BITCOIN_RPC_ERROR"; method: string; rpcCode: number; reason: string };
export class BitcoinRpcError extends StackError<BitcoinRpcErrorType> {}

/** How to log in: the cookie bitcoind writes at each start, or a configured user. */
export type BitcoinAuth = { cookieFile: string } | { user: string; password: string };

export interface BitcoinRpcOptions {
  /** `http://127.0.0.1:8332`, or `.../wallet/<name>` for the calls of one wallet. */
  url: string;
  auth: BitcoinAuth;
  /** Of one call. Default 30 s: `generateblock` and `getblock` answer within it on a loaded machine. */
  timeoutMs?: number;
}

/** JSON-RPC of one bitcoind. Throws only `BitcoinRpcError`; its severity tells whether repeating can help. */
export interface BitcoinRpc {
  call<T>(method: string, ...params: unknown[]): Promise<T>;
}

/** Error codes of bitcoind's RPC that the stack tells apart (src/rpc/protocol.h). */
export const rpcCode = {
  inWarmup: -28,
  notFound: -5,
  missingInputs: -25,
  rejected: -26,
  alreadyInChain: -27,
  notConnected: -9,
  initialDownload: -10,
  walletNotFound: -18,
} as const;

/** Is `error` bitcoind's refusal with one of these codes? */
export function isRpcError(error: unknown, ...codes: number[]): error is BitcoinRpcError {
  return (
    error instanceof BitcoinRpcError &&
    error.type.code === "BITCOIN_RPC_ERROR" &&
    codes.includes(error.type.rpcCode)
  );
}

export function createBitcoinRpc(options: BitcoinRpcOptions): BitcoinRpc {
  const { url, auth, timeoutMs = 30_000 } = options;
  let authorization: string | undefined;
  let nextId = 0;

  async function post(method: string, params: unknown[]): Promise<Response> {
    authorization ??= await login(auth, url);
    try {
      return await fetch(url, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "1.0", id: nextId++, method, params }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw transportError(cause, method, options);
    }
  }

  return {
    async call<T>(method: string, ...params: unknown[]): Promise<T> {
      let response = await post(method, params);
      if (response.status === 401) {
        authorization = undefined; // bitcoind writes a new cookie at each start
        response = await post(method, params);
      }
      if (response.status === 401)
        throw new BitcoinRpcError({ code: "BITCOIN_RPC_UNAUTHORIZED", url }, "fatal");
      return parseAnswer<T>(response, method, options);
    },
  };
}

async function login(auth: BitcoinAuth, url: string): Promise<string> {
  const pair =
    "cookieFile" in auth ? await readCookie(auth.cookieFile, url) : `${auth.user}:${auth.password}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

async function readCookie(file: string, url: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    // No cookie yet: bitcoind is not up. It comes with the next start.
    throw new BitcoinRpcError({ code: "BITCOIN_RPC_UNREACHABLE", method: "login", url }, "retry", { cause });
  }
}

async function parseAnswer<T>(response: Response, method: string, options: BitcoinRpcOptions): Promise<T> {
  let answer: { result: T; error: { code: number; message: string } | null };
  try {
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    if (cause instanceof DOMException) throw transportError(cause, method, options);
    // bitcoind answers 503 with plain text when its work queue is full
    throw new BitcoinRpcError({ code: "BITCOIN_RPC_BAD_ANSWER", method, status: response.status }, "retry", {
      cause,
    });
  }
  if (!answer.error) return answer.result;
  const { code, message } = answer.error;
  throw new BitcoinRpcError(
    { code: "BITCOIN_RPC_ERROR", method, rpcCode: code, reason: message },
    severityOf(code),
  );
}

function transportError(
  cause: unknown,
  method: string,
  { url, timeoutMs = 30_000 }: BitcoinRpcOptions,
): BitcoinRpcError {
  const timedOut = cause instanceof DOMException && cause.name === "TimeoutError";
  return timedOut
    ? new BitcoinRpcError({ code: "BITCOIN_RPC_TIMEOUT", method, timeoutMs }, "retry", { cause })
    : new BitcoinRpcError({ code: "BITCOIN_RPC_UNREACHABLE", method, url }, "retry", { cause });
}

/** A node that starts or syncs will answer later; what it does not know (any more) means our view is old. */
function severityOf(code: number): Severity {
  if (code === rpcCode.inWarmup || code === rpcCode.notConnected || code === rpcCode.initialDownload)
    return "retry";
  const stale: number[] = [rpcCode.notFound, rpcCode.missingInputs, rpcCode.rejected, rpcCode.alreadyInChain];
  return stale.includes(code) ? "reset" : "fatal";
}
