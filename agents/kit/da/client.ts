import { StackError } from "../../../protocol/errors.ts";
import { assertContent, formatCommitment, keccakCommitment, type Commitment } from "./commitment.ts";
import type { DataAvailability } from "./dataAvailability.ts";
import type { DaError } from "./errors.ts";

export interface DaClientOptions {
  /** Base address of a server that speaks OP alt-DA HTTP. */
  url: string;
  /** Servers in front of a slow layer answer a PUT only after inclusion: 10 to 60 s for Celestia. Default 120 s. */
  timeoutMs?: number;
  /** Longest reply read, bytes. Default 16 MiB: a lying server must not fill our memory. */
  maxBytes?: number;
}

/**
 * OP alt-DA over HTTP, keccak commitments. Trusts the server with availability only: every reply is checked against the
 * commitment. Throws DA_NOT_FOUND, DA_CONTENT_MISMATCH, DA_TOO_LARGE, DA_UNAVAILABLE.
 */
export function createDaClient(options: DaClientOptions): DataAvailability {
  const base = options.url.replace(/\/+$/, "");
  const { timeoutMs = 120_000, maxBytes = 16 << 20 } = options;

  async function exchange(path: string, commitment: Commitment, init: RequestInit): Promise<Uint8Array> {
    const url = base + path;
    const unavailable = (status: number | undefined, reason: string, cause?: unknown) =>
      new StackError<DaError>({ code: "DA_UNAVAILABLE", url, status, reason }, "retry", { cause });
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    let response: Response, body: Uint8Array;
    try {
      response = await fetch(url, { ...init, signal });
      body = await readBounded(response, maxBytes);
    } catch (error) {
      if (error instanceof StackError) throw error;
      throw unavailable(undefined, error instanceof Error ? error.message : String(error), error);
    }
    if (response.ok) return body;
    const name = formatCommitment(commitment);
    if (response.status === 404)
      throw new StackError<DaError>({ code: "DA_NOT_FOUND", commitment: name }, "retry");
    if (response.status === 413)
      throw new StackError<DaError>({ code: "DA_TOO_LARGE", maxBytes: undefined }, "fatal");
    throw unavailable(response.status, Buffer.from(body.subarray(0, 200)).toString());
  }

  return {
    async put(data, signal) {
      const commitment = keccakCommitment(data);
      const init = {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: data as Uint8Array<ArrayBuffer>,
        ...(signal ? { signal } : {}),
      };
      const reply = await exchange("/put", commitment, init);
      if (Buffer.compare(readCommitment(reply), commitment) === 0) return commitment;
      throw new StackError<DaError>(
        {
          code: "DA_CONTENT_MISMATCH",
          commitment: formatCommitment(commitment),
          actual: Buffer.from(reply).toString("hex"),
        },
        "retry",
      );
    },
    async get(commitment, signal) {
      const path = `/get/${formatCommitment(commitment)}`;
      const data = await exchange(path, commitment, signal ? { signal } : {});
      assertContent(commitment, data);
      return data;
    },
  };
}

/** The specification says hex, known servers send raw bytes: both are read. */
function readCommitment(reply: Uint8Array): Uint8Array {
  const text = Buffer.from(reply).toString("latin1").trim();
  return /^0x[0-9a-fA-F]{66}$/.test(text) ? Buffer.from(text.slice(2), "hex") : reply;
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new StackError<DaError>({ code: "DA_TOO_LARGE", maxBytes }, "fatal");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
