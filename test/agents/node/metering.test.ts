import { expect } from "chai";
import { Wallet } from "ethers";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockExecution } from "../../../agents/kit/execution/blockExecution.ts";
import type { CreateMeter } from "../../../agents/kit/execution/blockMeter.ts";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import { decodeTransaction } from "../../../agents/kit/execution/decodeTransaction.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import { openStore } from "../../../agents/kit/lmdb.ts";
import type { Hex } from "../../../agents/kit/hex.ts";
import { genesisFile, openChain, type Fixture } from "../execution/chainFixture.ts";
import { addressOf, signed, wallets } from "../execution/wallets.ts";
import { createDataMeter, dataProfiles, dataProgram } from "./dataProgram.ts";
import { refusalOf, runSequencer, type Running } from "./sequencerFixture.ts";

const [alice, bob, carol] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]];
const data = (bytes: number): string => `0x${"01".repeat(bytes)}`;
/** A transfer with data: 16 gas a byte. */
const send = (nonce: number, bytes: number, request: object = {}, from = alice): Promise<Uint8Array> =>
  signed(from, { nonce, to: bob.address, data: data(bytes), gasLimit: 60_000n, ...request });

describe("a sequencer on a program with capacities", () => {
  let running: Running;
  afterEach(() => running.close());
  const start = async (): Promise<Running> => (running = await runSequencer({}, genesisFile, dataProgram));
  const needsOf = (number: bigint) => running.node.provingNeeds(number);

  it("I-NODE-03: refuses by name what no circuit holds, even alone, and it leaves no trace", async () => {
    const { node } = await start();
    const refusal = { code: "CAPACITY_EXCEEDED", capacity: "bytes", needed: 101, available: 100 };
    expect(await refusalOf(node.submit(await send(0, 101)))).to.deep.equal(refusal);
    expect(node.poolContent()).to.deep.equal({ pending: [], queued: [] });
    expect(node.nonce(addressOf(alice), "pending")).to.equal(0n);

    const kept = await node.submit(await send(0, 60));
    // It does not fit beside the first either; what counts is that it does not fit alone.
    expect(await refusalOf(node.submit(await send(1, 101)))).to.deep.equal(refusal);
    expect(node.nonce(addressOf(alice), "pending")).to.equal(1n);
    running = await running.restart();
    expect(running.node.poolContent().pending.map(({ hash }) => hash)).to.deep.equal([kept]);
    expect(running.node.poolContent().queued).to.deep.equal([]);
    await running.sequencer.seal();
    expect(needsOf(1n)!.use).to.deep.equal({ blocks: 1, bytes: 60, gas: 21_000 + 60 * 16 });
  });

  it("keeps for the next block what fits a proof, but not with the block so far", async () => {
    const { node, sequencer } = await start();
    const [first, second] = [await node.submit(await send(0, 60)), await node.submit(await send(1, 60))];
    const other = await node.submit(await send(0, 40, {}, carol));
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([second]);
    expect([first, other].map((hash) => node.receipt(hash)!.blockNumber)).to.deep.equal([1n, 1n]);
    await sequencer.seal();
    expect(node.receipt(second)!.blockNumber).to.equal(2n);
    await sequencer.seal();
    await sequencer.seal();
    expect([1n, 2n, 3n].map((number) => needsOf(number)!.use)).to.deep.equal([
      { blocks: 1, bytes: 100, gas: 2 * 21_000 + 100 * 16 },
      { blocks: 1, bytes: 60, gas: 21_000 + 60 * 16 },
      { blocks: 1 },
    ]);
  });

  it("a refused replacement leaves what it would have replaced", async () => {
    const { node } = await start();
    const old = await node.submit(
      await send(0, 1, { maxFeePerGas: 8n * 10n ** 8n, maxPriorityFeePerGas: 1n }),
    );
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([old]);
    expect((await refusalOf(node.submit(await send(0, 101)))).code).to.equal("CAPACITY_EXCEEDED");
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([old]);
    running = await running.restart();
    expect(running.node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([old]);
  });

  it("drops, when its turn comes, a waiting transaction that no circuit holds; later nonces wait on", async () => {
    const { node, sequencer } = await start();
    const [heavy, later] = [await node.submit(await send(1, 101)), await node.submit(await send(2, 1))];
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.have.members([heavy, later]);
    const first = await node.submit(await send(0, 1));
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([later]);
    await sequencer.seal();
    expect(node.header("latest")!.transactionHashes).to.deep.equal([first]);
  });

  it("does not try every waiting transaction on a block that many do not fit", async () => {
    const senders = Array.from(
      { length: 40 },
      (_, i) => new Wallet(`0x${(1000 + i).toString(16).padStart(64, "0")}`),
    );
    const alloc = senders.map((sender) => ({ address: addressOf(sender), balance: (10n ** 20n).toString() }));
    let measured = 0;
    const createMeter: CreateMeter = (site) => {
      const meter = createDataMeter(site);
      return { ...meter, measure: (executed) => (measured++, meter.measure(executed)) };
    };
    const program = { ...dataProgram, proof: { profiles: dataProfiles, createMeter } };
    running = await runSequencer({}, { ...genesisFile, alloc }, program);
    const { node, sequencer } = running;
    const hashes: Hex[] = [];
    for (const sender of senders) hashes.push(await node.submit(await send(0, 90, {}, sender)));
    expect(node.poolContent().queued.length).to.equal(senders.length - 1);
    for (const hash of hashes) {
      measured = 0;
      await sequencer.seal();
      expect(node.header("latest")!.transactionHashes).to.deep.equal([hash]);
      // One that fits, and 16 that are measured in the block and alone.
      expect(measured).to.be.at.most(1 + 2 * 16);
    }
  });
});

describe("a metered block", () => {
  const ASKER: Hex = `0x${"a5".repeat(20)}`;
  /** Stores BLOCKHASH(calldata) at slot 0; reverts if the second word is set. */
  const asker = "0x6000354060005560203515601257600080fd5b00";
  let fixture: Fixture;
  before(async () => {
    const alloc = [...genesisFile.alloc, { address: ASKER, balance: 0, code: asker }];
    fixture = await openChain({ ...genesisFile, alloc });
    const { chain, machine } = fixture;
    for (let i = 0; i < 5; i++) {
      const chosen = { timestamp: chain.head.timestamp + 1n, feeRecipient: ASKER };
      await chain.seal(chain.begin(machine, chain.headAsParent(), chosen));
    }
  });
  after(() => fixture.close());

  const word = (n: number): string => n.toString(16).padStart(64, "0");
  const ask = async (nonce: number, number: number, reverts = 0, more = "") =>
    decodeTransaction(
      await signed(alice, {
        ...{ nonce, to: ASKER, gasLimit: 90_000n, data: `0x${word(number)}${word(reverts)}${more}` },
      }),
      fixture.chain.common,
    );
  const begin = (): BlockExecution => {
    const { chain, machine } = fixture;
    const environment = {
      ...{ number: 6n, timestamp: chain.head.timestamp + 1n, feeRecipient: ASKER },
      ...{ gasLimit: 30_000_000n, baseFeePerGas: 7n },
      blockHash: (number: bigint) => chain.records.header(number)!.hash,
    };
    const metered = { chainId: chain.genesis.chainId, proof: dataProgram.proof! };
    return new BlockExecution(machine, chain.state(5n), environment, metered);
  };

  it("notes the oldest ancestor that BLOCKHASH asked for, also where the transaction reverts", async () => {
    const block = begin();
    expect(block.provingNeeds).to.deep.equal({ use: { blocks: 1 }, oldestAncestor: undefined });
    expect((await block.execute(await ask(0, 4))).status).to.equal(1);
    expect(block.provingNeeds!.oldestAncestor).to.equal(4n);
    const reverting = begin();
    expect((await reverting.execute(await ask(0, 3, 1))).status).to.equal(0);
    expect(reverting.provingNeeds!.oldestAncestor).to.equal(3n);
  });

  it("I-EXECUTION-05: forgets what a refused transaction asked for, read and used", async () => {
    const block = begin();
    const first = await ask(0, 5);
    await block.execute(first);
    const before = { needs: block.provingNeeds, accounts: new Set(block.accesses.accounts) };
    // 64 bytes more than what is left: it fits alone, and with 128 it does not fit at all.
    const attempt = (more: string) => ask(1, 2, 0, more).then((tx) => block.execute(tx));
    const misfit = { code: "BLOCK_CAPACITY_EXHAUSTED", capacity: "bytes", needed: 128, available: 100 };
    expect(await refusalOf(attempt(""))).to.deep.equal(misfit);
    const refused = { code: "CAPACITY_EXCEEDED", capacity: "bytes", needed: 128, available: 100 };
    expect(await refusalOf(attempt(word(1) + word(2)))).to.deep.equal(refused);
    expect(block.provingNeeds).to.deep.equal(before.needs);
    expect(block.accesses.accounts).to.deep.equal(before.accounts);
    expect(block.transactions).to.deep.equal([first]);
    expect(block.state.account(addressOf(alice))!.nonce).to.equal(1n);
    // Less fits still, as if nothing had been.
    const small = await signed(alice, { nonce: 1, to: bob.address, data: data(36), gasLimit: 60_000n });
    await block.execute(decodeTransaction(small, fixture.chain.common));
    expect(block.provingNeeds!.use.bytes).to.equal(100);
    expect(block.provingNeeds!.oldestAncestor).to.equal(5n);
  });

  it("is asked of the sequencer alone: a block from elsewhere is executed whatever it uses, and notes nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bvm-chain-"));
    const store = openStore(folder);
    const chain = await Chain.open(parseGenesis(genesisFile), store, dataProgram);
    const { timestamp, number } = chain.head;
    const transactions = [await send(0, 90), await send(1, 90)];
    const inputs = { feeRecipient: ASKER, gasLimit: 30_000_000n, baseFeePerGas: 875_000_000n };
    const machine = await chain.createMachine();
    const block = { ...inputs, number: number + 1n, timestamp: timestamp + 1n, transactions };
    await chain.executeBlock(machine, block);
    expect(chain.head.transactionHashes.length).to.equal(2);
    expect(chain.records.provingNeeds(1n)).to.equal(undefined);
    await store.close();
    rmSync(folder, { recursive: true });
  });
});
