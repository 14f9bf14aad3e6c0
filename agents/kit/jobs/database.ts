import pg from "pg";
import PgBoss from "pg-boss";
import { StackError } from "../../../protocol/errors.ts";
import type { Logger } from "../logger.ts";
import type { JobsError } from "./errors.ts";
import { CREATE_TABLES, SCHEMA_LOCK } from "./schema.ts";

export const QUEUE = "proofs";

/**
 * A job whose worker has not renewed its lease for this long is given to another one. Long enough for a machine under full
 * load to miss two renewals, short enough that a dead machine costs less than a minute.
 */
export const LEASE_SECONDS = 45;
export const RENEW_EVERY_MS = 12_000;
/** How often leases are looked at, by whichever worker comes first. */
const MAINTENANCE_SECONDS = 10;
/** Times a worker may die on a job before the job itself is suspected (too big for every machine's memory). */
const DEATHS_BEFORE_FAILED = 10;
/** Proofs are asked for now: a job that nobody could take for a year is forgotten. */
const RETENTION_DAYS = 365;

export type Query = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

export interface JobsDatabase {
  query: Query;
  /** One transaction; `boss` operations join it through `{ db }`. */
  transaction<T>(action: (query: Query, db: PgBoss.Db) => Promise<T>): Promise<T>;
  boss(): Promise<PgBoss>;
  close(): Promise<void>;
}

export interface JobsDatabaseOptions {
  /** PostgreSQL server, or the queue agent. */
  url: string;
  /** Looks after expired leases too: workers do, requesters do not. */
  supervise: boolean;
  logger: Logger;
}

/**
 * Connects on first use and again after the server was away; whatever the database refuses is JOBS_UNAVAILABLE (retry).
 * Creates schema and queue when they are missing.
 */
export function openJobsDatabase({ url, supervise, logger }: JobsDatabaseOptions): JobsDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 20_000 });
  // An idle connection that breaks is replaced on the next query, which reports if that fails too.
  pool.on("error", (error) => logger.debug("idle connection lost", {}, error));
  let starting: Promise<PgBoss> | undefined;

  const query: Query = (text, values = []) => guard(() => pool.query(text, [...values]));

  async function transaction<T>(action: (query: Query, db: PgBoss.Db) => Promise<T>): Promise<T> {
    const connection = await guard(() => pool.connect());
    const inside: Query = (text, values = []) => guard(() => connection.query(text, [...values]));
    try {
      await inside("BEGIN");
      const result = await action(inside, { executeSql: inside as PgBoss.Db["executeSql"] });
      await inside("COMMIT");
      connection.release();
      return result;
    } catch (error) {
      connection.release(true); // closing the connection is what rolls back for certain
      throw error;
    }
  }

  async function start(): Promise<PgBoss> {
    const executeSql = (text: string, values: unknown[]) => pool.query(text, values);
    const boss = new PgBoss({
      db: { executeSql },
      supervise,
      schedule: false,
      maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    });
    boss.on("error", (error) => logger.warn("queue maintenance failed, will run again", {}, error));
    await boss.start();
    await boss.createQueue(QUEUE, {
      name: QUEUE,
      retryLimit: DEATHS_BEFORE_FAILED,
      retryDelay: 1,
      retryBackoff: true,
      expireInSeconds: LEASE_SECONDS,
      retentionDays: RETENTION_DAYS,
    });
    await transaction(async (inside) => {
      await inside("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK]);
      for (const statement of CREATE_TABLES.split(";")) if (statement.trim()) await inside(statement);
    });
    return boss;
  }

  const boss = (): Promise<PgBoss> => {
    starting ??= guard(start).catch((error: unknown) => {
      starting = undefined; // the next caller tries again
      throw error;
    });
    return starting;
  };

  return {
    query: async (text, values) => (await boss(), query(text, values)),
    transaction: async (action) => (await boss(), transaction(action)),
    boss,
    async close() {
      const running = await starting?.catch(() => undefined);
      await running?.stop({ graceful: false, wait: false });
      await pool.end();
    },
  };
}

/** Database failure -> JOBS_UNAVAILABLE; our own errors pass. */
async function guard<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof StackError) throw error;
    const reason = error instanceof Error ? error.message || String(error.name) : String(error);
    throw new StackError<JobsError>({ code: "JOBS_UNAVAILABLE", reason }, "retry", { cause: error });
  }
}
