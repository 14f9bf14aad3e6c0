import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSupersonic } from "../../../agents/inscriber/supersonic.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { batchSettledTopic, rollupCreatedTopic } from "../../../agents/kit/epoch/settlementView.ts";
import { createEvmRpc, type EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { nodeConfig } from "../../../agents/node/config.ts";
import { createNodeService, type NodeService } from "../../../agents/node/service.ts";
import { dataHashOf } from "../../../protocol/block.ts";
import { StackError } from "../../../protocol/errors.ts";
import { until } from "../bitcoin/regtest.ts";
import { genesisFile, richWallet } from "../light-node/localChain.ts";

/** Init code that emits one log without data and deploys nothing: PUSH32 topic, PUSH1 0, PUSH1 0, LOG1, STOP. */
const emitting = (topic: string): string => `0x7f${topic.slice(2)}60006000a100`;

describe("reading Supersonic from a node", function () {
  this.timeout(60_000);
  let folder: string;
  let node: NodeService;
  let rpc: EvmRpc;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bvm-supersonic-"));
    const genesis = join(folder, "genesis.json");
    await writeFile(genesis, JSON.stringify(genesisFile(1337, "none")));
    const config = nodeConfig.parse({ port: 0, dataDir: join(folder, "data"), genesis, blockTimeMs: 100 });
    node = await createNodeService(config, {
      name: undefined,
      logger: silentLogger,
      metrics: createMetrics("node"),
      clock: systemClock,
      fail: (error) => expect.fail(String(error)),
    });
    await node.start();
    rpc = createEvmRpc({ url: node.url() });
  });
  after(async () => {
    await node.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sends init code; resolves with the number of its sealed block. */
  async function send(nonce: number, data: string): Promise<number> {
    const raw = await richWallet.signTransaction({
      ...{ type: 2, chainId: 1337, nonce, data, gasLimit: 100_000, maxPriorityFeePerGas: 10n ** 9n },
      maxFeePerGas: 10n ** 11n,
    });
    const hash = await rpc.call<string>("eth_sendRawTransaction", [raw]);
    return until(async () => {
      const status = await rpc.call<{ blockNumber: number | null } | null>("bvm_getTransactionStatus", [
        hash,
      ]);
      return status?.blockNumber ?? undefined;
    });
  }

  it("gives blocks that hash to the headers, and the settlement's events alone, in order", async () => {
    const first = await send(0, emitting(rollupCreatedTopic));
    await send(1, emitting(`0x${"11".repeat(32)}`));
    const last = await send(2, emitting(batchSettledTopic));
    const supersonic = createSupersonic(rpc);
    const head = await supersonic.head();
    expect(head.number).to.be.at.least(last);
    expect(head.timestamp).to.equal(await supersonic.timestamp(head.number));

    const before = await supersonic.header(first - 1);
    const blocks = [];
    for (let number = first; number <= last; number++) blocks.push(await supersonic.block(number));
    expect((await supersonic.header(last)).dataHash).to.equal(dataHashOf(before.dataHash, blocks));

    const logs = await supersonic.settlementLogs(1, last);
    expect(logs.map(({ topics }) => topics)).to.deep.equal([[rollupCreatedTopic], [batchSettledTopic]]);
    expect(await supersonic.settlementLogs(first + 1, last)).to.have.lengthOf(1);
    expect(await supersonic.settlementLogs(last + 1, last)).to.deep.equal([]);
  });

  it("halves the range of logs where the node refuses it, down to a block", async () => {
    const asked: string[] = [];
    const narrow: EvmRpc = {
      async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string };
        if (method === "eth_getLogs" && fromBlock !== toBlock) {
          asked.push(`${Number(fromBlock)}-${Number(toBlock)}`);
          throw new StackError({ code: "EVM_RPC_ERROR", method }, "retry");
        }
        return rpc.call<T>(method, params);
      },
    };
    const { number } = await createSupersonic(rpc).head();
    const whole = await createSupersonic(rpc).settlementLogs(1, number);
    expect(await createSupersonic(narrow).settlementLogs(1, number)).to.deep.equal(whole);
    expect(asked[0]).to.equal(`1-${number}`);
  });

  it("says which block a node does not have", async () => {
    const error = await createSupersonic(rpc)
      .block(10_000_000)
      .catch((e: unknown) => e as StackError);
    expect((error as StackError).type).to.deep.equal({ code: "SUPERSONIC_BLOCK_UNKNOWN", block: 10_000_000 });
  });
});
