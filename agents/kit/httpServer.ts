import fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { Service } from "./service.ts";

export interface HttpServerOptions {
  host: string;
  /** 0 = any free port; read the one taken from `url()`. */
  port: number;
  logger: Logger;
  metrics: Metrics;
  /** What `/health` answers beside `{status: "ok"}`; a throw makes it 503. */
  health?: () => object | Promise<object>;
  /** Largest request body accepted, bytes. Default 1 MiB. */
  bodyLimitBytes?: number;
}

/** `start()` listens, `stop()` closes; `url()` is known once started. */
export type HttpServer = FastifyInstance & Service & { url(): string };

/** An HTTP server with `GET /health` and `GET /metrics`; the caller adds its routes, then starts it. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, port, logger, metrics, health } = options;
  // An idle keep-alive connection must not delay stop().
  const server = fastify({ bodyLimit: options.bodyLimitBytes ?? 1 << 20, forceCloseConnections: true });
  let address = "";

  server.get("/health", async (_request, reply) => {
    try {
      return { status: "ok", ...(await health?.()) };
    } catch (error) {
      logger.warn("health check failed", {}, error);
      return reply.code(503).send({ status: "failing" });
    }
  });
  server.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );

  return Object.assign(server, {
    async start() {
      address = await server.listen({ host, port });
      logger.info("http server listens", { url: address });
    },
    stop: () => server.close().then(() => undefined),
    url: () => address,
  });
}
