import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFollower, type CheckedEpoch, type EpochChecker } from "../../../agents/light-node/follower.ts";
import { Refusal } from "../../../agents/light-node/refusals.ts";
import { createLightStore, type LightStore } from "../../../agents/light-node/store.ts";
import { createMinePublisher } from "../../../agents/inscriber/publisher.ts";
import { buildPair, SEAL_SATS } from "../../../agents/inscriber/pair.ts";
import { inscriptionLeaf } from "../../../agents/inscriber/envelope.ts";
import { largestCoin } from "../../../agents/inscriber/coins.ts";
import type { BitcoinRpc } from "../../../agents/kit/bitcoin/rpc.ts";
import { sealOf } from "../../../agents/kit/bitcoin/sealChain.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { openStore, type Store } from "../../../agents/kit/lmdb.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import type { StackError } from "../../../protocol/errors.ts";
import { nobody } from "../bitcoin/regtest.ts";
import { FillerEpochs, startSealNetwork, type SealNetwork } from "../inscriber/network.ts";

/**
 * What epochs say is another module's to check; here every body that begins with the next epoch's number is one, and what
 * was checked and left is noted. `behaviour` lets a test make the check refuse.
 */
class NumberedEpochs implements EpochChecker {
  readonly bodies: Buffer[] = [];
  behaviour: (epoch: number) => void = () => undefined;

  async check(body: Uint8Array, epoch: number): Promise<CheckedEpoch> {
    const actual = Buffer.from(body).readUInt32BE();
    if (actual !== epoch + 1)
      throw Refusal.falseInscription({
        code: "EPOCH_NOT_NEXT",
        expected: BigInt(epoch + 1),
        actual: BigInt(actual),
      });
    this.behaviour(actual);
    this.bodies.push(Buffer.from(body));
    return { epoch: actual, firstBlock: 1, lastBlock: 1, stateRoot: "0x", dataHash: "0x", batchCount: 0 };
  }

  async restore(epoch: number): Promise<void> {
    this.bodies.length = Math.min(this.bodies.length, epoch);
  }
}

