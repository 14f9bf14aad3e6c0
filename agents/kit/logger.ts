import { pino, type DestinationStream } from "pino";
import { StackError } from "../../protocol/errors.ts";

/**
 * One JSON line per event: a constant message, values in `data`, the cause in `error`.
 * `error` = a person must act; `warn` = will be retried; `info` = one line per protocol event; `debug` = decisions.
 * Never give it keys or whole configurations.
 */
export interface Logger {
  debug(message: string, data?: object, error?: unknown): void;
  info(message: string, data?: object, error?: unknown): void;
  warn(message: string, data?: object, error?: unknown): void;
  error(message: string, data?: object, error?: unknown): void;
  /** A logger whose lines carry `module` = parent name + "." + name. */
  child(name: string): Logger;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LoggerOptions {
  /** Default: environment variable BVM_LOG_LEVEL, else "info". */
  level?: LogLevel;
  /** Default: standard output, written synchronously so that a dying process still tells why. */
  destination?: DestinationStream;
}

export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const level = options.level ?? process.env.BVM_LOG_LEVEL ?? "info";
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination), name);
}

/** Says nothing: for libraries and tests that need a logger and no output. */
export const silentLogger: Logger = createLogger("silent", { level: "silent" });

function wrap(sink: pino.Logger, module: string): Logger {
  const write =
    (level: "debug" | "info" | "warn" | "error") => (message: string, data?: object, error?: unknown) => {
      if (!sink.isLevelEnabled(level)) return;
      const line = { module, ...(data ? (toJson(data) as object) : {}) };
      sink[level](error === undefined ? line : { ...line, error: describeError(error) }, message);
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (name) => wrap(sink, `${module}.${name}`),
  };
}

/** Error -> plain object with its code and values, stack and causes. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return toJson(error);
  return {
    message: error.message,
    ...(error instanceof StackError ? { type: toJson(error.type), severity: error.severity } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Bigints become decimal text, byte strings hex: JSON has neither. */
function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  if (value instanceof Error) return describeError(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  return value;
}
