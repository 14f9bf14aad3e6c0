import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { StackError } from "../../../protocol/errors.ts";

export type FindBitcoindErrorType =
  | { code: "BITCOIND_NOT_EXECUTABLE"; path: string }
  | { code: "BITCOIND_INSTALL_FAILED"; exitCode: number | null };
export class FindBitcoindError extends StackError<FindBitcoindErrorType> {}

const installer = join(import.meta.dirname, "../../../scripts/bitcoind/installKnots.sh");

/** Where packages that are not on PATH put it: snap `bitcoin-core`, Homebrew on Apple silicon, Intel and Linux. */
const packagePaths = [
  "/snap/bin/bitcoin-core.daemon",
  "/opt/homebrew/bin/bitcoind",
  "/usr/local/bin/bitcoind",
  "/home/linuxbrew/.linuxbrew/bin/bitcoind",
];

/** `${BVM_CACHE:-${XDG_CACHE_HOME:-~/.cache}/bvm}/bitcoind`, outside the checkout. */
export function bitcoindCache(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.BVM_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "bvm");
  return join(base, "bitcoind");
}

/**
 * Path of a bitcoind: `$BITCOIND`, else PATH, else snap and Homebrew, else Debian's Knots in the cache, fetched on first
 * use (regtest only: `assertUsableNode` refuses it elsewhere). `progress` gets the lines the installer prints.
 * Throws: BITCOIND_NOT_EXECUTABLE, BITCOIND_INSTALL_FAILED (exit codes: scripts/bitcoind/installKnots.sh).
 */
export async function findBitcoind(progress?: (line: string) => void, env = process.env): Promise<string> {
  if (env.BITCOIND) {
    if (await isExecutable(env.BITCOIND)) return env.BITCOIND;
    throw new FindBitcoindError({ code: "BITCOIND_NOT_EXECUTABLE", path: env.BITCOIND }, "fatal");
  }
  const onPath = (env.PATH ?? "").split(delimiter).map((folder) => join(folder, "bitcoind"));
  const cache = bitcoindCache(env);
  for (const path of [...onPath, ...packagePaths, join(cache, "current", "bitcoind")])
    if (await isExecutable(path)) return path;
  return installKnots(cache, progress, env);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function installKnots(
  cache: string,
  progress: ((line: string) => void) | undefined,
  env: NodeJS.ProcessEnv,
) {
  const child = spawn("sh", [installer, cache], { stdio: ["ignore", "pipe", "pipe"], env });
  const done = Promise.withResolvers<number | null>();
  child.once("error", done.reject);
  child.once("close", done.resolve);
  let path = "";
  child.stdout.on("data", (data: Buffer) => (path += data.toString()));
  child.stderr.on("data", (data: Buffer) =>
    data
      .toString()
      .trimEnd()
      .split("\n")
      .forEach((line) => progress?.(line)),
  );
  const exitCode = await done.promise;
  if (exitCode !== 0) throw new FindBitcoindError({ code: "BITCOIND_INSTALL_FAILED", exitCode }, "fatal");
  return path.trim();
}
