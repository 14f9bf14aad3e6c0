import { readFileSync } from "node:fs";
import { StackError } from "../../protocol/errors.ts";

export type SourceError =
  | { code: "SOURCE_UNREACHABLE"; url: string; reason: string }
  | { code: "SOURCE_ANSWERED_ERROR"; url: string; method?: string; status: number; message: string };

const TIMEOUT_MS = 5_000;

/** `GET url` as JSON. @throws StackError SOURCE_UNREACHABLE, SOURCE_ANSWERED_ERROR */
export async function getJson<T>(url: string): Promise<T> {
  const response = await request(url, {});
  if (response.ok) return (await response.json()) as T;
  throw answeredError(url, response.status, await response.text());
}

/** One JSON-RPC call. @throws StackError SOURCE_UNREACHABLE, SOURCE_ANSWERED_ERROR */
export async function callRpc<T>(
  url: string,
  method: string,
  params: readonly unknown[],
  authorization?: string,
): Promise<T> {
  const headers = { "content-type": "application/json", ...(authorization ? { authorization } : {}) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await request(url, { method: "POST", headers, body });
  const answer = (await response.json()) as { result?: T; error?: { message: string } | null };
  if (answer.error) throw answeredError(url, response.status, answer.error.message, method);
  return answer.result as T;
}

/**
 * Bitcoin's cookie authentication: the file is rewritten at each start of bitcoind, so it is read each time.
 * @throws StackError SOURCE_UNREACHABLE when bitcoind does not run
 */
export function cookieAuthorization(url: string, cookieFile: string): string {
  try {
    return `Basic ${Buffer.from(readFileSync(cookieFile, "utf8").trim()).toString("base64")}`;
  } catch (cause) {
    const reason = `no cookie file ${cookieFile}: is the network running?`;
    throw new StackError<SourceError>({ code: "SOURCE_UNREACHABLE", url, reason }, "retry", { cause });
  }
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    const reason = cause instanceof Error ? String(cause.cause ?? cause.message) : String(cause);
    throw new StackError<SourceError>({ code: "SOURCE_UNREACHABLE", url, reason }, "retry", { cause });
  }
}

function answeredError(url: string, status: number, message: string, method?: string): StackError {
  return new StackError<SourceError>(
    { code: "SOURCE_ANSWERED_ERROR", url, status, message, ...(method ? { method } : {}) },
    "retry",
  );
}
