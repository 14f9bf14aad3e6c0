import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStatusSource } from "../../../agents/node/finality/statusSource.ts";
import { createDaService } from "../../../agents/da/service.ts";
import { daConfigSchema } from "../../../agents/da/config.ts";
import { addInscriberRoutes, type EpochReport } from "../../../agents/inscriber/api.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { createDaClient } from "../../../agents/kit/da/client.ts";
import { parseNetworkGenesis } from "../../../agents/kit/epoch/networkGenesis.ts";
import { createHttpServer } from "../../../agents/kit/httpServer.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { lightNodeConfigSchema } from "../../../agents/light-node/config.ts";
import { createLightNodeService, type LightNodeService } from "../../../agents/light-node/service.ts";
import type { StackError } from "../../../protocol/errors.ts";
import { until } from "../bitcoin/regtest.ts";
import { genesisFile, richWallet } from "./localChain.ts";
import { L3_ID, startWorld, type World } from "./world.ts";

describe("light node: agent", function () {
  this.timeout(240_000);
  let world: World;
  let folder: string;
  const logger = silentLogger;

  before(async () => {
    world = await startWorld();
    folder = await mkdtemp(join(tmpdir(), "bvm-light-agent-"));
  });
  after(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = async <T>(url: string): Promise<T> => (await fetch(url)).json() as Promise<T>;

  async function startAgent(daUrl: string): Promise<LightNodeService> {
    const [network, demo] = [join(folder, "network.json"), join(folder, "demo.json")];
    await writeFile(network, JSON.stringify(world.genesis));
    await writeFile(demo, JSON.stringify(genesisFile(L3_ID, "evm")));
    const config = lightNodeConfigSchema.parse({
      port: 0,
      dataDir: join(folder, "data"),
      network,
      bitcoin: { url: world.seal.bitcoin.url, auth: world.seal.bitcoin.auth },
      da: daUrl,
      follow: [{ name: "demo", genesis: demo }],
      intervalMs: 50,
    });
    const fail = (error: unknown) => expect.fail(String(error));
    const context = {
      name: undefined,
      logger,
      metrics: createMetrics("light-node"),
      clock: systemClock,
      fail,
    };
    const service = await createLightNodeService(config, context);
    await service.start();
    return service;
  }

  it("reads on by itself, over a DA server, and serves status, epochs and accounts with their finality", async () => {
    const da = await createDaService(daConfigSchema.parse({ port: 0, dataDir: join(folder, "da") }), {
      logger,
      metrics: createMetrics("da"),
    });
    await da.start();
    const client = createDaClient({ url: da.url() });
    await world.settleBatch(2);
    await world.inscribe(1);
    const light = await startAgent(da.url());
    try {
      type Status = {
        epoch: number;
        problem: string | null;
        refusal: { code: string } | null;
        chains: object[];
      };
      const status = () => get<Status>(`${light.url()}/status`);
      // The server has none of the data yet.
      const standing = await until(async () => ((await status()).refusal ? status() : undefined));
      expect(standing).to.include({ epoch: 0, problem: "DATA_MISSING" });
      for (const blob of await world.blobs()) await client.put(blob);
      const verified = await until(async () => ((await status()).epoch === 1 ? status() : undefined));
      expect(verified.refusal).to.equal(null);
      expect(verified.chains).to.deep.include({
        name: "demo",
        chainId: L3_ID,
        blockNumber: 2,
        stateRoot: world.l3.chain.head.stateRoot,
      });

      const [epoch] = await get<{ epoch: number; verifiedAt: string; txid: string }[]>(
        `${light.url()}/epochs`,
      );
      expect(epoch).to.include({ epoch: 1, txid: world.inscriber.journal().entries[0]!.inscribed!.txid });
      expect(Date.parse(epoch!.verifiedAt)).to.be.greaterThan(0);

      const account = `${light.url()}/accounts/${richWallet.address}`;
      const onDemo = await get<{ nonce: number; balance: string; finality: object }>(`${account}?chain=demo`);
      expect(onDemo).to.include({ nonce: 2, chain: "demo", blockNumber: 2 });
      expect(BigInt(onDemo.balance)).to.be.lessThan(10n ** 24n);
      expect(onDemo.finality).to.deep.include({ epoch: 1, bitcoinHeight: 104 });
      expect((await fetch(`${account}?chain=none`)).status).to.equal(404);
      expect((await fetch(`${light.url()}/accounts/0x12`)).status).to.equal(400);
    } finally {
      await light.stop();
      await da.stop();
    }
  });

  it("reports epochs as the command line reads them", async () => {
    const server = createHttpServer({
      host: "127.0.0.1",
      port: 0,
      logger,
      metrics: createMetrics("inscriber"),
    });
    addInscriberRoutes(server, world.inscriber, {
      name: "supersonic",
      chainId: 1337n,
      genesisStateRoot: world.supersonic.chain.records.header(0n)!.stateRoot,
    });
    await server.start();
    try {
      const [report] = await get<EpochReport[]>(`${server.url()}/epochs`);
      expect(report).to.include({ epoch: 1, firstBlock: 1, lastBlock: 8, state: "inscribed", batchCount: 1 });
      expect(Date.parse(report!.publishedAt!)).to.be.at.most(Date.parse(report!.inscribedAt!));
      const status = await createStatusSource(server.url(), 1337n).observe();
      expect(status).to.include({
        blockNumber: 8n,
        stateRoot: world.supersonic.chain.records.header(8n)!.stateRoot,
      });
      expect(report!.revealTxid).to.match(/^[0-9a-f]{64}$/);
    } finally {
      await server.stop();
    }
  });

  it("refuses a network genesis with unknown or malformed fields, by path", () => {
    const broken = { ...world.genesis, extra: 1, epoch: { ...world.genesis.epoch, keyHash: "0x12" } };
    try {
      parseNetworkGenesis(broken);
      expect.fail("parsed");
    } catch (error) {
      const { type } = error as StackError<{ code: string; issues: string[] }>;
      expect(type.code).to.equal("NETWORK_GENESIS_INVALID");
      expect(type.issues.join()).to.contain("epoch.keyHash");
    }
  });
});
