import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "../../protocol/errors.ts";
import type { ProcessSpec, ProcessState } from "./processSpec.ts";

export type SupervisorError =
  | { code: "PROCESS_NOT_HEALTHY"; process: string; url: string; seconds: number; log: string }
  | { code: "PROCESS_KEEPS_EXITING"; process: string; exits: number; lastExit: string; log: string };

/** Exits this soon after a start count as failures to start. */
const QUICK_EXIT_MS = 5_000;
/** So many quick exits in a row, and the supervisor stops restarting: a person must look at the log. */
const MAX_QUICK_EXITS = 5;
const HEALTH_DEADLINE_MS = 120_000;
/** An agent drains on SIGTERM; one that has not ended by then is killed (it loses nothing by its own design). */
const DRAIN_MS = 20_000;

interface Child {
  readonly spec: ProcessSpec;
  state: ProcessState;
  process: ChildProcess | null;
  startedAt: number;
  quickExits: number;
  lastExit: string;
  exits: number;
  ended: Promise<void>;
}

/** Starts agents as child processes, restarts those that end on their own, stops all in reverse order. */
export class Supervisor {
  readonly #logsDir: string;
  readonly #onSpawn: () => void;
  readonly #children = new Map<string, Child>();
  #stopping = false;

  /** `onSpawn` is called whenever the pids of `running()` have changed by a start or a restart. */
  constructor(logsDir: string, onSpawn: () => void = () => undefined) {
    this.#logsDir = logsDir;
    this.#onSpawn = onSpawn;
    mkdirSync(logsDir, { recursive: true });
  }

  /**
   * Starts a process and waits until it is healthy.
   * @throws StackError PROCESS_NOT_HEALTHY, PROCESS_KEEPS_EXITING
   */
  async start(spec: ProcessSpec): Promise<void> {
    const child: Child = {
      spec,
      state: "starting",
      process: null,
      startedAt: 0,
      quickExits: 0,
      lastExit: "",
      exits: 0,
      ended: Promise.resolve(),
    };
    this.#children.set(spec.name, child);
    this.#spawn(child);
    if (spec.healthUrl) await this.#waitHealthy(child, spec.healthUrl);
    child.state = "running";
  }

  states(): {
    name: string;
    state: ProcessState;
    pid: number | undefined;
    log: string;
    lastExit: string;
    exits: number;
  }[] {
    return [...this.#children.values()].map((c) => ({
      name: c.spec.name,
      state: c.state,
      pid: c.process?.pid,
      log: this.logFile(c.spec.name),
      lastExit: c.lastExit,
      exits: c.exits,
    }));
  }

  /** Pids of what runs now. */
  running(): { name: string; pid: number }[] {
    return this.states().flatMap(({ name, pid }) => (pid === undefined ? [] : [{ name, pid }]));
  }

  logFile(name: string): string {
    return join(this.#logsDir, `${name}.log`);
  }

  /** Ends a process, which drains, and starts it again. */
  async restart(name: string): Promise<void> {
    const child = this.#children.get(name);
    if (!child?.process) return;
    child.startedAt = 0; // not counted as an exit soon after a start
    child.process.kill("SIGTERM");
    await child.ended;
  }

  /** Stops every process, the last started first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of [...this.#children.values()].reverse()) {
      child.process?.kill("SIGTERM");
      const timer = setTimeout(() => child.process?.kill("SIGKILL"), DRAIN_MS);
      await child.ended;
      clearTimeout(timer);
      child.state = "stopped";
    }
  }

  #spawn(child: Child): void {
    const log = openSync(this.logFile(child.spec.name), "a");
    // Its own process group: Ctrl-C in the terminal reaches the supervisor alone, which then drains in order.
    const started = spawn(child.spec.command, child.spec.args, {
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    child.process = started;
    child.startedAt = Date.now();
    child.ended = new Promise((resolve) => {
      const ended = (exit: string): void => {
        resolve();
        child.process = null;
        child.lastExit = exit;
        child.exits += 1;
        this.#onExit(child);
      };
      started.once("exit", (code, signal) => ended(signal ?? `code ${code}`));
      started.once("error", (error) => ended(error.message));
    });
    this.#onSpawn();
  }

  #onExit(child: Child): void {
    if (this.#stopping) return;
    const quick = Date.now() - child.startedAt < QUICK_EXIT_MS;
    child.quickExits = quick ? child.quickExits + 1 : 0;
    if (child.quickExits >= MAX_QUICK_EXITS) {
      child.state = "stopped";
      return;
    }
    child.state = "restarting";
    const delayMs = 250 * 2 ** child.quickExits;
    setTimeout(() => {
      if (this.#stopping) return;
      this.#spawn(child);
      child.state = "running";
    }, delayMs);
  }

  async #waitHealthy(child: Child, url: string): Promise<void> {
    const { name } = child.spec;
    const log = this.logFile(name);
    const deadline = Date.now() + HEALTH_DEADLINE_MS;
    while (Date.now() < deadline) {
      if (this.#stopping) return;
      if (child.state === "stopped") {
        const { quickExits: exits, lastExit } = child;
        throw new StackError<SupervisorError>(
          { code: "PROCESS_KEEPS_EXITING", process: name, exits, lastExit, log },
          "fatal",
        );
      }
      if (await isHealthy(url)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const seconds = HEALTH_DEADLINE_MS / 1000;
    throw new StackError<SupervisorError>(
      { code: "PROCESS_NOT_HEALTHY", process: name, url, seconds, log },
      "fatal",
    );
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch (_notYet) {
    return false;
  }
}
