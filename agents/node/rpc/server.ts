import websocket from "@fastify/websocket";
import type { WebSocket } from "ws";
import type { Clock } from "../../kit/clock.ts";
import { createHttpServer, type HttpServer } from "../../kit/httpServer.ts";
import type { Logger } from "../../kit/logger.ts";
import type { Metrics } from "../../kit/metrics.ts";
import type { NodeChain } from "../chain/nodeChain.ts";
import { AcceptanceTimes } from "./acceptanceTimes.ts";
import { bindMethods, createDispatcher, type FindMethod } from "./dispatch.ts";
import { FilterRegistry } from "./filters.ts";
import { DEFAULT_RPC_LIMITS, type RpcLimits, type RpcMethods } from "./method.ts";
import { blockMethods } from "./methods/blocks.ts";
import { bvmMethods } from "./methods/bvm.ts";
import { callMethods } from "./methods/calls.ts";
import { feeMethods } from "./methods/fees.ts";
import { logMethods } from "./methods/logs.ts";
import { netMethods } from "./methods/net.ts";
import { stateMethods } from "./methods/state.ts";
import { transactionMethods } from "./methods/transactions.ts";
import { Subscriptions } from "./subscriptions.ts";

const METHODS: RpcMethods = {
  ...netMethods,
  ...blockMethods,
  ...transactionMethods,
  ...stateMethods,
  ...callMethods,
  ...feeMethods,
  ...logMethods,
  ...bvmMethods,
};

export interface RpcServerOptions {
  readonly host: string;
  readonly port: number;
  readonly chain: NodeChain;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<RpcLimits>;
}

/** JSON-RPC over HTTP (`POST /`) and WebSocket (`GET /`) on one port, with `/health` and `/metrics` beside it. */
export async function createRpcServer(options: RpcServerOptions): Promise<HttpServer> {
  const { host, port, chain, clock, logger, metrics } = options;
  const limits = { ...DEFAULT_RPC_LIMITS, ...options.limits };
  const filters = new FilterRegistry(chain, clock, limits.maxFilters);
  const find = bindMethods(METHODS, { chain, filters, accepted: new AcceptanceTimes(chain, clock) });
  const seconds = metrics.histogram(
    "rpc_request_seconds",
    "Time to answer a request",
    [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    ["method", "failed"],
  );
  const dispatcher = createDispatcher({
    maxBatch: limits.maxBatch,
    logger,
    onAnswered: (method, took, failed) => seconds.observe({ method, failed: String(failed) }, took),
  });

  const health = () => ({ latest: Number(chain.header("latest")?.number ?? 0n) });
  const server = createHttpServer({
    host,
    port,
    logger,
    metrics,
    health,
    bodyLimitBytes: limits.maxBodyBytes,
  });
  await server.register(websocket, { options: { maxPayload: limits.maxBodyBytes } });
  server.removeAllContentTypeParsers();
  // Clients send every content type with a JSON body; it is parsed as JSON-RPC whatever they call it.
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  server.addHook("onSend", async (_request, reply) => {
    void reply.header("access-control-allow-origin", "*");
  });
  server.options("/", (_request, reply) =>
    reply
      .code(204)
      .header("access-control-allow-methods", "POST, OPTIONS")
      .header("access-control-allow-headers", "*")
      .send(),
  );
  // JSON-RPC errors travel with HTTP status 200: wallets turn other statuses into errors of their own.
  server.post("/", async (request, reply) => {
    const answer = await dispatcher.answer(typeof request.body === "string" ? request.body : "", find);
    return answer === undefined ? reply.code(204).send() : reply.type("application/json").send(answer);
  });
  server.route({
    method: "GET",
    url: "/",
    handler: (_request, reply) => reply.type("text/plain").send("JSON-RPC: POST here, or open a WebSocket\n"),
    wsHandler: (socket) => serveSocket(socket),
  });
  server.addHook("onClose", async () => filters.close());
  return server;

  function serveSocket(socket: WebSocket): void {
    const send = (message: string): void => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    };
    const subscriptions = new Subscriptions(chain, send, limits.maxSubscriptions);
    const findHere: FindMethod = (name) => {
      if (name === "eth_subscribe") return (params) => subscriptions.add(params);
      if (name === "eth_unsubscribe") return ([id]) => subscriptions.remove(id);
      return find(name);
    };
    socket.on("message", (data) => {
      const text = Array.isArray(data) ? Buffer.concat(data).toString() : data.toString();
      void dispatcher.answer(text, findHere).then((answer) => answer !== undefined && send(answer));
    });
    socket.on("close", () => subscriptions.close());
    socket.on("error", (error) => logger.debug("websocket failed", {}, error));
  }
}
