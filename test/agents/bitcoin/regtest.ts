import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startBitcoind,
  type BitcoindOptions,
  type RunningBitcoind,
} from "../../../agents/kit/bitcoin/startBitcoind.ts";

export interface Regtest extends RunningBitcoind {
  dataDir: string;
  /** Mines to an address of nobody's; returns the block hashes. */
  mine(blocks: number, address?: string): Promise<string[]>;
  close(): Promise<void>;
}

/** P2WPKH of the hash 00..01: nobody has its key. */
export const nobody = "bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpsqgljc";

/** A bitcoind of its own in a folder of its own; `close` ends both. */
export async function startRegtest(options: Partial<BitcoindOptions> = {}): Promise<Regtest> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "bvm-bitcoind-")));
  const node = await startBitcoind({ ...options, dataDir });
  return {
    ...node,
    dataDir,
    mine: (blocks, address = nobody) => node.rpc.call<string[]>("generatetoaddress", blocks, address),
    async close() {
      await node.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits until `condition` gives a value; throws after `deadlineMs`. */
export async function until<T>(
  condition: () => Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end)
      throw new Error(`condition not met within ${deadlineMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
