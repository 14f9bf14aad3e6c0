import { expect } from "chai";
import { sendTransfer } from "../../cli/commands/send.ts";
import { existsSync } from "node:fs";
import type { NetworkStatus } from "../../cli/view/networkStatus.ts";
import { type Journey, STAGES } from "../../cli/view/stages.ts";
import { coinsOf, deployCoin, transferCoin } from "../../cli/demo/demoCoin.ts";
import { devAccount } from "../../cli/network/devAccounts.ts";
import {
  batchesOf,
  expectSameAccount,
  expectWholeJourney,
  inscribedEpochs,
  verifiedEpochs,
} from "./observe.ts";
import { newAddress, Payments } from "./payments.ts";
import { RunningNetwork } from "./runningNetwork.ts";
import { until } from "./until.ts";

/**
 * The whole product on real parts: `bvm up` with two L3s, payments on both to Bitcoin and into a light node; then everything
 * that can be killed is, in the middle of its work; then Bitcoin takes back what it had. Each test goes on where the one
 * before ended, on one network.
 */
describe("a payment on an L3, to Bitcoin and into a light node", function () {
  this.bail(true);
  this.timeout(45 * 60_000);
  const network = new RunningNetwork();
  const payments = new Payments(network);

  before(() => network.start("--l3", "2"));
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(network.lastWords());
  });
  after(async () => {
    await network.stop();
    network.remove();
  });

  it("two L3s settle, and one epoch carries both to a light node", async () => {
    // An inscriber that is late takes all there is in one epoch: held up here, so that both chains settle meanwhile.
    network.signal("inscriber", "SIGSTOP");
    const friend = newAddress();
    const sent = network.json<Journey>(
      ...["send", "--chain", "demo", "--from", "0", "--to", friend, "--value", "1.5", "--wait", "settled"],
    );
    await payments.send("demo", 1, newAddress(), "2");
    await payments.send("demo", 2, newAddress(), "0.000000000000000001");
    await payments.send("demo2", 0, newAddress(), "3");
    await payments.send("demo2", 1, newAddress(), "4");
    const told = await settledWithoutInscriber(sent);
    payments.note("demo", told.hash, 0, friend, "1.5");
    expect(told).to.have.all.keys("hash", "chain", "stage", "stages");
    expect(told).to.include({ chain: "demo", stage: "settled" });
    expect(told.stages).to.have.all.keys("soft", "sealed", "published", "proven", "settled");

    (await payments.allReached("verified")).forEach(expectWholeJourney);
    const settledIn = await Promise.all(
      ["demo", "demo2"].map(async (name) => (await batchesOf(network.chain(name)))[0]!.settledInBlock!),
    );
    const epochs = await verifiedEpochs(network.facts());
    const both = epochs.find((e) => settledIn.every((b) => e.firstBlock <= b && b <= e.lastBlock));
    expect(both?.batchCount, JSON.stringify({ settledIn, epochs })).to.be.at.least(2);
    await payments.expectSettledOnce();
  });

  it("an OpenZeppelin token is made on an L3 and transferred, proven like everything else", async () => {
    const chain = network.chain("demo");
    const { address, hash } = await deployCoin(chain, 6, 1_000n);
    payments.noteOther("demo", hash, 6);
    const [first, second] = [newAddress(), newAddress()];
    for (const [from, to, amount] of [
      [6, first, 700n],
      [6, second, 50n],
      [7, second, 1n],
    ] as const)
      payments.noteOther("demo", await transferCoin(chain, address, { from, to, amount }), from);
    (await payments.allReached("verified")).forEach(expectWholeJourney);
    // The last one fails: account 7 has no coins.
    const expected = [
      [devAccount(6).address, 250n],
      [first, 700n],
      [second, 50n],
    ] as const;
    for (const [owner, coins] of expected)
      expect(await coinsOf(chain, address, owner), owner).to.equal(coins);
    await expectSameAccount(network.facts(), chain, address);
    await payments.expectSettledOnce();
  });

  it("bvm status and bvm tx tell it as documented", async () => {
    const status = await until("every chain has a final block", async () => {
      const now = await network.json<NetworkStatus>("status");
      return now.chains.every(({ finalized }) => finalized > 0) && now;
    });
    expect(status).to.have.all.keys("bitcoin", "chains", "lightNode");
    expect(status.lightNode).to.have.all.keys("epoch", "bitcoinHeight", "state");
    expect(status.chains.map(({ name }) => name)).to.deep.equal(["supersonic", "demo", "demo2"]);
    for (const chain of status.chains) {
      expect(chain).to.have.all.keys("name", "chainId", "rpc", "latest", "safe", "finalized");
      expect(chain.finalized, chain.name).to.be.at.most(chain.safe);
      expect(chain.safe, chain.name).to.be.at.most(chain.latest);
    }
    const { hash } = payments.all[0]!;
    const journey = await network.json<Journey>("tx", hash);
    expect(journey).to.include({ hash, chain: "demo", stage: "verified" });
    expect(Object.keys(journey.stages)).to.deep.equal([...STAGES]);
    for (const at of Object.values(journey.stages)) expect(new Date(at).toISOString()).to.equal(at);
  });

  it("goes on where it was after kill -9 of each agent in the middle of its work", async () => {
    const soft = await payments.send("demo", 3, newAddress(), "5");
    await payments.send("demo", 4, newAddress(), "6");
    await network.kill("node-demo");
    await payments.allReached("sealed");

    await payments.send("demo2", 2, newAddress(), "7");
    await payments.reached(soft, "published");
    for (const agent of ["attester-0", "da", "queue", "batcher-demo"]) await network.kill(agent);
    await until("the prover proves", () => network.isProving());
    await network.kill("prover");
    await payments.send("demo2", 3, newAddress(), "8");

    await payments.reached(soft, "proven");
    await network.kill("node-supersonic");
    await payments.reached(soft, "settled");
  });

  it("goes on where it was after kill -9 of bvm up itself", async () => {
    const late = await payments.send("demo", 5, newAddress(), "9");
    await payments.reached(late, "sealed");
    const agent = network.pid("node-demo");
    await network.killSupervisor();
    expect(await network.start()).to.match(/ended what a killed run had left: bitcoind, node-supersonic,/);
    expect(network.pid("node-demo")).to.not.equal(agent);
    await payments.reached(late, "published");
  });

  it("inscribes and verifies every batch once when inscriber and light node are killed too", async () => {
    await payments.allReached("settled");
    const before = (await verifiedEpochs(network.facts())).length;
    await until("an epoch is being built", async () =>
      (await inscribedEpochs(network.facts())).some(({ state }) => state === "building"),
    );
    await network.kill("inscriber");
    await until("the next epoch is inscribed", async () =>
      (await inscribedEpochs(network.facts())).some((e) => e.epoch > before && e.inscribedAt !== null),
    );
    await network.kill("light-node");
    (await payments.allReached("verified")).forEach(expectWholeJourney);
    await payments.expectSettledOnce();
  });

  it("inscribes again what a reorganisation of two blocks took away", async () => {
    const bitcoin = network.bitcoin();
    const dropped = await until("an epoch's inscription is in the last two blocks", async () => {
      await payments.reached(
        await sendTransfer(network.chain("supersonic"), 0, newAddress(), "1"),
        "verified",
      );
      const last = (await verifiedEpochs(network.facts())).at(-1)!;
      const tip = await bitcoin.call<number>("getblockcount");
      if (last.bitcoin.height < tip - 1) return false;
      await bitcoin.call("invalidateblock", await bitcoin.call<string>("getblockhash", tip - 1));
      return last;
    });
    const again = await until("the light node has the epoch from another block", async () => {
      const epoch = (await verifiedEpochs(network.facts())).find((e) => e.epoch === dropped.epoch);
      return epoch !== undefined && epoch.bitcoin.hash !== dropped.bitcoin.hash && epoch;
    });
    const { bitcoin: place, ...content } = again;
    const { bitcoin: old, ...before } = dropped;
    expect({ ...content, verifiedAt: "" }).to.deep.equal({ ...before, verifiedAt: "" });
    const confirmations = async (hash: string) =>
      (await bitcoin.call<{ confirmations: number }>("getblockheader", hash)).confirmations;
    expect(await confirmations(old.hash)).to.equal(-1);
    expect(await confirmations(place.hash)).to.be.at.least(1);
    await payments.expectSettledOnce();
  });

  it("ends cleanly with every agent when nobody reads its output any more", async () => {
    const pids = network.pids();
    network.closeOutput();
    expect(await network.stop()).to.equal(0);
    expect(pids).to.have.length.above(10);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).to.deep.equal([]);
  });

  /** `bvm send --wait settled` asks the inscriber too, which sleeps until both chains have settled. */
  async function settledWithoutInscriber(sent: Promise<Journey>): Promise<Journey> {
    await until("both L3s have settled", async () => {
      for (const name of ["demo", "demo2"]) {
        const [batch] = await batchesOf(network.chain(name));
        if (!batch?.settledAt) return false;
      }
      return true;
    });
    network.signal("inscriber", "SIGCONT");
    return sent;
  }
});
