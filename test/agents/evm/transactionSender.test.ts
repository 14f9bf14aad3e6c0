import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../../agents/kit/logger.ts";
import { createChainReader } from "../../../agents/kit/evm/chainReader.ts";
import type { EvmRpc } from "../../../agents/kit/evm/rpc.ts";
import {
  openTransactionJournal,
  type TransactionJournal,
} from "../../../agents/kit/evm/transactionJournal.ts";
import { TransactionSender, type Receipt } from "../../../agents/kit/evm/transactionSender.ts";
import { StackError } from "../../../protocol/errors.ts";
import { compileCounter, deploy, DEV_ADDRESS, DEV_CHAIN_ID, DEV_KEY, startDevChain } from "./devChain.ts";
import type { Compiled, DevChain } from "./devChain.ts";

describe("transaction sender", function () {
  this.timeout(60_000);
  let chain: DevChain, counter: Compiled, address: string, folder: string;
  let journal: TransactionJournal, now: number;
  const clock = { now: () => now, sleep: async () => void (await chain.mine()) };

  before(() => (counter = compileCounter()));
  beforeEach(async () => {
    chain = await startDevChain();
    address = await deploy(chain, counter.bytecode);
    folder = await mkdtemp(join(tmpdir(), "bvm-sender-"));
    journal = openTransactionJournal(folder);
    now = 1_700_000_000_000;
  });
  afterEach(async () => {
    await journal.close();
    await chain.stop();
    await rm(folder, { recursive: true });
  });

  const createSender = (rpc: EvmRpc = chain.rpc, confirmations = 1) =>
    new TransactionSender({
      rpc,
      chainId: DEV_CHAIN_ID,
      privateKey: DEV_KEY,
      journal,
      abis: [counter.abi],
      clock,
      logger: silentLogger,
      confirmations,
      stuckAfterMs: 10_000,
    });
  const adding = (key: string, amount = 1n) => ({
    key,
    to: address,
    data: counter.abi.encodeFunctionData("add", [amount, key]),
  });
  const count = async (): Promise<bigint> =>
    (await createChainReader(chain.rpc).view({ address, abi: counter.abi }, "count"))[0];
  const transactionCount = async (): Promise<number> =>
    Number(await chain.rpc.call("eth_getTransactionCount", [DEV_ADDRESS, "latest"]));
  const drop = (): Promise<unknown> =>
    chain.rpc.call("hardhat_dropTransaction", [journal.pending()!.attempts.at(-1)!.hash]);

  it("sends once, however often it is asked", async () => {
    const sender = createSender();
    expect(await sender.advance(adding("a"))).to.equal(undefined);
    expect(await sender.advance(adding("a"))).to.equal(undefined);
    await chain.mine();
    const receipt = (await sender.advance(adding("a"))) as Receipt;
    expect(receipt.blockNumber).to.equal(2);
    await chain.mine();
    expect(await sender.advance(adding("a"))).to.deep.equal(receipt);
    expect([await count(), await transactionCount()]).to.deep.equal([1n, 1]);
  });

  it("waits for the confirmations asked for", async () => {
    const sender = createSender(chain.rpc, 3);
    await sender.advance(adding("a"));
    await chain.mine(2);
    expect(await sender.advance(adding("a"))).to.equal(undefined);
    await chain.mine();
    expect((await sender.advance(adding("a")))?.blockNumber).to.equal(2);
  });

  it("after a crash between signing and sending, sends what the journal holds", async () => {
    const deaf: EvmRpc = {
      call: async (method, params) => {
        if (method === "eth_sendRawTransaction") throw new StackError({ code: "CRASH" }, "fatal");
        return chain.rpc.call(method, params);
      },
    };
    await refusal(createSender(deaf).advance(adding("a")));
    const signed = journal.pending()!.attempts[0]!.hash;
    await createSender().advance(adding("a"));
    await chain.mine();
    expect((await createSender().advance(adding("a")))?.transactionHash).to.equal(signed);
    expect(await count()).to.equal(1n);
  });

  it("after a crash between sending and remembering the answer, does not send a second one", async () => {
    const forgetful: EvmRpc = {
      async call<T>(method: string, params?: readonly unknown[]): Promise<T> {
        const result = await chain.rpc.call<T>(method, params);
        if (method === "eth_sendRawTransaction") throw new StackError({ code: "CRASH" }, "fatal");
        return result;
      },
    };
    await refusal(createSender(forgetful).advance(adding("a")));
    await createSender().advance(adding("a"));
    await chain.mine(2);
    await createSender().advance(adding("a"));
    expect([await count(), await transactionCount()]).to.deep.equal([1n, 1]);
  });

  it("sends the same transaction again when the node dropped it", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    const { hash } = journal.pending()!.attempts[0]!;
    await drop();
    await sender.advance(adding("a"));
    await chain.mine();
    expect((await sender.advance(adding("a")))?.transactionHash).to.equal(hash);
  });

  it("replaces a stuck transaction under the same nonce with fees at least a tenth higher", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    now += 10_000;
    await sender.advance(adding("a"));
    const { attempts, nonce } = journal.pending()!;
    expect([attempts.length, nonce]).to.deep.equal([2, 0]);
    expect(attempts[1]!.maxFeePerGas * 10n >= attempts[0]!.maxFeePerGas * 11n).to.equal(true);
    expect(attempts[1]!.maxPriorityFeePerGas * 10n >= attempts[0]!.maxPriorityFeePerGas * 11n).to.equal(true);
    await chain.mine();
    expect((await sender.advance(adding("a")))?.transactionHash).to.equal(attempts[1]!.hash);
    expect([await count(), await transactionCount()]).to.deep.equal([1n, 1]);
  });

  it("recognises the first transaction when that one is mined after all", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    const first = journal.pending()!.attempts[0]!;
    now += 10_000;
    await sender.advance(adding("a"));
    await drop();
    await chain.rpc.call("eth_sendRawTransaction", [first.raw]);
    await chain.mine();
    expect((await sender.advance(adding("a")))?.transactionHash).to.equal(first.hash);
  });

  it("gets through when the base fee has risen above its offer", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    await drop();
    await chain.rpc.call("hardhat_setNextBlockBaseFeePerGas", ["0x2540be4000"]); // 160 gwei
    await chain.mine();
    await sender.advance(adding("a"));
    await chain.mine();
    now += 10_000;
    expect((await sender.send(adding("a"))).blockNumber).to.be.above(3);
    expect([await count(), await transactionCount()]).to.deep.equal([1n, 1]);
  });

  it("keeps its offer below the cap", async () => {
    const capped = new TransactionSender({
      ...{ rpc: chain.rpc, chainId: DEV_CHAIN_ID, privateKey: DEV_KEY, journal, abis: [], clock },
      ...{ logger: silentLogger, stuckAfterMs: 10_000, maxFeePerGasCap: 1n },
    });
    await capped.advance(adding("a"));
    now += 10_000;
    await capped.advance(adding("a"));
    expect(journal.pending()!.attempts.map((a) => a.signedAt)).to.deep.equal([now]);
  });

  it("names the contract's error and sends nothing when the call would revert", async () => {
    const error = await refusal(createSender().advance(adding("a", 11n)));
    expect(error.type).to.deep.equal({
      code: "CONTRACT_REVERT",
      error: "TooMany",
      args: [10n, 11n],
      to: address,
    });
    expect(error.severity).to.equal("reset");
    expect(journal.pending()).to.equal(undefined);
  });

  it("names built-in reverts and keeps unknown ones as data", async () => {
    const failing = (kind: number) =>
      createSender().advance({
        key: `${kind}`,
        to: address,
        data: counter.abi.encodeFunctionData("fail", [kind]),
      });
    expect((await refusal(failing(0))).type)
      .to.include({ error: "Error" })
      .and.to.deep.include({ args: ["a reason"] });
    expect((await refusal(failing(1))).type)
      .to.include({ error: "Panic" })
      .and.to.deep.include({ args: [1n] });
  });

  it("tells why a mined transaction reverted, and is free for the next one", async () => {
    const sender = createSender();
    const data = counter.abi.encodeFunctionData("addUntil", [2]);
    await chain.rpc.call("evm_setAutomine", [false]);
    await sender.advance({ key: "a", to: address, data });
    await drop();
    await chain.mine(2);
    await sender.advance({ key: "a", to: address, data });
    await chain.mine();
    expect((await refusal(sender.advance({ key: "a", to: address, data }))).type).to.deep.include({
      code: "CONTRACT_REVERT",
      error: "TooMany",
    });
    expect((await sender.send(adding("b"))).blockNumber).to.be.above(4);
  });

  it("lets no transaction overtake a pending one", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    expect((await refusal(sender.advance(adding("b")))).type).to.deep.equal({
      code: "SENDER_BUSY",
      pending: "a",
      wanted: "b",
    });
    await chain.mine();
    await sender.advance(adding("b"));
    await chain.mine();
    await sender.advance(adding("b"));
    expect(await count()).to.equal(2n);
  });

  it("sends again what a reorganisation took back", async () => {
    const snapshot = await chain.rpc.call("evm_snapshot");
    const sender = createSender();
    const first = await sender.send(adding("a"));
    await chain.rpc.call("evm_revert", [snapshot]);
    const second = await sender.send(adding("a"));
    expect(second.transactionHash).to.equal(first.transactionHash);
    expect(await count()).to.equal(1n);
  });

  it("reports a nonce used by somebody else once that has lasted", async () => {
    const sender = createSender();
    await sender.advance(adding("a"));
    await drop();
    await chain.rpc.call("eth_sendTransaction", [{ from: DEV_ADDRESS, to: DEV_ADDRESS }]);
    await chain.mine();
    expect(await sender.advance(adding("a"))).to.equal(undefined);
    now += 10_000;
    expect((await refusal(sender.advance(adding("a")))).type).to.deep.equal({
      code: "NONCE_TAKEN",
      key: "a",
      nonce: 0,
    });
    expect((await sender.send(adding("a"))).blockNumber).to.equal(3);
  });

  it("reports that the account cannot pay, and sends when it can", async () => {
    await chain.rpc.call("hardhat_setBalance", [DEV_ADDRESS, "0x0"]);
    const poor = createSender();
    const code = (await refusal(poor.advance(adding("a")))).type.code;
    expect(code).to.be.oneOf(["TRANSACTION_REFUSED", "EVM_RPC_ERROR"]);
    await chain.rpc.call("hardhat_setBalance", [DEV_ADDRESS, "0xde0b6b3a7640000"]);
    await poor.send(adding("a"));
    expect([await count(), await transactionCount()]).to.deep.equal([1n, 1]);
  });
});

async function refusal(promise: Promise<unknown>): Promise<StackError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StackError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}
