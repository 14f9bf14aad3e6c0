import { PGlite } from "@electric-sql/pglite";
import { mkdir } from "node:fs/promises";
import { createHttpServer } from "../kit/httpServer.ts";
import type { Logger } from "../kit/logger.ts";
import type { Metrics } from "../kit/metrics.ts";
import { combineServices, type Service } from "../kit/service.ts";
import type { QueueConfig } from "./config.ts";
import { createWireServer } from "./wireServer.ts";

export interface QueueModules {
  logger: Logger;
  metrics: Metrics;
  fail: (error: unknown) => void;
}

/** The embedded database of the job queue, for machines without a PostgreSQL server. `port()` is known once started. */
export async function createQueueService(
  config: QueueConfig,
  { logger, metrics, fail }: QueueModules,
): Promise<Service & { port(): number }> {
  await mkdir(config.dataDir, { recursive: true });
  const database = await PGlite.create(config.dataDir);
  const { host, port, password } = config;
  const wire = createWireServer({ database, host, port, password, logger, onFatal: fail });
  const http = createHttpServer({
    host: "127.0.0.1",
    port: config.statusPort,
    logger,
    metrics,
    health: async () => ({ database: (await database.query("select 1 as answers")).rows.length === 1 }),
  });
  const closing = { start: async () => undefined, stop: () => database.close() };
  return { ...combineServices([closing, wire, http]), port: () => wire.address().port };
}
