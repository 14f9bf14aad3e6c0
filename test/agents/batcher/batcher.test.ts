import { expect } from "chai";
import { Interface } from "ethers";
import type { ChildProcess } from "node:child_process";
import pg from "pg";
import type { BatchJson } from "../../../agents/batcher/api.ts";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { eventually, killNow } from "../jobs/processes.ts";
import { batcherTransactions, readerOf, startBatcherNetwork, type BatcherNetwork } from "./network.ts";

/** Generous: other proofs of this machine may come first. */
const DEADLINE_MS = 300_000;

describe("batcher", function () {
  this.timeout(900_000);
  let network: BatcherNetwork, batcher: ChildProcess;

  before(async () => {
    network = await startBatcherNetwork();
  });
  after(async () => {
    if (batcher) await killNow(batcher);
    await network.stop();
  });

  const batches = async (): Promise<BatchJson[]> =>
    (await (await fetch(`${network.batcherUrl}/batches`)).json()) as BatchJson[];

  /** The settled batch that holds the transaction. */
  async function settled(hash: string): Promise<BatchJson> {
    return eventually(async () => {
      const receipt = await network.layer3.call<{ blockNumber: string } | null>("eth_getTransactionReceipt", [
        hash,
      ]);
      if (!receipt) return undefined;
      const block = Number(receipt.blockNumber);
      const list = await batches().catch(() => []); // it may be down at this moment
      return list.find((b) => b.settledAt !== null && b.firstBlock <= block && block <= b.lastBlock);
    }, DEADLINE_MS);
  }

  /** The contract's record: batches that follow each other, each by one transaction of the batcher. */
  async function assertSettledOnce(): Promise<void> {
    const reader = readerOf(network);
    const contract = { address: network.rollup, abi: new Interface(rollupAbi) };
    const events = await reader.events(contract, "BatchSettled", 0, await reader.blockNumber());
    let expected = 1n;
    for (const { args } of events) {
      expect(args.firstBlock).to.equal(expected);
      expected = args.next.blockNumber + 1n;
    }
    expect(await batcherTransactions(network)).to.equal(events.length);
    expect(new Set(events.map(({ transactionHash }) => transactionHash)).size).to.equal(events.length);
  }

  it("publishes, has proven and attested, and settles; and tells when", async () => {
    batcher = await network.startBatcher();
    const batch = await settled(await network.transfer());
    expect(batch.batchIndex).to.equal(1);
    expect(batch.firstBlock).to.equal(1);
    const { publishedAt, provenAt } = batch as { publishedAt: string; provenAt: string };
    expect(Date.parse(publishedAt)).to.be.at.most(Date.parse(provenAt));
    expect(batch.transactionHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(batch.settledInBlock).to.be.above(0);
    await assertSettledOnce();
  });

  it("goes on where it stopped, killed after each of its steps, and settles nothing twice", async () => {
    const steps = [
      "batch published",
      "proofs requested",
      "inner proof published",
      "batch attested",
      "batch proven",
      "transaction signed",
      "batch settled",
    ];
    const hashes: string[] = [];
    await killNow(batcher);
    for (const step of steps) {
      hashes.push(await network.transfer());
      await killNow(await network.startBatcher(step));
    }
    batcher = await network.startBatcher();
    for (const hash of hashes) await settled(hash);
    await assertSettledOnce();
  });

  it("loses nothing with its journal: the contract is the record", async () => {
    await killNow(batcher);
    const hash = await network.transfer();
    await network.forgetBatcherData();
    batcher = await network.startBatcher();
    const batch = await settled(hash);
    const first = (await batches())[0]!;
    expect(first).to.include({ batchIndex: 1, firstBlock: 1, publishedAt: null });
    expect(first.settledAt).to.not.equal(null);
    expect(batch.publishedAt).to.not.equal(null);
    await assertSettledOnce();
  });

  it("survives a transaction that the chain drops", async () => {
    await network.chain.rpc.call("evm_setAutomine", [false]);
    const hash = await network.transfer();
    const pending = await eventually(async () => {
      const block = await network.chain.rpc.call<{ transactions: string[] }>("eth_getBlockByNumber", [
        "pending",
        false,
      ]);
      return block.transactions[0];
    }, DEADLINE_MS);
    expect(await network.chain.rpc.call("hardhat_dropTransaction", [pending])).to.equal(true);
    const mining = setInterval(() => void network.chain.mine(), 300);
    await settled(hash);
    clearInterval(mining);
    await network.chain.rpc.call("evm_setAutomine", [true]);
    await assertSettledOnce();
  });

  it("publishes on while no prover runs, and settles several batches in order afterwards", async () => {
    network.prover.paused = true;
    const hashes: string[] = [];
    for (let i = 0; i < 3; i++) {
      hashes.push(await network.transfer());
      const open = i + 1;
      await eventually(
        async () => (await batches()).filter((b) => b.settledAt === null).length >= open,
        DEADLINE_MS,
      );
    }
    network.prover.paused = false;
    for (const hash of hashes) await settled(hash);
    await assertSettledOnce();
  });

  it("asks again when the queue has lost what was asked of it", async () => {
    network.prover.paused = true;
    const hash = await network.transfer();
    const database = new pg.Pool({ connectionString: network.jobs, max: 1 });
    const requested = "select 1 from proving.job where kind = 'chunk' and result is null";
    await eventually(async () => (await database.query(requested)).rows.length > 0, DEADLINE_MS);
    await database.query("truncate proving.job, proving.blob, pgboss.job");
    await database.end();
    network.prover.paused = false;
    await settled(hash);
    await assertSettledOnce();
  });

  it("does not settle without the committee, and does when it is back", async () => {
    await network.stopAttester(1);
    const hash = await network.transfer();
    await eventually(
      async () => (await batches()).some((b) => b.settledAt === null && b.provenAt !== null),
      DEADLINE_MS,
    );
    const before = await batcherTransactions(network);
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // time enough for a wrong submission to show
    expect(await batcherTransactions(network)).to.equal(before);
    await network.restartAttester(1);
    await settled(hash);
    await assertSettledOnce();
  });
});
