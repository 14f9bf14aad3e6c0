import { StackError } from "../../protocol/errors.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";

/** Something that runs. `stop` drains: it resolves when nothing of it runs any more. Both may be called once. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface LoopOptions {
  step: () => Promise<void>;
  /** Pause between the end of a step and the next one. */
  intervalMs: number;
  clock: Clock;
  logger: Logger;
  /** Longest pause after repeated failures. Default 30 s: long enough to spare a dead peer, short enough to notice its return. */
  maxBackoffMs?: number;
  /** Told of a fatal error, after the loop has ended. */
  onFatal: (error: unknown) => void;
}

/**
 * Runs `step` until stopped; the severity of what it throws decides what follows:
 * `retry` (and any error that is not a StackError: an unknown failure is treated as temporary, and reported) = again
 * after a growing pause; `reset` = again at once, once, then like `retry`; `fatal` = ends and tells `onFatal`.
 */
export class Loop implements Service {
  readonly #options: LoopOptions;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#running = this.#run();
  }

  /** Lets the running step finish. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { step, intervalMs, clock, logger, onFatal, maxBackoffMs = 30_000 } = this.#options;
    const signal = this.#abort.signal;
    for (let failures = 0; !signal.aborted;) {
      let pauseMs = intervalMs;
      try {
        await step();
        failures = 0;
      } catch (error) {
        const severity = error instanceof StackError ? error.severity : "retry";
        if (severity === "fatal") {
          logger.error("step failed for good", {}, error);
          onFatal(error);
          return;
        }
        failures += 1;
        pauseMs =
          severity === "reset" && failures === 1
            ? 0
            : Math.min(maxBackoffMs, Math.max(intervalMs, 100) * 2 ** failures);
        logger.warn("step failed, will run again", { severity, failures, pauseMs }, error);
      }
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** Starts in order, stops in reverse order. If one fails to start, those already started are stopped. */
export function combineServices(services: readonly Service[]): Service {
  const started: Service[] = [];
  const stop = async (): Promise<void> => {
    for (let service = started.pop(); service; service = started.pop()) await service.stop();
  };
  return {
    async start() {
      try {
        for (const service of services) {
          await service.start();
          started.push(service);
        }
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}
