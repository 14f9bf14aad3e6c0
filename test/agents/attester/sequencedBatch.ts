import { Wallet } from "ethers";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLayer3 } from "../../../agents/batcher/layer3.ts";
import { createEvmRpc } from "../../../agents/kit/evm/rpc.ts";
import type { ProofRecord } from "../../../agents/kit/jobs/proofRecord.ts";
import { encodeBatch } from "../../../protocol/batch.ts";
import type { GenesisFile } from "../../../protocol/genesis.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import { eventually, freePort, killNow, startProcess } from "../jobs/processes.ts";

export const CHAIN_ID = 4242n;
const LAST_BLOCK = 3;

/** A sequencer's real node, and its blocks 1 to 3 with a transfer among them. `stop` ends it. */
export async function sequencedBatch(folder: string) {
  const user = new Wallet(`0x${"42".repeat(32)}`);
  const genesis: GenesisFile = {
    ...{ name: "demo", chainId: Number(CHAIN_ID), program: "evm", gasLimit: 30_000_000 },
    ...{ timestamp: Math.floor(Date.now() / 1000), feeRecipient: `0x${"00".repeat(20)}` },
    alloc: [{ address: user.address, balance: (10n ** 20n).toString() }],
  };
  await writeFile(join(folder, "genesis.json"), JSON.stringify(genesis));
  const port = await freePort();
  const node = {
    ...{ dataDir: join(folder, "node"), genesis: join(folder, "genesis.json"), port, blockTimeMs: 200 },
    feeRecipient: `0x${"fe".repeat(20)}`,
  };
  await writeFile(join(folder, "bvm.json"), JSON.stringify({ node }));
  const process = await startProcess(
    ["agents/node/main.ts", "--config", join(folder, "bvm.json")],
    "started",
  );
  const url = `http://127.0.0.1:${port}`;
  const rpc = createEvmRpc({ url });
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
  const transfer = { type: 2, chainId: CHAIN_ID, nonce: 0, to: user.address, value: 5n, ...fees };
  await rpc.call("eth_sendRawTransaction", [await user.signTransaction(transfer)]);

  const layer3 = createLayer3(rpc);
  await eventually(async () => (await layer3.head()) >= LAST_BLOCK, 60_000);
  const [prev, next] = [await layer3.tip(0), await layer3.tip(LAST_BLOCK)];
  const blocks = await layer3.blocks(1, LAST_BLOCK, prev, next);
  const statement = { chainId: CHAIN_ID, prev, next, gasLimit: 30_000_000n, selfKeyHash: 0n };
  const innerProof: ProofRecord = {
    ...{ version: 1, program: "evm-small", publicInputs: statementToFields(statement) },
    proof: new Uint8Array(32 * 410),
  };
  return {
    ...{ url, layer3, blocks, data: encodeBatch(blocks), statement, innerProof },
    ...{ prevDataHash: prev.dataHash, dataHash: next.dataHash },
    stop: () => killNow(process),
  };
}

export type SequencedBatch = Awaited<ReturnType<typeof sequencedBatch>>;
