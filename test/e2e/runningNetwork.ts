import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createBitcoinRpc, type BitcoinRpc } from "../../agents/kit/bitcoin/rpc.ts";
import { layout } from "../../cli/network/layout.ts";
import {
  type ChainEntry,
  findChain,
  type NetworkFile,
  readNetworkFile,
} from "../../cli/network/networkFile.ts";
import { getJson } from "../../cli/view/http.ts";
import { until } from "./until.ts";

const cli = [
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL("../../cli/main.ts", import.meta.url)),
];

/** `bvm up` as its users run it: a process of its own, on a folder of its own. */
export class RunningNetwork {
  readonly folder = mkdtempSync(join(tmpdir(), "bvm-e2e-"));
  readonly #layout = layout(join(this.folder, "network"));
  #up: ChildProcess | undefined;
  #output = "";

  /** Starts `bvm up` and waits until everything runs. Returns what it printed. */
  async start(...options: string[]): Promise<string> {
    const args = [...cli, "up", "--no-ui", "--no-demo", "--data-dir", this.#layout.dataDir, ...options];
    const up = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#up = up;
    this.#output = "";
    for (const stream of [up.stdout, up.stderr])
      stream.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
    return until("bvm up describes its network", () => {
      if (up.exitCode !== null) throw new Error(`bvm up ended with code ${up.exitCode}:\n${this.#output}`);
      return this.#output.includes("in another terminal:") && this.#output;
    });
  }

  /** kill -9 of `bvm up` alone: its agents are left behind. */
  async killSupervisor(): Promise<void> {
    const ended = once(this.#up!, "exit");
    this.#up!.kill("SIGKILL");
    await ended;
  }

  /** Ctrl-C: returns the exit code. */
  async stop(): Promise<number | null> {
    const up = this.#up;
    if (!up || up.exitCode !== null || up.signalCode !== null) return up?.exitCode ?? null;
    const ended = once(up, "exit");
    up.kill("SIGINT");
    await ended;
    return up.exitCode;
  }

  /** As `bvm up | head` does. */
  closeOutput(): void {
    this.#up!.stdout!.destroy();
    this.#up!.stderr!.destroy();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  facts(): NetworkFile {
    return readNetworkFile(this.#layout);
  }

  chain(name: string): ChainEntry {
    return findChain(this.facts(), name);
  }

  bitcoin(): BitcoinRpc {
    const { rpc: url, cookieFile } = this.facts().bitcoin;
    return createBitcoinRpc({ url, auth: { cookieFile } });
  }

  /** Runs a command on this network and returns the JSON it prints. */
  async json<T>(...args: string[]): Promise<T> {
    const all = [...cli, ...args, "--json", "--data-dir", this.#layout.dataDir];
    const { stdout } = await promisify(execFile)(process.execPath, all);
    return JSON.parse(stdout) as T;
  }

  /** Its process id now; undefined between its end and its next start. */
  pid(agent: string): number | undefined {
    return this.#processes().find(({ name }) => name === agent)?.pid;
  }

  pids(): number[] {
    return this.#processes().map(({ pid }) => pid);
  }

  #processes(): { name: string; pid: number }[] {
    if (!existsSync(this.#layout.processes)) return [];
    return (JSON.parse(readFileSync(this.#layout.processes, "utf8")) as { processes: [] }).processes;
  }

  signal(agent: string, signal: NodeJS.Signals): number {
    const pid = this.pid(agent);
    if (pid === undefined) throw new Error(`${agent} does not run`);
    process.kill(pid, signal);
    return pid;
  }

  /** kill -9, then until the supervisor has it serving again. */
  async kill(agent: string): Promise<void> {
    const killed = this.signal(agent, "SIGKILL");
    await until(`${agent} serves again`, async () => {
      const pid = this.pid(agent);
      if (pid === undefined || pid === killed) return false;
      return (await getJson<object>(`${this.#url(agent)}/health`)) !== undefined;
    });
  }

  /** Does the prover have `bb` at work? */
  isProving(): boolean {
    const pid = this.pid("prover");
    const children = `/proc/${pid}/task/${pid}/children`;
    if (pid === undefined || !existsSync(children)) return false;
    const started = readFileSync(children, "utf8").trim().split(" ").filter(Boolean);
    return started.some((child) => commandLine(child).includes("\0prove\0"));
  }

  /** The end of every log, for whoever reads why a run failed. */
  lastWords(lines = 8): string {
    const logs = existsSync(this.#layout.logs) ? readdirSync(this.#layout.logs) : [];
    const ends = logs.map((log) => {
      const text = readFileSync(join(this.#layout.logs, log), "utf8");
      return `--- ${log}\n${text.trimEnd().split("\n").slice(-lines).join("\n")}`;
    });
    return [`--- bvm up\n${this.#output}`, ...ends].join("\n");
  }

  #url(agent: string): string {
    const { da, queueStatus, prover, inscriber, lightNode, attesters } = this.facts();
    const shared: Record<string, string> = {
      da,
      queue: queueStatus,
      prover,
      inscriber,
      "light-node": lightNode,
    };
    const [role, instance] = [agent.slice(0, agent.indexOf("-")), agent.slice(agent.indexOf("-") + 1)];
    if (role === "node") return this.chain(instance).rpc;
    if (role === "batcher") return this.chain(instance).batcher!;
    return role === "attester" ? attesters[Number(instance)]! : shared[agent]!;
  }
}

function commandLine(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
