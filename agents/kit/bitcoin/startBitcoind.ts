import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { StackError } from "../../../protocol/errors.ts";
import { findBitcoind } from "./findBitcoind.ts";
import {
  createBitcoinRpc,
  isRpcError,
  rpcCode,
  BitcoinRpcError,
  type BitcoinAuth,
  type BitcoinRpc,
} from "./rpc.ts";

export type StartBitcoindErrorType =
  | { code: "BITCOIND_EXITED"; exitCode: number | null; output: string }
  | { code: "BITCOIND_NOT_READY"; afterMs: number };
export class StartBitcoindError extends StackError<StartBitcoindErrorType> {}

export interface BitcoindOptions {
  /** Created when missing; a second start on it continues the chain. */
  dataDir: string;
  /** RPC port on 127.0.0.1. Default: a free one. */
  rpcPort?: number;
  /** More bitcoind flags. */
  flags?: string[];
  /** Lines of the installer, when bitcoind has to be fetched first. */
  progress?: (line: string) => void;
  /** Until the first RPC answer. Default 60 s (0.2 s measured). */
  readyTimeoutMs?: number;
}

export interface RunningBitcoind {
  readonly rpc: BitcoinRpc;
  readonly url: string;
  readonly auth: BitcoinAuth;
  readonly pid: number;
  /** Resolves with the exit code, whoever ended it. */
  readonly exited: Promise<number | null>;
  /** A client of one wallet of this node. */
  wallet(name: string): BitcoinRpc;
  /** Ends it cleanly: everything it has answered is on disk. */
  stop(): Promise<void>;
}

/** Starts a bitcoind of its own on regtest, without peers, and resolves when its RPC answers. */
export async function startBitcoind(options: BitcoindOptions): Promise<RunningBitcoind> {
  const { dataDir, flags = [] } = options;
  const binary = await findBitcoind(options.progress);
  await mkdir(dataDir, { recursive: true });
  const port = options.rpcPort ?? (await freePort());
  const child = spawn(binary, [...regtestFlags(dataDir, port), ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr!.on("data", (data: Buffer) => (output = (output + data.toString()).slice(-4000)));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode));
  });
  const url = `http://127.0.0.1:${port}`;
  const auth = { cookieFile: join(dataDir, "regtest", ".cookie") };
  const rpc = createBitcoinRpc({ url, auth });
  const died = exited.then((exitCode) => {
    throw new StartBitcoindError({ code: "BITCOIND_EXITED", exitCode, output: output.trim() }, "fatal");
  });
  await Promise.race([died, waitUntilReady(rpc, child, options.readyTimeoutMs ?? 60_000)]);
  died.catch(() => undefined); // from here on its end is the caller's to watch, through `exited`
  return {
    rpc,
    url,
    auth,
    pid: child.pid!,
    exited,
    wallet: (name) => createBitcoinRpc({ url: `${url}/wallet/${encodeURIComponent(name)}`, auth }),
    stop: () => stop(child, rpc),
  };
}

export function regtestFlags(dataDir: string, port: number): string[] {
  return [
    "-regtest",
    `-datadir=${dataDir}`,
    "-listen=0",
    "-dnsseed=0",
    "-rpcbind=127.0.0.1",
    "-rpcallowip=127.0.0.1",
    `-rpcport=${port}`,
    "-txindex=1", // the inscriber looks transactions up by id
    "-fallbackfee=0.0001",
    "-printtoconsole=0",
  ];
}

async function waitUntilReady(rpc: BitcoinRpc, child: ChildProcess, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await rpc.call("getblockcount");
      return;
    } catch (error) {
      if (!isStarting(error)) throw error;
    }
    if (Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new StartBitcoindError({ code: "BITCOIND_NOT_READY", afterMs: timeoutMs }, "fatal");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** No listener yet, a cookie of the run before, or warming up: all end by themselves. */
function isStarting(error: unknown): boolean {
  if (isRpcError(error, rpcCode.inWarmup)) return true;
  return (
    error instanceof BitcoinRpcError &&
    ["BITCOIN_RPC_UNREACHABLE", "BITCOIN_RPC_UNAUTHORIZED", "BITCOIN_RPC_TIMEOUT"].includes(error.type.code)
  );
}

async function stop(child: ChildProcess, rpc: BitcoinRpc): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  await rpc.call("stop").catch(() => child.kill("SIGTERM"));
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
