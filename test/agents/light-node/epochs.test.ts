import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lightNodeStatus } from "../../../agents/light-node/api.ts";
import { openLightNode, type LightNode } from "../../../agents/light-node/lightNode.ts";
import type { Refusal } from "../../../agents/light-node/refusals.ts";
import { inscriptionLeaf } from "../../../agents/inscriber/envelope.ts";
import { largestCoin } from "../../../agents/inscriber/coins.ts";
import { buildPair, SEAL_SATS } from "../../../agents/inscriber/pair.ts";
import { createMinePublisher } from "../../../agents/inscriber/publisher.ts";
import { sealOf } from "../../../agents/kit/bitcoin/sealChain.ts";
import { systemClock } from "../../../agents/kit/clock.ts";
import { compress } from "../../../agents/kit/da/compression.ts";
import type { DaError } from "../../../agents/kit/da/errors.ts";
import type { DataAvailability } from "../../../agents/kit/da/dataAvailability.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { encodeBatch } from "../../../protocol/batch.ts";
import { decodeBlock, type BlockData } from "../../../protocol/block.ts";
import { StackError } from "../../../protocol/errors.ts";
import {
  decodeBody,
  encodeBody,
  epochInputsOf,
  type EpochBody,
  type EpochCommitment,
} from "../../../protocol/inscription/commitment.ts";
import { localPointer } from "../../../protocol/inscription/pointer.ts";
import { epochToFields } from "../../../protocol/publicInputs.ts";
import { stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { rootOfPath } from "../../../protocol/state/proofs.ts";
import { NO_RECEIPTS } from "../../../protocol/state/receipts.ts";
import { nobody } from "../bitcoin/regtest.ts";
import { genesisFile, richWallet } from "./localChain.ts";
import { BLOCKS_PER_EPOCH, L3_ID, startWorld, type World } from "./world.ts";

describe("light node: epochs on real parts", function () {
  this.timeout(180_000);
  let world: World;
  let folder: string;
  let light: LightNode;

  async function start(): Promise<void> {
    world = await startWorld();
    folder = await mkdtemp(join(tmpdir(), "bvm-light-"));
    light = await open();
  }
  async function stop(): Promise<void> {
    await light.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }

  const open = (
    da: DataAvailability = world.da,
    follow = [{ name: "demo", id: L3_ID }],
  ): Promise<LightNode> =>
    openLightNode(
      {
        dataDir: folder,
        genesis: world.genesis,
        supersonicName: "supersonic",
        follow: follow.map(({ name, id }) => ({ name, genesis: parseGenesis(genesisFile(id, "evm")) })),
      },
      { rpc: world.seal.bitcoin.rpc, da, clock: systemClock, logger: silentLogger },
    );

  async function reopen(da?: DataAvailability, follow?: { name: string; id: number }[]): Promise<void> {
    await light.close();
    light = await open(da, follow);
  }

  const failure = (promise: Promise<unknown>): Promise<Refusal> =>
    promise.then(
      () => expect.fail("resolved"),
      (error) => error as Refusal,
    );

  /** Where the node stands, without what changes with every block. */
  const standing = () =>
    light.chains().map(({ name, blockNumber, stateRoot }) => ({ name, blockNumber, stateRoot }));

  describe("truth", () => {
    beforeEach(start);
    afterEach(stop);

    it("verifies epochs with and without batches, and every chain stands where its own node does", async () => {
      await world.settleBatch(2);
      await world.inscribe(1);
      await light.step();
      await world.inscribe(2);
      await world.settleBatch(1);
      await world.settleBatch(3);
      await world.inscribe(3);
      await light.step();

      const status = lightNodeStatus(light, null);
      expect(status).to.include({ epoch: 3, refusal: null, problem: null });
      expect(status.bitcoinHeight).to.equal(await world.seal.bitcoin.rpc.call("getblockcount"));
      expect(status.chains).to.deep.equal([
        {
          name: "supersonic",
          chainId: 1337,
          blockNumber: 3 * BLOCKS_PER_EPOCH,
          stateRoot: world.supersonic.chain.head.stateRoot,
        },
        { name: "demo", chainId: L3_ID, blockNumber: 6, stateRoot: world.l3.chain.head.stateRoot },
      ]);
      expect(
        light.epochs().map(({ epoch, batchCount, lastBlock }) => ({ epoch, batchCount, lastBlock })),
      ).to.deep.equal([
        { epoch: 1, batchCount: 1, lastBlock: 8 },
        { epoch: 2, batchCount: 0, lastBlock: 16 },
        { epoch: 3, batchCount: 2, lastBlock: 24 },
      ]);
      const account = richWallet.address.toLowerCase() as `0x${string}`;
      const [, demo] = light.chains();
      expect(demo!.replayed.chain.state(6n).account(account)!.nonce).to.equal(6n);
    });

    it("starts from its disk, follows a chain it did not follow before, and loses nothing by a deleted folder", async () => {
      await world.settleBatch(2);
      await world.inscribe(1);
      await reopen(world.da, []);
      await light.step();
      expect(standing()).to.have.lengthOf(1);
      await reopen();
      await light.step();
      const before = standing();
      expect(before[1]).to.deep.equal({
        name: "demo",
        blockNumber: 2n,
        stateRoot: world.l3.chain.head.stateRoot,
      });
      await light.close();
      await rm(folder, { recursive: true });
      light = await open();
      await light.step();
      expect(standing()).to.deep.equal(before);
    });

    it("goes back with a Bitcoin reorganisation of depth 2, state and all, and comes again", async () => {
      await world.inscribe(1);
      await light.step();
      const one = standing();
      await world.settleBatch(2);
      await world.inscribe(2);
      await world.seal.bitcoin.mine(1);
      await light.step();
      const two = standing();
      const dropped = light.epochs()[1]!;
      await world.seal.bitcoin.rpc.call("invalidateblock", dropped.bitcoin.hash);
      await world.seal.bitcoin.mine(3);
      await light.step();
      expect(standing()).to.deep.equal(one);
      expect(light.epochs()).to.have.lengthOf(1);
      await world.inscribe(2);
      await light.step();
      expect(standing()).to.deep.equal(two);
      expect(light.epochs()[1]!.txid).to.equal(dropped.txid);
    });
  });

  describe("lies", () => {
    let truth: EpochBody;
    let stands: ReturnType<typeof standing>;
    let seal: string;

    /** Epoch 1 is verified; epoch 2 is what lies are made of: true, and not inscribed before the lies are. */
    before(async () => {
      await start();
      await world.inscribe(1);
      await light.step();
      stands = standing();
      seal = light.epochs()[0]!.txid;
      await world.settleBatch(2);
      while (world.supersonic.chain.head.number < 2n * BigInt(BLOCKS_PER_EPOCH))
        await world.supersonic.block();
      truth = await builtEpoch();
    });
    after(stop);

    /** The inscriber's own next body, without publishing it. */
    async function builtEpoch(): Promise<EpochBody> {
      const { createSupersonicEpochs } = await import("../../../agents/inscriber/supersonicEpochs.ts");
      const builder = createSupersonicEpochs({ ...world.epochModules });
      const first = world.inscriber.journal().entries[0]!;
      const before = {
        epoch: 1,
        lastBlock: first.lastBlock,
        body: new Uint8Array(Buffer.from(first.body, "hex")),
      };
      const range = (await builder.nextRange(before))!;
      return decodeBody((await builder.build(2, range, before))!.body);
    }

    /** Inscribes `body` with the true key under the true seal; returns the reveal's id. */
    async function inscribeBody(body: Uint8Array): Promise<string> {
      const { keys, bitcoin } = world.seal;
      const { commit, reveal } = buildPair({
        keys,
        leaf: inscriptionLeaf(keys.funding.xOnly, body, sealOf(seal)),
        seal: { ...sealOf(seal), valueSats: SEAL_SATS },
        funding: await largestCoin(bitcoin.rpc, keys.funding.address),
        feeRate: 2,
      });
      const pair = { commitTxid: commit.getId(), commitHex: commit.toHex(), revealHex: reveal.toHex() };
      await createMinePublisher(bitcoin.rpc, nobody).publish(pair);
      return reveal.getId();
    }

    /** A commitment changed by a liar who can prove anything (the open program), so that only what it says is wrong. */
    async function lie(changes: Partial<EpochCommitment>): Promise<Uint8Array> {
      const commitment = { ...truth.commitment, ...changes };
      return encodeBody({
        commitment,
        proof: await world.program.prove(epochToFields(epochInputsOf(commitment))),
      });
    }

    async function refuses(
      body: Uint8Array,
      code: string,
      values: Record<string, string> = {},
    ): Promise<void> {
      seal = await inscribeBody(body);
      await light.step();
      expect(light.refusal()).to.include({ code, kind: "false", txid: seal });
      expect(light.refusal()!.values).to.include(values);
      expect(standing()).to.deep.equal(stands);
      expect(light.position().seal).to.deep.equal(sealOf(seal));
    }

    it("a flipped proof byte", async () => {
      const proof = truth.proof.slice();
      proof[1000]! ^= 1;
      await refuses(encodeBody({ ...truth, proof }), "EPOCH_PROOF_REJECTED", { epoch: "2" });
    });

    it("a true proof beside another commitment", async () => {
      const commitment = { ...truth.commitment, pointers: [] };
      await refuses(encodeBody({ ...truth, commitment }), "EPOCH_PROOF_REJECTED");
    });

    it("an epoch that skips blocks", async () => {
      const body = await lie({ firstBlock: truth.commitment.firstBlock + 1n });
      await refuses(body, "EPOCH_SKIPS_BLOCKS", { expected: "9", actual: "10" });
    });

    it("an epoch that ends with another block than its data", async () => {
      const body = await lie({ lastBlock: truth.commitment.lastBlock + 1n });
      await refuses(body, "EPOCH_SKIPS_BLOCKS", { expected: "17", actual: "16" });
    });

    it("an epoch out of turn", async () => {
      await refuses(await lie({ epoch: 3n }), "EPOCH_NOT_NEXT", { expected: "2", actual: "3" });
    });

    it("an epoch of another chain, or under another key", async () => {
      await refuses(await lie({ chainId: 5n }), "EPOCH_CHAIN_MISMATCH", { expected: "1337", actual: "5" });
    });

    it("another key", async () => {
      await refuses(await lie({ epochKeyHash: 5n }), "EPOCH_KEY_UNKNOWN", { actual: "5" });
    });

    for (const what of ["stateRoot", "dataHash"] as const)
      it(`another previous ${what}`, async () => {
        const field = what === "stateRoot" ? "previousStateRoot" : "previousDataHash";
        await refuses(await lie({ [field]: 5n }), "EPOCH_PREVIOUS_MISMATCH", { what, actual: "5" });
      });

    it("another settlement before", async () => {
      await refuses(await lie({ settlementIn: 5n }), "EPOCH_PREVIOUS_MISMATCH", {
        what: "settlement",
        actual: "5",
      });
    });

    it("a state root that execution does not reach", async () => {
      await refuses(await lie({ stateRoot: 5n }), "EPOCH_STATE_ROOT_MISMATCH", { expected: "5" });
    });

    it("a state root of the right tree with other receipts: one log left out would do", async () => {
      const block = truth.commitment.lastBlock;
      const { account, leafCount, receiptsHead } = world.supersonic.chain.prove(block, world.rollup, []);
      const root = rootOfPath(leafHash(account.leaf), account.index, account.siblings);
      expect(stateRootOf(root, leafCount, receiptsHead)).to.equal(truth.commitment.stateRoot);
      const stateRoot = stateRootOf(root, leafCount, NO_RECEIPTS);
      await refuses(await lie({ stateRoot }), "EPOCH_STATE_ROOT_MISMATCH", { expected: String(stateRoot) });
    });

    it("a data hash that the data does not have", async () => {
      await refuses(await lie({ dataHash: 5n }), "EPOCH_DATA_HASH_MISMATCH", { expected: "5" });
    });

    it("a settlement that the blocks did not settle", async () => {
      await refuses(await lie({ settlementOut: 5n }), "EPOCH_SETTLEMENT_MISMATCH", {
        expected: "5",
        batches: "1",
      });
    });

    it("a batch more than the blocks settled", async () => {
      await refuses(await lie({ batchCount: 2n }), "EPOCH_SETTLEMENT_MISMATCH", { batches: "1" });
    });

    it("data that is no batch", async () => {
      const garbage = compress(new TextEncoder().encode("no batch at all"));
      await world.da.put(garbage);
      await refuses(await lie({ pointers: [localPointer(garbage)] }), "EPOCH_DATA_MALFORMED");
    });

    it("blocks that break the chain's rules", async () => {
      const blocks = world.supersonic.blocks(9n, 16n).map(decodeBlock);
      const cheap: BlockData[] = blocks.map((block, i) =>
        i === 3 ? { ...block, baseFeePerGas: 7n } : block,
      );
      const data = compress(encodeBatch(cheap));
      await world.da.put(data);
      const body = await lie({ pointers: [localPointer(data)] });
      await refuses(body, "EPOCH_BLOCK_INVALID", { blockNumber: "12", reason: "BLOCK_BASE_FEE_MISMATCH" });
    });

    it("bytes that are no epoch", async () => {
      await refuses(new Uint8Array(100), "INSCRIPTION_MALFORMED");
    });

    /** The real data layer, except for what `alter` does to what is read. */
    const daWith = (alter: (data: Uint8Array, name: string) => Uint8Array): DataAvailability => ({
      put: (data) => world.da.put(data),
      get: async (commitment) =>
        alter(await world.da.get(commitment), Buffer.from(commitment).toString("hex")),
    });

    const missing = (): never => {
      throw new StackError<DaError>({ code: "DA_NOT_FOUND", commitment: "" }, "retry");
    };
    const wrong = (): never => {
      throw new StackError<DaError>({ code: "DA_CONTENT_MISMATCH", commitment: "", actual: "" }, "retry");
    };

    it("the truth, after all of them; while a server withholds or alters its data nothing moves", async () => {
      await inscribeBody(encodeBody(truth));
      const l3Data = world.lastBatchPointer().slice(2);
      const servers = [
        { da: daWith(missing), code: "DATA_MISSING" },
        { da: daWith(wrong), code: "DATA_WRONG" },
        // An epoch counts when everything of it holds, the data of the L3s that are followed too.
        { da: daWith((data, name) => (name === l3Data ? missing() : data)), code: "DATA_MISSING" },
      ];
      for (const { da, code } of servers) {
        await reopen(da);
        for (const round of ["first", "again"]) {
          const error = await failure(light.step());
          expect(error.type.code, round).to.equal(code);
          expect(error.severity).to.equal("retry");
        }
        expect(light.refusal()).to.include({ code, kind: "withheld" });
        expect(standing()).to.deep.equal(stands);
      }
      await reopen();
      await light.step();
      expect(light.refusal()).to.equal(undefined);
      expect(light.epochs()).to.have.lengthOf(2);
      expect(standing()[0]).to.include({ stateRoot: world.supersonic.chain.head.stateRoot });
      expect(standing()[1]).to.include({ blockNumber: 2n, stateRoot: world.l3.chain.head.stateRoot });
    });

    it("stands where a followed chain's genesis is not the one that was settled", async () => {
      await light.close();
      await rm(folder, { recursive: true });
      const wrongGenesis = { ...genesisFile(L3_ID, "evm"), gasLimit: 20_000_000 };
      light = await openLightNode(
        {
          dataDir: folder,
          genesis: world.genesis,
          supersonicName: "supersonic",
          follow: [{ name: "demo", genesis: parseGenesis(wrongGenesis) }],
        },
        { rpc: world.seal.bitcoin.rpc, da: world.da, clock: systemClock, logger: silentLogger },
      );
      const error = await failure(light.step());
      expect(error.type).to.include({ code: "CHAIN_STATE_MISMATCH", chain: "demo" });
      expect(error.severity).to.equal("fatal");
      expect(light.epochs()).to.have.lengthOf(0);
      expect(light.refusal()).to.include({ code: "CHAIN_STATE_MISMATCH", kind: "standstill" });
    });
  });
});
