/**
 * Tables beside pg-boss's own. pg-boss decides who works on what and when; these say what the work is and what came of it.
 *   blob: bytes by keccak256. Inputs and results of jobs.
 *   job:  id = keccak256 of its input. `result` or `failure` once it is over, never both.
 * `failures` counts what the worker itself reported; deaths of workers are counted by pg-boss (retry_count).
 */
export const CREATE_TABLES = `
  CREATE SCHEMA IF NOT EXISTS proving;
  CREATE TABLE IF NOT EXISTS proving.blob (
    hash text PRIMARY KEY,
    data bytea NOT NULL
  );
  CREATE TABLE IF NOT EXISTS proving.job (
    id text PRIMARY KEY REFERENCES proving.blob (hash),
    kind text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    worker text,
    failures int NOT NULL DEFAULT 0,
    last_failure text,
    failure text,
    result text REFERENCES proving.blob (hash),
    key_hash text,
    seconds double precision,
    peak_bytes bigint
  );`;

/** Any number, so long as nothing else in the database locks it: processes that start together create the tables once. */
export const SCHEMA_LOCK = 7_220_134;
