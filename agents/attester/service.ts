import { computeAddress, SigningKey } from "ethers";
import type { FastifyReply } from "fastify";
import { StackError } from "../../protocol/errors.ts";
import { openBlobStore } from "../kit/da/blobStore.ts";
import { createDaClient } from "../kit/da/client.ts";
import { commitmentOfHash, parseCommitment } from "../kit/da/commitment.ts";
import { publicationSchema, signPublication, type Publication } from "../kit/da/publication.ts";
import { readKeyFile } from "../kit/evm/keyFile.ts";
import { fromHex, type Hex } from "../kit/hex.ts";
import { createHttpServer, type HttpServer } from "../kit/httpServer.ts";
import type { Logger } from "../kit/logger.ts";
import type { Metrics } from "../kit/metrics.ts";
import { checkPublication } from "./checkPublication.ts";
import type { AttesterConfig } from "./config.ts";
import { createSequencerCheck } from "./sequencer.ts";

/**
 * A member of the DA committee: `POST /attest` with a publication -> `{signer, signature}`. It fetches the data and the inner
 * proof itself, checks them, and keeps both on its own disk before it signs; `GET /get/0x<commitment>` serves them.
 * Status: 400 not a publication, 422 refused for good, 503 not to be had now; the body carries the code and its values.
 */
export async function createAttesterService(
  config: AttesterConfig,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<HttpServer> {
  const key = new SigningKey(await readKeyFile(config.keyFile));
  const signer = computeAddress(key);
  const da = createDaClient({ url: config.da, maxBytes: config.maxBlobBytes });
  const assertSequenced = createSequencerCheck(config.rollups);
  const kept = await openBlobStore(config.dataDir);
  const signed = metrics.counter("signed_total", "Publications signed");
  const refused = metrics.counter("refused_total", "Publications refused, by code", ["reason"]);

  async function attest(publication: Publication): Promise<string> {
    const [data, innerProof] = await Promise.all([
      da.get(parseCommitment(publication.dataPointer)),
      da.get(commitmentOfHash(fromHex(publication.innerProofHash as Hex))),
    ]);
    const lastBlock = checkPublication(publication, data, innerProof);
    await assertSequenced(publication.rollup, lastBlock, publication.dataHash);
    await Promise.all([kept.put(data), kept.put(innerProof)]);
    return signPublication(key, config.committee, publication);
  }

  const { host, port } = config;
  const server = createHttpServer({ host, port, logger, metrics, health: () => ({ signer }) });

  server.post("/attest", async (request, reply) => {
    const parsed = publicationSchema.safeParse(request.body);
    if (!parsed.success)
      return reply.code(400).send({ code: "PUBLICATION_MALFORMED", issues: parsed.error.issues });
    try {
      const signature = await attest(parsed.data);
      signed.inc();
      logger.info("publication signed", parsed.data);
      return { signer, signature };
    } catch (error) {
      refused.inc({ reason: error instanceof StackError ? error.type.code : "INTERNAL" });
      logger.warn("publication refused", parsed.data, error);
      return answer(reply, error);
    }
  });
  server.get<{ Params: { commitment: string } }>("/get/:commitment", async (request, reply) => {
    try {
      const data = await kept.get(parseCommitment(request.params.commitment));
      return await reply.type("application/octet-stream").send(Buffer.from(data));
    } catch (error) {
      return error instanceof StackError && error.type.code === "DA_NOT_FOUND"
        ? reply.code(404).send(error.type)
        : answer(reply, error);
    }
  });
  return server;
}

function answer(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof StackError)) return reply.code(500).send({ code: "INTERNAL" });
  const body = JSON.stringify(error.type, (_key, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return reply
    .code(error.severity === "fatal" ? 422 : 503)
    .type("application/json")
    .send(body);
}