describe("light node: follows the seal on regtest", function () {
  this.timeout(120_000);
  let network: SealNetwork;
  let folder: string;
  let db: Store;
  let store: LightStore;
  let checker: NumberedEpochs;

  beforeEach(async () => {
    network = await startSealNetwork();
    folder = await mkdtemp(join(tmpdir(), "bvm-light-"));
    checker = new NumberedEpochs();
    openLightStore();
  });
  afterEach(async () => {
    await db.close();
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });

  function openLightStore(): void {
    db = openStore(folder);
    store = createLightStore(db, { ...network.genesis, epoch: 0 });
  }

  const follower = (rpc: BitcoinRpc = network.bitcoin.rpc) =>
    createFollower({
      rpc,
      store,
      checker,
      sealScript: network.sealScript,
      clock: systemClock,
      logger: silentLogger,
    });

  /** A node that answers honestly but for the block it is asked for. */
  const lying = (alter: (block: Buffer) => Buffer): BitcoinRpc => ({
    async call<T>(method: string, ...params: unknown[]): Promise<T> {
      const answer = await network.bitcoin.rpc.call<T>(method, ...params);
      if (method !== "getblock" || params[1] !== 0) return answer;
      return alter(Buffer.from(answer as string, "hex")).toString("hex") as T;
    },
  });

  async function inscribe(builder: FillerEpochs, epochs: number): Promise<string[]> {
    builder.available = epochs;
    const inscriber = await network.open({ builder });
    while ((await inscriber.step()).length > 0);
    return inscriber.journal().entries.map((entry) => entry.inscribed!.txid);
  }

  const failure = (promise: Promise<unknown>): Promise<Refusal> =>
    promise.then(
      () => expect.fail("resolved"),
      (error) => error as Refusal,
    );

  it("reads every epoch's body byte for byte, and none that does not spend the seal", async () => {
    const builder = new FillerEpochs(3);
    const txids = await inscribe(builder, 3);
    // The same envelope format, the same key even, but another seal: nobody's epoch.
    const leaf = inscriptionLeaf(network.keys.funding.xOnly, builder.body(4), undefined);
    const stray = { ...(await strayOutput()), valueSats: SEAL_SATS };
    const funding = await largestCoin(network.bitcoin.rpc, network.keys.funding.address);
    await publishPair(leaf, stray, funding);

    await follower().step();
    expect(checker.bodies).to.deep.equal([1, 2, 3].map((epoch) => Buffer.from(builder.body(epoch))));
    expect(store.epochs().map((epoch) => epoch.txid)).to.deep.equal(txids);
    expect(store.position()).to.include({ epoch: 3 });
    expect(store.position().seal).to.deep.equal(sealOf(txids[2]!));
    expect(store.refusal()).to.equal(undefined);
  });

  /** A 546-sat output on the seal's script that is no seal. */
  async function strayOutput() {
    const { createGenesisSeal } = await import("../../../agents/inscriber/genesisSeal.ts");
    const { seal } = await createGenesisSeal(network.bitcoin.rpc, network.keys, 2);
    await network.bitcoin.mine(1);
    return seal;
  }

  async function publishPair(
    leaf: Uint8Array,
    seal: { txid: string; vout: number; valueSats: bigint },
    funding: typeof seal,
  ) {
    const { keys, bitcoin } = network;
    const { commit, reveal } = buildPair({ keys, leaf, seal, funding, feeRate: 2 });
    await createMinePublisher(bitcoin.rpc, nobody).publish({
      commitTxid: commit.getId(),
      commitHex: commit.toHex(),
      revealHex: reveal.toHex(),
    });
    return reveal.getId();
  }

  it("continues from its disk after a restart", async () => {
    const builder = new FillerEpochs(2);
    await inscribe(builder, 1);
    await follower().step();
    await db.close();
    openLightStore();
    await inscribe(builder, 2);
    await follower().step();
    expect(store.position().epoch).to.equal(2);
    expect(checker.bodies).to.have.lengthOf(2);
  });

  it("follows a reorganisation of depth 2 back and forth", async () => {
    const builder = new FillerEpochs(2);
    await inscribe(builder, 2);
    const light = follower();
    await light.step();
    const [, second] = store.epochs();
    await network.bitcoin.mine(1);
    await light.step();
    await network.bitcoin.rpc.call("invalidateblock", second!.bitcoin.hash);
    await network.bitcoin.mine(1);
    await light.step();
    expect(store.position()).to.include({ epoch: 1 });
    expect(store.position().block.height).to.equal(await network.bitcoin.rpc.call("getblockcount"));
    expect(store.epochs()).to.have.lengthOf(1);
    expect(checker.bodies).to.have.lengthOf(1);
    await inscribe(builder, 2);
    await light.step();
    expect(store.epoch(2)!.txid).to.equal(second!.txid);
    expect(store.epoch(2)!.bitcoin.hash).not.to.equal(second!.bitcoin.hash);
  });

  it("leaves an epoch whose block is gone even when the chain got shorter", async () => {
    const builder = new FillerEpochs(1);
    await inscribe(builder, 1);
    const light = follower();
    await light.step();
    await network.bitcoin.rpc.call("invalidateblock", store.epoch(1)!.bitcoin.hash);
    await light.step();
    expect(store.position()).to.deep.equal({ ...network.genesis, epoch: 0 });
    expect(checker.bodies).to.have.lengthOf(0);
  });

  it("refuses an altered witness by name, stands, and goes on when it is served as mined", async () => {
    const builder = new FillerEpochs(1);
    await inscribe(builder, 1);
    const needle = Buffer.from(builder.body(1)).subarray(600, 700);
    const alter = (block: Buffer) => {
      const at = block.indexOf(needle);
      if (at >= 0) block[at]! ^= 1;
      return block;
    };
    const error = await failure(follower(lying(alter)).step());
    expect(error.type).to.include({ code: "WITNESS_NOT_COMMITTED" });
    expect(error.kind).to.equal("withheld");
    expect(store.position().epoch).to.equal(0);
    expect(store.refusal()).to.include({ code: "WITNESS_NOT_COMMITTED", kind: "withheld" });
    await follower().step();
    expect(store.position().epoch).to.equal(1);
    expect(store.refusal()).to.equal(undefined);
  });

  it("checks the leaf against the commit output even where the block's own commitment is forged", async () => {
    const { readReveal } = await import("../../../agents/light-node/reveal.ts");
    const { sealSpends } = await import("../../../agents/kit/bitcoin/sealChain.ts");
    const builder = new FillerEpochs(1);
    const [txid] = await inscribe(builder, 1);
    const tip = { height: 104, hash: await network.bitcoin.rpc.call<string>("getblockhash", 104) };
    const { transactions } = await sealSpends(network.bitcoin.rpc, tip.hash, network.genesis.seal);
    const reveal = transactions[0]!;
    const body = await readReveal(network.bitcoin.rpc, reveal, tip, network.sealScript);
    expect(Buffer.from(body)).to.deep.equal(Buffer.from(builder.body(1)));
    reveal.inputs[0]!.witness[1]![500]! ^= 1;
    const error = await failure(readReveal(network.bitcoin.rpc, reveal, tip, network.sealScript));
    expect(error.type).to.deep.equal({ code: "WITNESS_NOT_COMMITTED", txid });
  });

  it("refuses another block, or other transactions, under a block's name", async () => {
    await inscribe(new FillerEpochs(1), 1);
    const otherHeader = lying((block) => {
      block[0]! ^= 1;
      return block;
    });
    expect((await failure(follower(otherHeader).step())).type.code).to.equal("BITCOIN_BLOCK_ALTERED");
    const otherValue = lying((block) => {
      const at = block.indexOf(Buffer.from(network.sealScript)) - 9;
      if (at > 0) block[at]! ^= 1; // the next seal's value: outputs are under the Merkle root
      return block;
    });
    expect((await failure(follower(otherValue).step())).type.code).to.equal("BITCOIN_BLOCK_ALTERED");
    expect(store.position().epoch).to.equal(0);
  });

  it("skips a false inscription for ever and takes the next true one", async () => {
    const builder = new FillerEpochs(1);
    const { keys, bitcoin, genesis } = network;
    const funding = await largestCoin(bitcoin.rpc, keys.funding.address);
    const leaf = inscriptionLeaf(keys.funding.xOnly, builder.body(7), undefined);
    const txid = await publishPair(leaf, { ...genesis.seal, valueSats: SEAL_SATS }, funding);
    await follower().step();
    expect(store.position()).to.deep.include({ epoch: 0, seal: sealOf(txid) });
    expect(store.refusal()).to.deep.include({ kind: "false", code: "EPOCH_NOT_NEXT", txid });
    expect(store.refusal()!.values).to.deep.equal({ expected: "1", actual: "7" });

    const second = await largestCoin(bitcoin.rpc, keys.funding.address);
    const honest = inscriptionLeaf(keys.funding.xOnly, builder.body(1), undefined);
    await publishPair(honest, { ...sealOf(txid), valueSats: SEAL_SATS }, second);
    await follower().step();
    expect(store.position().epoch).to.equal(1);
    expect(store.refusal()).to.equal(undefined);
  });

  it("stands where the seal is spent without a next one", async () => {
    // Seen by a node whose network's seals have another script: the output is no seal of that network.
    const other = new Uint8Array(network.sealScript);
    other[5]! ^= 1;
    await inscribe(new FillerEpochs(1), 1);
    const light = createFollower({
      rpc: network.bitcoin.rpc,
      store,
      checker,
      sealScript: other,
      clock: systemClock,
      logger: silentLogger,
    });
    const error = await failure(light.step());
    expect(error.type.code).to.equal("SEAL_LOST");
    expect(error.severity).to.equal("fatal");
    expect(store.position().epoch).to.equal(0);
  });

  it("stands half way in a block whose second epoch cannot be checked yet, through restarts and reorganisations", async () => {
    const builder = new FillerEpochs(2);
    const { bitcoin } = network;
    const held = await network.open({
      builder,
      limits: {
        finalConfirmations: 6,
        maxUnconfirmed: 2,
        bumpAfterBlocks: 1000,
        bumpFactor: 2,
        maxFeeRate: 9,
      },
      publisher: { publish: async () => undefined },
    });
    await held.step();
    await held.step();
    const transactions = held.journal().entries.flatMap(({ pair }) => [pair!.commitHex, pair!.revealHex]);
    const { hash } = await bitcoin.rpc.call<{ hash: string }>("generateblock", nobody, transactions);

    checker.behaviour = (epoch) => {
      if (epoch === 2)
        throw Refusal.withheld({ code: "DATA_MISSING", pointer: "0x", reason: "DA_NOT_FOUND" });
    };
    expect((await failure(follower().step())).type.code).to.equal("DATA_MISSING");
    expect(store.epochs().map((e) => e.epoch)).to.deep.equal([1]);
    expect(store.partial()).to.include({ epoch: 1 });
    await db.close();
    openLightStore();
    expect((await failure(follower().step())).type.code).to.equal("DATA_MISSING");
    expect(checker.bodies).to.have.lengthOf(1);

    await bitcoin.rpc.call("invalidateblock", hash);
    await bitcoin.mine(1);
    await follower().step();
    expect(store.position().epoch).to.equal(0);
    expect(store.epochs()).to.deep.equal([]);
    expect(store.partial()).to.equal(undefined);

    checker.behaviour = () => undefined;
    // The commits came back to the mempool with the reorganisation and are in the block just mined.
    const reveals = held.journal().entries.map(({ pair }) => pair!.revealHex);
    await bitcoin.rpc.call("generateblock", nobody, reveals);
    await follower().step();
    expect(store.position().epoch).to.equal(2);
  });

  it("finds the commit without a transaction index", async () => {
    await inscribe(new FillerEpochs(1), 1);
    await network.bitcoin.mine(3);
    const { rpc } = network.bitcoin;
    const noIndex: BitcoinRpc = {
      async call<T>(method: string, ...params: unknown[]): Promise<T> {
        // What a node without -txindex answers for a confirmed transaction.
        if (method === "getrawtransaction" && params.length === 1)
          return rpc.call("getrawtransaction", "00".repeat(32));
        return rpc.call(method, ...params);
      },
    };
    await follower(noIndex).step();
    expect(store.position().epoch).to.equal(1);
  });

  it("says when a reorganisation goes below the block it began with", async () => {
    const light = follower();
    await network.bitcoin.mine(1);
    await light.step();
    await network.bitcoin.rpc.call("invalidateblock", network.genesis.block.hash);
    await network.bitcoin.mine(3, network.keys.funding.address);
    const error = (await failure(light.step())) as unknown as StackError;
    expect(error.type).to.deep.equal({ code: "REORG_TOO_DEEP", height: 102 });
    expect(error.severity).to.equal("fatal");
  });
});
