import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createQueueService } from "../../../agents/queue/service.ts";
import { queueConfigSchema } from "../../../agents/queue/config.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";

type Queue = Awaited<ReturnType<typeof createQueueService>>;

describe("embedded queue", function () {
  this.timeout(60_000);
  let folder: string, queue: Queue;
  const pools: pg.Pool[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-queue-"));
    queue = await start();
  });
  after(async () => {
    await queue.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });

  async function start(password?: string): Promise<Queue> {
    const config = { host: "127.0.0.1", port: 0, statusPort: 0, dataDir: folder, password };
    const fail = (error: unknown): never => {
      throw error;
    };
    const service = await createQueueService(config, {
      logger: silentLogger,
      metrics: createMetrics("queue"),
      fail,
    });
    await service.start();
    return service;
  }
  /** One client: a pool of one connection, so that it may be dropped and come again. */
  function client(password = "any"): pg.Pool {
    const pool = new pg.Pool({
      connectionString: `postgres://postgres:${password}@127.0.0.1:${queue.port()}/postgres`,
      max: 1,
    });
    pool.on("error", () => undefined); // a dropped connection is what some tests are about
    pools.push(pool);
    return pool;
  }

  it("gives every client its own answers while others fail, roll back and vanish in the middle of a transaction", async () => {
    const work = async (pool: pg.Pool, i: number): Promise<void> => {
      for (let k = 0; k < 40; k++) {
        const { rows } = await pool.query("select $1::int as k, $2::text as who", [k, `client ${i}`]);
        expect(rows).to.deep.equal([{ k, who: `client ${i}` }]);
        expect((await failure(pool.query("select $1::int / 0", [k]))).code).to.equal("22012");
        expect((await failure(pool.query("selec $1::int", [k]))).code).to.equal("42601");
        expect((await pool.query("select $1::text as x", [`${i}`])).rows).to.deep.equal([{ x: `${i}` }]);
        if (k % 4 === 0) await abandonTransaction(pool, i);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map((i) => work(client(), i)));
  });

  async function abandonTransaction(pool: pg.Pool, i: number): Promise<void> {
    const connection = await pool.connect();
    await connection.query("begin");
    await connection.query("create table abandoned (i int)");
    await connection.query("insert into abandoned values ($1)", [i]);
    connection.release(true); // cuts the connection
  }

  it("keeps others out of a transaction until it ends", async () => {
    const [a, b] = [client(), client()];
    await a.query("create table counters (n int)");
    await a.query("insert into counters values (0)");
    const add = async (pool: pg.Pool): Promise<void> => {
      const connection = await pool.connect();
      for (let k = 0; k < 25; k++) {
        await connection.query("begin");
        const { rows } = await connection.query("select n from counters");
        await connection.query("update counters set n = $1", [rows[0].n + 1]);
        await connection.query("commit");
      }
      connection.release();
    };
    await Promise.all([add(a), add(b)]);
    expect((await a.query("select n from counters")).rows).to.deep.equal([{ n: 50 }]);
  });

  it("carries megabytes in both directions", async () => {
    const data = Buffer.alloc(3 << 20, 7);
    const { rows } = await client().query("select $1::bytea as data", [data]);
    expect(data.equals(rows[0].data)).to.equal(true);
  });

  it("asks for the password when it has one", async () => {
    await queue.stop();
    queue = await start("correct horse battery staple");
    expect((await failure(client("wrong").query("select 1"))).code).to.equal("28P01");
    expect((await client("correct horse battery staple").query("select 1 as one")).rows).to.deep.equal([
      { one: 1 },
    ]);
  });

  it("refuses a configuration that opens it to a network without a password", () => {
    const config = { host: "0.0.0.0", port: 5432, dataDir: "x" };
    expect(queueConfigSchema.safeParse(config).success).to.equal(false);
    expect(queueConfigSchema.safeParse({ ...config, password: "0123456789abcdef" }).success).to.equal(true);
  });
});

async function failure(promise: Promise<unknown>): Promise<{ code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code?: string };
  }
  throw new Error("expected a failure");
}
