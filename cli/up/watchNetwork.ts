import type { BitcoinRpc } from "../../agents/kit/bitcoin/rpc.ts";
import { StackError } from "../../protocol/errors.ts";
import { DEV_SETTINGS } from "../network/settings.ts";
import type { Layout } from "../network/layout.ts";
import { l3Chains, readNetworkFile } from "../network/networkFile.ts";
import type { ProcessSpec } from "../supervisor/processSpec.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";
import { formatStatus } from "../view/formatStatus.ts";
import { readNetworkStatus } from "../view/networkStatus.ts";
import type { DemoJourney } from "./demo.ts";
import { attesterProcesses, l3Processes, lightNodeProcess } from "./processes.ts";
import type { Reporter } from "./reporter.ts";

export interface WatchOptions {
  readonly paths: Layout;
  readonly supervisor: Supervisor;
  readonly bitcoin: BitcoinRpc;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly start: (spec: ProcessSpec) => Promise<void>;
  readonly journey: DemoJourney | undefined;
}

const REFRESH_MS = 1_000;

/** Until `signal`: mines on a timer, starts L3s that were created meanwhile, shows the state once a second. */
export async function watchNetwork(options: WatchOptions): Promise<void> {
  const { signal, reporter } = options;
  let minedAt = Date.now();
  const exits = new Map<string, string>();
  while (!signal.aborted) {
    try {
      if (Date.now() - minedAt >= DEV_SETTINGS.bitcoinBlockSeconds * 1000) {
        minedAt = Date.now();
        await mineBlock(options.bitcoin);
      }
      await startNewL3s(options);
      reporter.show(await stateText(options));
    } catch (error) {
      reporter.show(`waiting: ${error instanceof StackError ? error.message : String(error)}`);
    }
    tellExits(options.supervisor, exits, reporter);
    await pause(REFRESH_MS, signal);
  }
}

/** To a script anyone can spend: nobody on a development network counts on the reward. */
const mineBlock = (bitcoin: BitcoinRpc): Promise<unknown> =>
  bitcoin.call("generatetodescriptor", 1, "raw(51)");

async function startNewL3s({ paths, supervisor, start, reporter }: WatchOptions): Promise<void> {
  const network = readNetworkFile(paths);
  const running = new Set(supervisor.states().map(({ name }) => name));
  const missing = l3Chains(network).filter((c) => c.rollup && !running.has(`node-${c.name}`));
  for (const chain of missing) for (const spec of l3Processes(paths, chain)) await start(spec);
  if (missing.length === 0) return;
  // They read their configuration once, at their start.
  const concerned = [...attesterProcesses(paths, network), lightNodeProcess(paths, network)];
  for (const { name } of concerned) await supervisor.restart(name);
  reporter.line(`attesters and light node serve ${missing.map((c) => c.name).join(", ")} too`);
}

async function stateText({ paths, supervisor, journey }: WatchOptions): Promise<string> {
  const status = formatStatus(await readNetworkStatus(readNetworkFile(paths)));
  const down = supervisor.states().filter(({ state }) => state !== "running");
  const agents = down.map(({ name, state, log }) => `${name}: ${state}, see ${log}`);
  const demo = await journey?.show();
  return ["", status, ...agents, ...(demo ? ["", demo] : [])].join("\n");
}

function tellExits(supervisor: Supervisor, known: Map<string, string>, reporter: Reporter): void {
  for (const { name, lastExit, log, exits } of supervisor.states()) {
    const seen = `${exits}`;
    if (exits === 0 || known.get(name) === seen) continue;
    known.set(name, seen);
    reporter.line(`${name} ended (${lastExit}) and is started again; its log: ${log}`);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
