import { expect } from "chai";
import { addInscriberRoutes } from "../../../agents/inscriber/api.ts";
import type { BuiltEpoch, EpochProgress } from "../../../agents/inscriber/epochBuilder.ts";
import type { Inscriber } from "../../../agents/inscriber/inscriber.ts";
import { createHttpServer } from "../../../agents/kit/httpServer.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createMetrics } from "../../../agents/kit/metrics.ts";
import { createStatusSource } from "../../../agents/node/finality/statusSource.ts";
import { fieldToHex } from "../../../protocol/field.ts";
import { genesisStateRoot, parseGenesis } from "../../../protocol/genesis.ts";
import { genesisFile } from "../light-node/localChain.ts";
import { FillerEpochs, startSealNetwork, type SealNetwork } from "./network.ts";

const chain = parseGenesis(genesisFile(1337, "none"));
const supersonic = {
  name: chain.name,
  chainId: chain.chainId,
  genesisStateRoot: fieldToHex(genesisStateRoot(chain)),
};

/** Publishes an epoch's data and waits for its proof until `proven`. */
class SlowEpochs extends FillerEpochs {
  proven = false;
  #progress: EpochProgress | undefined;

  override async build(epoch: number): Promise<BuiltEpoch | undefined> {
    const range = { firstBlock: epoch * 10 - 9, lastBlock: epoch * 10 };
    this.#progress = { epoch, ...range, published: { atMs: 0, stateRoot: this.stateRoot(epoch) } };
    if (!this.proven) return undefined;
    this.#progress = undefined;
    return super.build(epoch);
  }

  override progress(): EpochProgress | undefined {
    return this.#progress;
  }
}

describe("inscriber: status", function () {
  this.timeout(120_000);
  let network: SealNetwork;
  before(async () => {
    network = await startSealNetwork();
  });
  after(() => network.close());

  /** What a node reads of it, and the JSON itself. */
  async function statusOf(inscriber: Inscriber) {
    const metrics = createMetrics("inscriber");
    const server = createHttpServer({ host: "127.0.0.1", port: 0, logger: silentLogger, metrics });
    addInscriberRoutes(server, inscriber, supersonic);
    await server.start();
    try {
      const json: unknown = await (await fetch(`${server.url()}/status`)).json();
      return { json, seen: await createStatusSource(server.url(), 1337n).observe() };
    } finally {
      await server.stop();
    }
  }

  it("is Supersonic's genesis before the first epoch, then the end of what is published, proven or not", async () => {
    const builder = new SlowEpochs(0);
    const inscriber = await network.open({ builder });
    await inscriber.step();
    const { genesisStateRoot: stateRoot, name } = supersonic;
    expect((await statusOf(inscriber)).json).to.deep.equal({
      bitcoinHeight: 103,
      chains: [{ name, chainId: 1337, blockNumber: 0, stateRoot }],
    });

    builder.available = 1;
    await inscriber.step();
    expect(inscriber.journal().entries).to.have.lengthOf(0);
    const published = { blockNumber: 10n, stateRoot: builder.stateRoot(1) };
    expect((await statusOf(inscriber)).seen).to.deep.equal({ ...published, seenAtHeight: 103n });

    builder.proven = true;
    await inscriber.step();
    await inscriber.step();
    expect(inscriber.journal().entries[0]!.inscribed).to.not.equal(undefined);
    expect((await statusOf(inscriber)).seen).to.deep.equal({ ...published, seenAtHeight: 104n });
  });

  it("claims to have seen nothing of Bitcoin until it has: a restart takes no node's head back", async () => {
    const builder = new SlowEpochs(2);
    const restarted = await network.open({ builder });
    const signed = { blockNumber: 10n, stateRoot: builder.stateRoot(1) };
    expect((await statusOf(restarted)).seen).to.deep.equal({ ...signed, seenAtHeight: 0n });
    await restarted.step();
    expect((await statusOf(restarted)).seen).to.deep.equal({
      ...{ blockNumber: 20n, stateRoot: builder.stateRoot(2) },
      seenAtHeight: 104n,
    });
  });
});
