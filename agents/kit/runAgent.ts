import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { StackError } from "../../protocol/errors.ts";
import { systemClock, type Clock } from "./clock.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import type { Service } from "./service.ts";

export type AgentConfigError =
  | { code: "CONFIG_UNREADABLE"; file: string; reason: string }
  | { code: "CONFIG_SECTION_MISSING"; file: string; section: string }
  | { code: "CONFIG_INVALID"; section: string; issues: string[] };

/** What every agent is built from beside its configuration. */
export interface AgentContext {
  /** The instance, when one role runs several times (one node per chain). */
  name: string | undefined;
  logger: Logger;
  metrics: Metrics;
  clock: Clock;
  /** Ends the agent with exit code 1, after draining: give it to `Loop` as `onFatal`. */
  fail: (error: unknown) => void;
}

export interface AgentDefinition<C> {
  role: string;
  schema: z.ZodType<C>;
  create: (config: C, context: AgentContext) => Service | Promise<Service>;
}

/**
 * The whole of a `main.ts`: reads `--config FILE [--name INSTANCE]`, builds the service, runs it until SIGTERM or SIGINT,
 * drains. Exit code: 0 = stopped on request, 1 = failed, 2 = refused its configuration.
 */
export async function runAgent<C>({ role, schema, create }: AgentDefinition<C>): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" }, name: { type: "string" } } });
  const logger = createLogger(values.name ? `${role}.${values.name}` : role);
  const ended = Promise.withResolvers<number>();
  const fail = (error: unknown): void => {
    logger.error("agent fails", {}, error);
    ended.resolve(1);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      logger.info("stopping", { signal });
      ended.resolve(0);
    });

  let service: Service | undefined;
  let exitCode: number;
  try {
    const config = readConfig(values.config ?? "bvm.json", role, values.name, schema);
    const metrics = createMetrics(role);
    service = await create(config, { name: values.name, logger, metrics, clock: systemClock, fail });
    await service.start();
    logger.info("started");
    exitCode = await ended.promise;
  } catch (error) {
    logger.error("agent did not start", {}, error);
    exitCode = error instanceof StackError && String(error.type.code).startsWith("CONFIG_") ? 2 : 1;
  }
  try {
    await service?.stop();
  } catch (error) {
    logger.error("agent did not stop cleanly", {}, error);
    exitCode = 1;
  }
  process.exit(exitCode);
}

/**
 * The section `config[role][name]`, or `config[role]` when no instance is named, parsed by `schema` with unknown keys
 * refused at its top level (nested objects: declare them with `z.strictObject`).
 * Throws CONFIG_UNREADABLE, CONFIG_SECTION_MISSING, CONFIG_INVALID.
 */
export function readConfig<C>(file: string, role: string, name: string | undefined, schema: z.ZodType<C>): C {
  const whole = readJson(file);
  const section = name === undefined ? [role] : [role, name];
  let value: unknown = whole;
  for (const key of section) value = isRecord(value) ? value[key] : undefined;
  const sectionName = section.join(".");
  if (value === undefined)
    throw new StackError<AgentConfigError>(
      { code: "CONFIG_SECTION_MISSING", file, section: sectionName },
      "fatal",
    );
  const strict = (schema instanceof z.ZodObject ? schema.strict() : schema) as z.ZodType<C>;
  const parsed = strict.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "(section)"}: ${issue.message}`,
  );
  throw new StackError<AgentConfigError>({ code: "CONFIG_INVALID", section: sectionName, issues }, "fatal");
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError<AgentConfigError>({ code: "CONFIG_UNREADABLE", file, reason }, "fatal", {
      cause: error,
    });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
