import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { expect } from "chai";
import { z } from "zod";
import { writeFileDurably } from "../../../agents/kit/durableFile.ts";
import { bigIntToBytes, bytesToBigInt, fromHex, isHex, toHex } from "../../../agents/kit/hex.ts";
import { createHttpServer } from "../../../agents/kit/httpServer.ts";
import { openStore } from "../../../agents/kit/lmdb.ts";
import { createLogger, silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { readConfig } from "../../../agents/kit/runAgent.ts";
import { combineServices, Loop, type Service } from "../../../agents/kit/service.ts";
import { StackError } from "../../../protocol/errors.ts";
import { ManualClock } from "../node/manualClock.ts";

const key = (text: string): Uint8Array => Buffer.from(text);

describe("agent kit", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "bvm-kit-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("logger: one JSON line with module, data without bigints, and the error's code and causes", () => {
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()),
    });
    const logger = createLogger("node", { level: "info", destination }).child("pool");
    const error = new StackError({ code: "TOO_LOW", value: 5n }, "retry", { cause: new TypeError("inner") });
    logger.debug("unseen");
    logger.warn("refused", { balance: 10n ** 20n, hash: Uint8Array.of(1, 255) }, error);
    expect(lines).to.have.length(1);
    const line = JSON.parse(lines[0]!);
    expect(line).to.include({
      module: "node.pool",
      msg: "refused",
      balance: "100000000000000000000",
      hash: "0x01ff",
    });
    expect(line.error).to.deep.include({ type: { code: "TOO_LOW", value: "5" }, severity: "retry" });
    expect(line.error.cause.message).to.equal("inner");
  });

  it("hex: there and back, and what is not hex", () => {
    expect(toHex(fromHex("0x00ff10"))).to.equal("0x00ff10");
    expect(bytesToBigInt(bigIntToBytes(2n ** 200n, 32))).to.equal(2n ** 200n);
    expect([
      isHex("0x"),
      isHex("0x0"),
      isHex("12"),
      isHex("0xzz"),
      isHex("0x1234", 2),
      isHex("0x1234", 3),
    ]).to.deep.equal([true, false, false, false, true, false]);
  });

  it("durable file: replaced whole, no leftovers; a failure leaves the old one", async () => {
    const path = join(folder, "file.json");
    await writeFileDurably(path, "one");
    await writeFileDurably(path, "two");
    expect(readFileSync(path, "utf8")).to.equal("two");
    const failed = await writeFileDurably(join(folder, "missing", "file"), "x").catch(
      (e: NodeJS.ErrnoException) => e.code,
    );
    expect(failed).to.equal("ENOENT");
    expect(readdirSync(folder)).to.deep.equal(["file.json"]);
  });

  it("store: a transaction that throws leaves nothing, and what was committed is there after opening again", async () => {
    const path = join(folder, "store");
    let store = openStore(path);
    const table = store.table("t");
    const one = store.commit(() => table.putSync(key("a"), Buffer.of(1)));
    const failing = store.commit(() => {
      table.putSync(key("b"), Buffer.of(2));
      throw new RangeError("no");
    });
    const three = store.commit(() => table.putSync(key("c"), Buffer.of(3)));
    await one;
    expect(await failing.catch((e: Error) => e.message)).to.equal("no");
    await three;
    await store.close();
    store = openStore(path);
    expect([...store.table("t").getRange()].map(({ value }) => value[0])).to.deep.equal([1, 3]);
    await store.close();
  });

  it("loop: retries with a growing pause, resets at once, ends on a fatal error", async () => {
    const clock = new ManualClock(0);
    const pauses: number[] = [];
    let wake = Promise.withResolvers<void>();
    const failures: (StackError | undefined)[] = [
      new StackError({ code: "A" }, "retry"),
      new StackError({ code: "B" }, "retry"),
      undefined,
      new StackError({ code: "C" }, "reset"),
      new StackError({ code: "D" }, "fatal"),
    ];
    const recording = { now: clock.now, sleep: async (ms: number) => void pauses.push(ms) };
    const loop = new Loop({
      step: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
      },
      intervalMs: 100,
      clock: recording,
      logger: silentLogger,
      onFatal: () => wake.resolve(),
    });
    await loop.start();
    await wake.promise;
    await loop.stop();
    expect(pauses).to.deep.equal([200, 400, 100, 0]);
    wake = Promise.withResolvers();
  });

  it("services: stopped in reverse order, and those started are stopped when a later one fails", async () => {
    const events: string[] = [];
    const service = (name: string, fails = false): Service => ({
      async start() {
        if (fails) throw new RangeError(name);
        events.push(`+${name}`);
      },
      stop: async () => void events.push(`-${name}`),
    });
    const good = combineServices([service("a"), service("b")]);
    await good.start();
    await good.stop();
    const bad = combineServices([service("c"), service("d", true), service("e")]);
    expect(await bad.start().catch((e: Error) => e.message)).to.equal("d");
    expect(events).to.deep.equal(["+a", "+b", "-b", "-a", "+c", "-c"]);
  });

  it("http server: health, metrics, and 503 when unhealthy", async () => {
    const metrics = createMetrics("test-role");
    metrics.counter("jobs_total", "Jobs").inc(3);
    let healthy = true;
    const health = () => {
      if (!healthy) throw new RangeError("sick");
      return { head: 5 };
    };
    const server = createHttpServer({ host: "127.0.0.1", port: 0, logger: silentLogger, metrics, health });
    await server.start();
    expect(await (await fetch(`${server.url()}/health`)).json()).to.deep.equal({ status: "ok", head: 5 });
    expect(await (await fetch(`${server.url()}/metrics`)).text()).to.include("bvm_test_role_jobs_total 3");
    healthy = false;
    expect((await fetch(`${server.url()}/health`)).status).to.equal(503);
    await server.stop();
  });

  it("configuration: takes the instance's section; refuses unknown keys, bad values and missing sections", () => {
    const file = join(folder, "config.json");
    writeFileSync(
      file,
      JSON.stringify({
        node: { a: { port: 1 }, b: { port: 2, extra: 1 }, c: { port: "x" } },
        da: { port: 9 },
      }),
    );
    const schema = z.object({ port: z.number() });
    const codeOf = (action: () => unknown): unknown => {
      try {
        return action();
      } catch (error) {
        return (error as StackError).type;
      }
    };
    expect(readConfig(file, "node", "a", schema)).to.deep.equal({ port: 1 });
    expect(readConfig(file, "da", undefined, schema)).to.deep.equal({ port: 9 });
    const unknown = codeOf(() => readConfig(file, "node", "b", schema)) as { code: string; issues: string[] };
    expect(unknown.code).to.equal("CONFIG_INVALID");
    expect(unknown.issues.join()).to.include("extra");
    expect(codeOf(() => readConfig(file, "node", "c", schema))).to.include({
      code: "CONFIG_INVALID",
      section: "node.c",
    });
    expect(codeOf(() => readConfig(file, "node", "z", schema))).to.include({
      code: "CONFIG_SECTION_MISSING",
      section: "node.z",
    });
    expect(codeOf(() => readConfig(join(folder, "none"), "node", "a", schema))).to.include({
      code: "CONFIG_UNREADABLE",
    });
  });
});
