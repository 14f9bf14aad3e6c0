import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../agents/kit/clock.ts";
import { silentLogger } from "../../../../agents/kit/logger.ts";
import { createMetrics } from "../../../../agents/kit/metrics.ts";
import { nodeConfig } from "../../../../agents/node/config.ts";
import { createNodeService, type NodeService } from "../../../../agents/node/service.ts";
import { ZERO_ADDRESS } from "../../../../protocol/address.ts";
import type { GenesisFile } from "../../../../protocol/genesis.ts";
import { FEE_RECIPIENT } from "../../execution/chainFixture.ts";

export const MNEMONIC = "test test test test test test test test test test test junk";
export const RICH = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const RICH_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

export const genesis: GenesisFile = {
  name: "test",
  chainId: 1337,
  program: "none",
  timestamp: 1_700_000_000,
  gasLimit: 30_000_000,
  feeRecipient: ZERO_ADDRESS,
  alloc: [{ address: RICH, balance: (10n ** 22n).toString() }],
};

export interface RunningNode {
  readonly service: NodeService;
  readonly url: string;
  readonly wsUrl: string;
  stop(): Promise<void>;
}

/** A node as its agent runs it, on a free port, sealing every 300 ms: more than the 250 ms that ethers caches answers. */
export async function runNode(file: GenesisFile = genesis, rpc: object = {}): Promise<RunningNode> {
  const folder = mkdtempSync(join(tmpdir(), "bvm-rpc-"));
  const genesisPath = join(folder, "genesis.json");
  writeFileSync(genesisPath, JSON.stringify(file));
  const config = nodeConfig.parse({
    dataDir: join(folder, "store"),
    genesis: genesisPath,
    port: 0,
    feeRecipient: FEE_RECIPIENT,
    blockTimeMs: 300,
    rpc,
  });
  const failures: unknown[] = [];
  const service = await createNodeService(config, {
    name: "test",
    logger: silentLogger,
    metrics: createMetrics("node"),
    clock: systemClock,
    fail: (error) => failures.push(error),
  });
  await service.start();
  const url = service.url();
  return {
    service,
    url,
    wsUrl: url.replace("http", "ws"),
    async stop() {
      await service.stop();
      rmSync(folder, { recursive: true });
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** One body posted as it is; the parsed answer. */
export async function post(
  url: string,
  body: string,
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : undefined, headers: response.headers };
}

export interface RpcAnswer {
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

export async function call(url: string, method: string, ...params: unknown[]): Promise<RpcAnswer> {
  const { json } = await post(url, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  return json as RpcAnswer;
}
