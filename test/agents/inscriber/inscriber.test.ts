import { expect } from "chai";
import { Transaction } from "bitcoinjs-lib";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseWitness } from "micro-ordinals";
import { readTransaction } from "../../../agents/kit/bitcoin/transactionReader.ts";
import { sealOf } from "../../../agents/kit/bitcoin/sealChain.ts";
import { SealTracker } from "../../../agents/kit/bitcoin/sealTracker.ts";
import {
  createMinePublisher,
  createRelayPublisher,
  type Publisher,
} from "../../../agents/inscriber/publisher.ts";
import type { Inscriber } from "../../../agents/inscriber/inscriber.ts";
import type { StackError } from "../../../protocol/errors.ts";
import { nobody } from "../bitcoin/regtest.ts";
import { FillerEpochs, startSealNetwork, testLimits, type SealNetwork } from "./network.ts";

const kinds = (actions: readonly { kind: string; epoch: number }[]) =>
  actions.map((a) => `${a.kind} ${a.epoch}`);

/** Steps until a step does nothing; returns all it did. */
async function settle(inscriber: Inscriber): Promise<string[]> {
  const done: string[] = [];
  for (let i = 0; i < 50; i++) {
    const actions = kinds(await inscriber.step());
    if (actions.length === 0) return done;
    done.push(...actions);
  }
  throw new Error(`never settles: ${done.join(", ")}`);
}

