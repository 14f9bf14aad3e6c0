import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDaService } from "../../../agents/da/service.ts";
import { createDaClient } from "../../../agents/kit/da/client.ts";
import { formatCommitment, keccakCommitment } from "../../../agents/kit/da/commitment.ts";
import type { HttpServer } from "../../../agents/kit/httpServer.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { StackError } from "../../../protocol/errors.ts";

const data = randomBytes(5000);
const name = formatCommitment(keccakCommitment(data));

describe("DA server", () => {
  let folder: string, server: HttpServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-da-"));
    const config = { host: "127.0.0.1", port: 0, dataDir: folder, maxBlobBytes: 100_000 };
    server = await createDaService(config, { logger: silentLogger, metrics: createMetrics("da") });
    await server.start();
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const send = (
    method: string,
    path: string,
    body?: Uint8Array<ArrayBuffer>,
    type = "application/octet-stream",
  ) => fetch(server.url() + path, { method, body: body ?? null, headers: { "content-type": type } });

  for (const method of ["PUT", "POST"])
    for (const path of ["/put", `/put/${name}`])
      it(`answers ${method} ${path.slice(0, 8)} with the raw commitment`, async () => {
        const response = await send(method, path, data);
        expect(response.status).to.equal(200);
        expect(`0x${Buffer.from(await response.arrayBuffer()).toString("hex")}`).to.equal(name);
      });

  it("takes bytes whatever their declared type", async () => {
    expect((await send("POST", "/put", data, "application/json")).status).to.equal(200);
    expect((await send("POST", "/put", data, "text/plain")).status).to.equal(200);
  });

  it("serves what was put", async () => {
    const response = await send("GET", `/get/${name}`);
    expect(Buffer.from(await response.arrayBuffer())).to.deep.equal(data);
  });

  const unknown = `0x00${"11".repeat(32)}`;
  const refusals: [string, string, string, Uint8Array<ArrayBuffer> | undefined, number, string][] = [
    ["unknown data", "GET", `/get/${unknown}`, undefined, 404, "DA_NOT_FOUND"],
    ["a malformed commitment on get", "GET", "/get/0x1234", undefined, 400, "DA_COMMITMENT_INVALID"],
    [
      "another kind of commitment",
      "GET",
      `/get/0x01${"11".repeat(32)}`,
      undefined,
      400,
      "DA_COMMITMENT_INVALID",
    ],
    ["a malformed commitment on put", "POST", "/put/xyz", data, 400, "DA_COMMITMENT_INVALID"],
    [
      "data that is not what its commitment says",
      "POST",
      `/put/${unknown}`,
      data,
      400,
      "DA_CONTENT_MISMATCH",
    ],
    ["no data", "POST", "/put", new Uint8Array(), 400, "DA_EMPTY"],
    ["too much data", "POST", "/put", randomBytes(100_001), 413, "FST_ERR_CTP_BODY_TOO_LARGE"],
  ];
  for (const [what, method, path, body, status, code] of refusals)
    it(`refuses ${what} with ${status}`, async () => {
      const response = await send(method, path, body);
      expect([response.status, ((await response.json()) as { code: string }).code]).to.deep.equal([
        status,
        code,
      ]);
    });

  it("counts in /metrics and answers /health", async () => {
    expect((await send("GET", "/health")).status).to.equal(200);
    expect(await (await send("GET", "/metrics")).text()).to.match(/bvm_da_stored_bytes [1-9]/);
  });

  it("is spoken by the client", async () => {
    const client = createDaClient({ url: `${server.url()}/` });
    const blob = randomBytes(90_000);
    expect(Buffer.from(await client.get(await client.put(blob)))).to.deep.equal(blob);
    expect((await refusal(client.get(keccakCommitment(randomBytes(3))))).code).to.equal("DA_NOT_FOUND");
    expect((await refusal(client.put(randomBytes(100_001)))).code).to.equal("DA_TOO_LARGE");
  });
});

describe("DA client", () => {
  let server: Server, url: string, answer: { status: number; body: Uint8Array };
  before(async () => {
    server = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(answer.status).end(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  it("accepts a hex reply to a put", async () => {
    answer = { status: 200, body: Buffer.from(name) };
    expect(formatCommitment(await createDaClient({ url }).put(data))).to.equal(name);
  });
  it("refuses another commitment than that of the data", async () => {
    answer = { status: 200, body: keccakCommitment(Buffer.of(1)) };
    expect((await refusal(createDaClient({ url }).put(data))).code).to.equal("DA_CONTENT_MISMATCH");
  });
  it("refuses other data than asked for", async () => {
    answer = { status: 200, body: Buffer.of(1) };
    expect(await refusal(createDaClient({ url }).get(keccakCommitment(data)))).to.deep.equal({
      code: "DA_CONTENT_MISMATCH",
      commitment: name,
      actual: formatCommitment(keccakCommitment(Buffer.of(1))),
    });
  });
  it("stops reading a reply that is too long", async () => {
    answer = { status: 200, body: randomBytes(10_000) };
    const client = createDaClient({ url, maxBytes: 1000 });
    expect(await refusal(client.get(keccakCommitment(data)))).to.deep.equal({
      code: "DA_TOO_LARGE",
      maxBytes: 1000,
    });
  });
  it("reports a server that fails or is not there as unavailable, to be tried again", async () => {
    answer = { status: 503, body: Buffer.from("failing over") };
    expect(await refusal(createDaClient({ url }).get(keccakCommitment(data)))).to.include({
      code: "DA_UNAVAILABLE",
      status: 503,
      reason: "failing over",
    });
    const gone = createDaClient({ url: "http://127.0.0.1:1" });
    expect(await refusal(gone.put(data))).to.include({ code: "DA_UNAVAILABLE", status: undefined });
  });
});

async function refusal(promise: Promise<unknown>): Promise<StackError["type"]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StackError) return error.type;
    throw error;
  }
  throw new Error("expected a refusal");
}
