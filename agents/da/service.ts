import type { FastifyReply } from "fastify";
import { hasCode, StackError } from "../../protocol/errors.ts";
import { openBlobStore } from "../kit/da/blobStore.ts";
import { assertContent, formatCommitment, parseCommitment } from "../kit/da/commitment.ts";
import type { DaError } from "../kit/da/errors.ts";
import { createHttpServer, type HttpServer } from "../kit/httpServer.ts";
import type { Logger } from "../kit/logger.ts";
import type { Metrics } from "../kit/metrics.ts";
import type { DaConfig } from "./config.ts";

/**
 * OP alt-DA server over the local store: `PUT|POST /put` -> raw commitment; `POST /put/0x<commitment>` refuses other data;
 * `GET /get/0x<commitment>` -> data. A put is answered when the data is durable.
 * Status: 400 malformed or mismatching, 404 unknown, 413 over `maxBlobBytes`, 500 a damaged blob.
 */
export async function createDaService(
  config: DaConfig,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<HttpServer> {
  const store = await openBlobStore(config.dataDir);
  const stored = metrics.counter("stored_bytes", "Bytes of the blobs put");
  const served = metrics.counter("served_bytes", "Bytes of the blobs got");
  const server = createHttpServer({
    host: config.host,
    port: config.port,
    logger,
    metrics,
    bodyLimitBytes: config.maxBlobBytes,
  });

  // Blobs are bytes whatever the client calls them.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  async function put(data: unknown, expected: string | undefined): Promise<Uint8Array> {
    if (!(data instanceof Uint8Array) || data.length === 0)
      throw new StackError<DaError>({ code: "DA_EMPTY" }, "fatal");
    if (expected !== undefined) assertContent(parseCommitment(expected), data);
    const commitment = await store.put(data);
    stored.inc(data.length);
    logger.info("blob stored", { commitment: formatCommitment(commitment), bytes: data.length });
    return commitment;
  }

  server.route<{ Params: { commitment?: string } }>({
    method: ["PUT", "POST"],
    url: "/put/:commitment",
    handler: async (request, reply) => sendBytes(reply, await put(request.body, request.params.commitment)),
  });
  server.route({
    method: ["PUT", "POST"],
    url: "/put",
    handler: async (request, reply) => sendBytes(reply, await put(request.body, undefined)),
  });
  server.get<{ Params: { commitment: string } }>("/get/:commitment", async (request, reply) => {
    const data = await store.get(parseCommitment(request.params.commitment));
    served.inc(data.length);
    return sendBytes(reply, data);
  });

  server.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error, request.method);
    if (status >= 500) logger.error("request failed", { url: request.url }, error);
    return reply.code(status).send(error instanceof StackError ? error.type : { code: nameOf(error) });
  });
  return server;
}

const sendBytes = (reply: FastifyReply, data: Uint8Array) =>
  reply.type("application/octet-stream").send(Buffer.from(data));

function statusOf(error: unknown, method: string): number {
  if (hasCode(error, "DA_NOT_FOUND")) return 404;
  // On a read it is our own disk that lies; on a write, the client.
  if (hasCode(error, "DA_CONTENT_MISMATCH")) return method === "GET" ? 500 : 400;
  if (hasCode(error, "DA_EMPTY") || hasCode(error, "DA_COMMITMENT_INVALID")) return 400;
  return (error as { statusCode?: number }).statusCode ?? 500;
}

const nameOf = (error: unknown): string => (error as { code?: string }).code ?? "INTERNAL";