describe("inscriber on regtest", function () {
  this.timeout(120_000);
  let network: SealNetwork;
  beforeEach(async () => {
    network = await startSealNetwork();
  });
  afterEach(() => network.close());

  /** Confirmed reveals, in order of the seal. */
  async function revealsOf(): Promise<string[]> {
    const tracker = new SealTracker(network.bitcoin.rpc, network.genesis);
    await tracker.sync();
    return tracker.spends.map((spend) => spend.transaction.txid);
  }
  const rawTransaction = async (txid: string) =>
    Buffer.from(await network.bitcoin.rpc.call<string>("getrawtransaction", txid), "hex");
  const isPublished = async (txid: string) =>
    (await network.bitcoin.rpc.call<{ confirmations?: number }>("getrawtransaction", txid, true))
      .confirmations ?? 0;

  it("inscribes epochs one after the other along the seal, and an independent parser reads them", async () => {
    const builder = new FillerEpochs(3);
    const inscriber = await network.open({ builder });
    expect(await settle(inscriber)).to.deep.equal([
      ...["build 1", "confirm 1"],
      ...["build 2", "confirm 2"],
      ...["build 3", "confirm 3"],
    ]);
    const entries = inscriber.journal().entries;
    expect(await revealsOf()).to.deep.equal(entries.map((e) => e.inscribed!.txid));
    for (const [i, entry] of entries.entries()) {
      const reveal = Transaction.fromHex(entry.pair!.revealHex);
      expect(reveal.outs).to.have.lengthOf(1);
      expect(reveal.outs[0]!.value).to.equal(546n);
      expect(Buffer.from(reveal.outs[0]!.script)).to.deep.equal(Buffer.from(network.sealScript));
      const inscriptions = parseWitness(reveal.ins[0]!.witness)!;
      expect(inscriptions).to.have.lengthOf(1);
      const [inscription] = inscriptions;
      expect(inscription!.cursed ?? false).to.equal(false);
      expect(Buffer.from(inscription!.body)).to.deep.equal(Buffer.from(builder.body(entry.epoch)));
      expect(inscription!.tags.contentType).to.equal("application/cbor");
      const parent = i === 0 ? undefined : `${entries[i - 1]!.pair!.revealTxid}i0`;
      expect(inscription!.tags.parent).to.equal(parent);
    }
  });

  it("is final after six confirmations, and begins there after a restart", async () => {
    const builder = new FillerEpochs(1);
    const inscriber = await network.open({ builder });
    await settle(inscriber);
    await network.bitcoin.mine(4);
    expect(kinds(await inscriber.step())).to.deep.equal([]);
    await network.bitcoin.mine(1);
    expect(await settle(inscriber)).to.deep.equal(["finalise 1"]);
    builder.available = 2;
    const again = await network.open({ builder });
    expect(await settle(again)).to.deep.equal(["build 2", "confirm 2"]);
    expect(await revealsOf()).to.deep.equal(again.journal().entries.map((e) => e.pair!.revealTxid));
  });

  it("crashes after the commit, resumes twice, and there is one epoch", async () => {
    const builder = new FillerEpochs(1);
    const { rpc } = network.bitcoin;
    const commitOnly: Publisher = {
      async publish(pair) {
        await rpc.call("sendrawtransaction", pair.commitHex);
        throw new Error("the power is cut");
      },
    };
    const crashed = await network.open({ builder, publisher: commitOnly });
    const failure = await crashed.step().catch((error: Error) => error.message);
    expect(failure).to.equal("the power is cut");
    const { pair } = crashed.journal().entries[0]!;
    await network.bitcoin.mine(1);

    for (const round of [1, 2]) {
      const resumed = await network.open({ builder });
      await settle(resumed);
      expect(resumed.journal().entries, `round ${round}`).to.have.lengthOf(1);
      expect(await revealsOf()).to.deep.equal([pair!.revealTxid]);
    }
  });

  it("puts the same bytes back after a reorganisation of depth 2 that drops commit and reveal", async () => {
    const builder = new FillerEpochs(1);
    const inscriber = await network.open({ builder });
    await settle(inscriber);
    const before = inscriber.journal().entries[0]!;
    await network.bitcoin.mine(1);
    await network.bitcoin.rpc.call("invalidateblock", before.inscribed!.block.hash);
    await network.bitcoin.mine(3);
    expect(await revealsOf()).to.deep.equal([]);
    expect(await settle(inscriber)).to.deep.equal(["unconfirm 1", "publish 1", "confirm 1"]);
    const after = inscriber.journal().entries[0]!;
    expect(after.pair).to.deep.equal(before.pair);
    expect(after.inscribed!.block.hash).not.to.equal(before.inscribed!.block.hash);
    expect(await revealsOf()).to.deep.equal([before.pair!.revealTxid]);
  });

  it("raises the fee with the same seal and the same coin: the old pair can never confirm beside the new one", async () => {
    const builder = new FillerEpochs(1);
    const { rpc } = network.bitcoin;
    const commitOnly: Publisher = {
      publish: async (pair) => void (await rpc.call("sendrawtransaction", pair.commitHex)),
    };
    const limits = { ...testLimits, bumpAfterBlocks: 0, bumpFactor: 2 };
    const slow = await network.open({
      builder,
      publisher: commitOnly,
      limits: { ...limits, bumpAfterBlocks: 1000 },
    });
    await slow.step();
    const old = slow.journal().entries[0]!.pair!;
    // The market moves: what waits at 1 sat/vB would wait for ever.
    const busy = Object.create(rpc) as typeof rpc;
    busy.call = ((method: string, ...params: unknown[]) =>
      method === "estimatesmartfee"
        ? Promise.resolve({ feerate: 0.00008 })
        : rpc.call(method, ...params)) as typeof rpc.call;
    const fast = await network.open({ builder, publisher: commitOnly, limits, rpc: busy });
    expect(kinds(await fast.step())).to.deep.equal(["raiseFee 1"]);
    const entry = fast.journal().entries[0]!;
    expect(entry.replaced).to.deep.equal([old]);
    expect(entry.pair!.feeRate).to.equal(8);
    expect(Number(entry.pair!.feeSats)).to.be.greaterThan(Number(old.feeSats) * 4);
    const spent = (hex: string) =>
      readTransaction(Buffer.from(hex, "hex")).inputs.map((i) => `${i.txid}:${i.vout}`);
    expect(spent(entry.pair!.commitHex)).to.deep.equal(spent(old.commitHex));
    expect(spent(entry.pair!.revealHex)[1]).to.equal(spent(old.revealHex)[1]);
    const mempool = await rpc.call<string[]>("getrawmempool");
    expect(mempool).to.include(entry.pair!.commitTxid).and.not.include(old.commitTxid);

    const calm = await network.open({ builder });
    expect(await settle(calm)).to.deep.equal(["publish 1", "confirm 1"]);
    const refused = await rpc
      .call("generateblock", nobody, [old.commitHex, old.revealHex])
      .catch((error: StackError) => error.type);
    expect(refused).to.include({ code: "BITCOIN_RPC_ERROR", rpcCode: -25 });
    expect(await revealsOf()).to.deep.equal([entry.pair!.revealTxid]);
  });

  it("adopts the old pair when a miner takes it after the fee was raised", async () => {
    const builder = new FillerEpochs(2);
    const { rpc } = network.bitcoin;
    const nowhere: Publisher = { publish: async () => undefined };
    const inscriber = await network.open({ builder, publisher: nowhere });
    await inscriber.step();
    const path = join(network.folder, "journal.json");
    const old = inscriber.journal().entries[0]!.pair!;
    const busy = Object.create(rpc) as typeof rpc;
    busy.call = ((method: string, ...params: unknown[]) =>
      method === "estimatesmartfee"
        ? Promise.resolve({ feerate: 0.0001 })
        : rpc.call(method, ...params)) as typeof rpc.call;
    const raised = await network.open({
      builder,
      publisher: nowhere,
      limits: { ...testLimits, bumpAfterBlocks: 0 },
      rpc: busy,
    });
    await raised.step();
    expect(JSON.parse(await readFile(path, "utf8")).entries[0].replaced).to.have.lengthOf(1);
    await createMinePublisher(rpc, nobody).publish(old);
    const resumed = await network.open({ builder });
    expect(await settle(resumed)).to.deep.equal(["adopt 1", "confirm 1", "build 2", "confirm 2"]);
    expect((await revealsOf())[0]).to.equal(old.revealTxid);
  });

  it("reads the chain of epochs back when the journal is lost, and goes on", async () => {
    const builder = new FillerEpochs(2);
    await settle(await network.open({ builder }));
    await rm(join(network.folder, "journal.json"));
    builder.available = 3;
    const inscriber = await network.open({ builder });
    expect(await settle(inscriber)).to.deep.equal(["recover 1", "recover 2", "build 3", "confirm 3"]);
    expect(await revealsOf()).to.deep.equal(inscriber.journal().entries.map((e) => e.inscribed!.txid));
    expect(inscriber.journal().entries[1]!.bodyHash).to.match(/^[0-9a-f]{64}$/);
  });

  it("makes the same transactions again when the journal is lost before anything confirmed", async () => {
    const builder = new FillerEpochs(1);
    const nowhere: Publisher = { publish: async () => undefined };
    const first = await network.open({ builder, publisher: nowhere });
    await first.step();
    const second = await network.open({ builder, publisher: nowhere, journal: "other.json" });
    await second.step();
    expect(second.journal().entries[0]!.pair).to.deep.equal(first.journal().entries[0]!.pair);
  });

  it("stops when a stranger spends the seal", async () => {
    const builder = new FillerEpochs(2);
    const nowhere: Publisher = { publish: async () => undefined };
    const inscriber = await network.open({ builder, publisher: nowhere });
    await inscriber.step();
    const thief = await network.open({ builder: new FillerEpochs(1, 100), journal: "thief.json" });
    await settle(thief);
    const error = (await inscriber.step().catch((e: unknown) => e)) as StackError;
    expect(error.type).to.include({ code: "SEAL_SPENT_BY_STRANGER", epoch: 1 });
    expect(error.severity).to.equal("fatal");
  });

  it("recovers an abandoned commit's value with the leaf hash alone", async () => {
    const { recoverCommit } = await import("../../../agents/inscriber/recoverCommit.ts");
    const builder = new FillerEpochs(1);
    const { rpc } = network.bitcoin;
    const commitOnly: Publisher = {
      publish: async (pair) => void (await rpc.call("sendrawtransaction", pair.commitHex)),
    };
    const inscriber = await network.open({ builder, publisher: commitOnly });
    await inscriber.step();
    const { pair } = inscriber.journal().entries[0]!;
    await network.bitcoin.mine(1);
    const back = recoverCommit(network.keys, pair!, 2);
    await rpc.call("sendrawtransaction", back.toHex());
    await network.bitcoin.mine(1);
    expect(await isPublished(back.getId())).to.equal(1);
  });

  it("relays where the node's policy takes the envelope, and says so where it does not", async () => {
    const builder = new FillerEpochs(1);
    const inscriber = await network.open({ builder, publisher: createRelayPublisher(network.bitcoin.rpc) });
    const error = (await inscriber.step().catch((e: unknown) => e)) as StackError;
    // Knots' default policy; Bitcoin Core relays it. Either way the journal has the pair and a later step goes on.
    if (error instanceof Error) expect(error.type).to.include({ code: "BITCOIN_RPC_ERROR", rpcCode: -26 });
    expect(inscriber.journal().entries).to.have.lengthOf(1);
    expect(await settle(await network.open({ builder }))).to.include("confirm 1");
    const { pair } = inscriber.journal().entries[0]!;
    expect((await rawTransaction(pair!.revealTxid)).toString("hex")).to.equal(pair!.revealHex);
    expect(sealOf(pair!.revealTxid)).to.deep.equal({ txid: pair!.revealTxid, vout: 0 });
  });

  it("never leaves a torn journal: a leftover of a broken write is not read", async () => {
    await writeFile(join(network.folder, ".journal.json.x.tmp"), "{");
    const inscriber = await network.open({ builder: new FillerEpochs(0) });
    expect(await inscriber.step()).to.deep.equal([]);
  });
});
