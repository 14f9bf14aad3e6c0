import { expect } from "chai";
import { id, zeroPadValue } from "ethers";
import { bytesToField, fieldToHex } from "../../../protocol/field.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { commitLog, NO_RECEIPTS, receiptsHeadAfter } from "../../../protocol/state/receipts.ts";
import { rootOfPath } from "../../../protocol/state/proofs.ts";
import { fromHex, toHex, type Hex } from "../../../agents/kit/hex.ts";
import type { CallRequest, ChainEvent } from "../../../agents/node/chain/nodeChain.ts";
import { FEE_RECIPIENT } from "../execution/chainFixture.ts";
import { addressOf, signed, wallets } from "../execution/wallets.ts";
import { abi, bytecode, word } from "../execution/workload.ts";
import { refusalOf, runSequencer, type Running } from "./sequencerFixture.ts";

const alice = wallets[0]!;
const from = addressOf(alice);
const OTHER_LOG = commitLog({ address: FEE_RECIPIENT, topics: [] }, Uint8Array.of(1));

describe("node chain", () => {
  let running: Running;
  let contract: Hex;
  let events: ChainEvent[];
  let nonce = 0;

  const encode = (name: string, ...args: unknown[]): Uint8Array =>
    fromHex(abi.encodeFunctionData(name, args) as Hex);
  const request = (name: string, ...args: unknown[]): CallRequest => ({
    from,
    to: contract,
    data: encode(name, ...args),
  });
  const send = async (data: Uint8Array, more: object = {}): Promise<Hex> =>
    running.node.submit(
      await signed(alice, { nonce: nonce++, to: contract, data: toHex(data), gasLimit: 500_000n, ...more }),
    );

  before(async () => {
    running = await runSequencer();
    events = [];
    running.node.subscribe((event) => events.push(event));
    const deployed = await send(fromHex(bytecode), { to: null, gasLimit: 5_000_000n, value: 1_000n });
    contract = running.node.receipt(deployed)!.receipt.contractAddress!;
    await send(encode("write", 1, 10));
    await running.sequencer.seal();
    await send(encode("write", 2, 20));
    await send(encode("write", 1, 11));
    await running.sequencer.seal();
    await send(encode("write", 1, 12));
  });
  after(() => running.close());

  it("answers calls at every block as it was then, and at the block being filled", async () => {
    const slotOne = async (at: Parameters<typeof running.node.call>[1]): Promise<bigint> => {
      const outcome = await running.node.call(request("slots", 1), at);
      expect(outcome.kind).to.equal("returned");
      return BigInt(toHex((outcome as { data: Uint8Array }).data));
    };
    expect(await slotOne({ number: 1n })).to.equal(10n);
    expect(await slotOne("latest")).to.equal(11n);
    expect(await slotOne({ hash: running.node.header({ number: 1n })!.hash })).to.equal(10n);
    expect(await slotOne("pending")).to.equal(12n);
    expect(await refusalOf(running.node.call(request("slots", 1), { number: 9n }))).to.deep.equal({
      code: "UNKNOWN_BLOCK",
      block: "9",
    });
    const before = await running.node.call(request("slots", 1), "earliest");
    expect(before).to.deep.include({ kind: "returned", data: new Uint8Array() });
  });

  it("knows a transaction and its receipt while its block is on the disk and not yet the head", async () => {
    let release = (): void => undefined;
    let isHeld = Promise.resolve();
    let isWritten = (): void => undefined;
    const held = await runSequencer({}, undefined, undefined, (store) => ({
      ...store,
      async commit(action) {
        const result = await store.commit(action);
        isWritten();
        await isHeld;
        return result;
      },
    }));
    try {
      const hash = await held.node.submit(await signed(alice, { nonce: 0, to: FEE_RECIPIENT }));
      isHeld = new Promise((resolve) => (release = resolve));
      const written = new Promise<void>((resolve) => (isWritten = resolve));
      const sealing = held.sequencer.seal();
      await written;
      expect(held.chain.records.position(hash)?.blockNumber).to.equal(1n);
      expect(held.chain.head.number).to.equal(0n);
      expect(held.node.transaction(hash)?.place).to.include({ blockNumber: 1n, blockHash: undefined });
      expect(held.node.receipt(hash)?.receipt.transactionHash).to.equal(hash);
      release();
      const { hash: blockHash } = await sealing;
      expect(held.node.transaction(hash)?.place).to.include({ blockNumber: 1n, blockHash });
      expect(held.node.receipt(hash)?.receipt.transactionHash).to.equal(hash);
    } finally {
      release();
      await held.close();
    }
  });

  it("tells reverts with their data, and halts by name; and changes nothing", async () => {
    const { node } = running;
    const outcome = await node.call(request("writeThenRevert", 1, 5), "latest");
    expect(outcome.kind).to.equal("reverted");
    expect(toHex((outcome as { data: Uint8Array }).data).slice(0, 10)).to.equal(
      id("Error(string)").slice(0, 10),
    );
    expect(
      await node.call({ to: contract, data: encode("burnGas", 10_000), gas: 100_000n }, "latest"),
    ).to.include({
      kind: "halted",
      reason: "out of gas",
      gasUsed: 100_000n,
    });
    const root = node.header("latest")!.stateRoot;
    await node.call(request("write", 1, 99), "latest");
    expect(await node.call(request("slots", 1), "latest")).to.deep.include({
      data: fromHex(word(11) as Hex),
    });
    expect(node.header("latest")!.stateRoot).to.equal(root);
  });

  it("a call that pays must be able to; one that does not needs nothing, and may come from a contract", async () => {
    const { node } = running;
    const stranger: Hex = `0x${"12".repeat(20)}`;
    const base = node.header("latest")!.baseFeePerGas;
    const paying = { from: stranger, to: contract, gas: 50_000n };
    expect(await refusalOf(node.call({ ...paying, gasPrice: base }, "latest"))).to.deep.equal({
      code: "INSUFFICIENT_FUNDS",
      address: stranger,
      balance: 0n,
      cost: 50_000n * base,
    });
    expect(await refusalOf(node.call({ ...paying, gasPrice: 1n }, "latest"))).to.deep.equal({
      code: "FEE_CAP_BELOW_BASE_FEE",
      maxFeePerGas: 1n,
      baseFeePerGas: base,
    });
    expect(
      (await refusalOf(node.call({ ...paying, maxFeePerGas: 1n, maxPriorityFeePerGas: 2n }, "latest"))).code,
    ).to.equal("TIP_ABOVE_FEE_CAP");
    expect((await refusalOf(node.call({ ...paying, gas: 20_000n }, "latest"))).code).to.equal(
      "INTRINSIC_GAS_TOO_LOW",
    );
    expect((await node.call(paying, "latest")).kind).to.equal("returned");
    expect((await node.call({ from: contract, to: contract, value: 1n }, "latest")).kind).to.equal(
      "returned",
    );
  });

  it("overrides replace balance, code and slots for one call", async () => {
    const stranger: Hex = `0x${"13".repeat(20)}`;
    const overrides = new Map([
      [stranger, { balance: 10n, code: fromHex("0x47600052602060 00f3".replaceAll(" ", "") as Hex) }],
    ]);
    expect(await running.node.call({ to: stranger }, "latest", overrides)).to.deep.include({
      data: fromHex(word(10) as Hex),
    });
  });

  it("estimates the least gas that succeeds", async () => {
    const { node } = running;
    expect(await node.estimateGas({ from, to: FEE_RECIPIENT, value: 1n }, "latest")).to.deep.equal({
      gas: 21_000n,
    });
    for (const name of ["write", "writeInFailedCall"]) {
      const call = request(name, 7, 7);
      const { gas } = (await node.estimateGas(call, "latest")) as { gas: bigint };
      expect((await node.call({ ...call, gas }, "latest")).kind, name).to.equal("returned");
      expect((await node.call({ ...call, gas: gas - 1n }, "latest")).kind, name).to.not.equal("returned");
    }
    expect(await node.estimateGas(request("writeThenRevert", 1, 1), "latest")).to.include({
      kind: "reverted",
    });
    expect(
      await refusalOf(node.estimateGas({ ...request("burnGas", 10_000), gas: 90_000n }, "latest")),
    ).to.deep.equal({
      code: "GAS_EXCEEDS_ALLOWANCE",
      allowance: 90_000n,
    });
  });

  it("an access list makes what it lists warm", async () => {
    const { node } = running;
    const call = request("write", 1, 77);
    const { accessList, gasUsed, failure } = await node.createAccessList(call, "latest");
    expect(failure).to.equal(undefined);
    expect(accessList).to.have.length(1);
    expect(accessList[0]).to.deep.include({ address: contract });
    const outcome = await node.call({ ...call, accessList }, "latest");
    expect(outcome).to.include({ kind: "returned", gasUsed });
  });

  it("finds logs by address and topics in a range, within its limits", () => {
    const { node } = running;
    const range = { from: { number: 0n }, to: "latest" } as const;
    const written = id("Written(uint256,uint256,bytes)") as Hex;
    const slot = (n: number): Hex => zeroPadValue(`0x0${n}`, 32) as Hex;
    const all = node.logs({ addresses: [contract] }, range);
    expect(all.map(({ blockNumber, logIndex }) => [blockNumber, logIndex])).to.deep.equal([
      [1n, 0],
      [2n, 0],
      [2n, 1],
    ]);
    expect(node.logs({ topics: [[written], [slot(1)]] }, range)).to.deep.equal([all[0], all[2]]);
    expect(node.logs({ topics: [undefined, [slot(2), slot(5)]] }, range)).to.deep.equal([all[1]]);
    expect(node.logs({ addresses: [from] }, range)).to.deep.equal([]);
    const soft = node.logs({ topics: [[written]] }, { from: "pending", to: "pending" });
    expect(
      soft.map(({ blockNumber, blockHash, logIndex }) => [blockNumber, BigInt(blockHash), logIndex]),
    ).to.deep.equal([[3n, 0n, 0]]);
    expect(node.logs({ addresses: [contract] }, { from: { number: 2n }, to: "pending" })).to.deep.equal([
      all[1],
      all[2],
      ...soft,
    ]);
    expect(() => node.logs({}, { from: "latest", to: "earliest" })).to.throw("LOG_RANGE_INVALID");
    expect(() => node.logs({}, { from: { hash: `0x${"00".repeat(32)}` }, to: "latest" })).to.throw(
      "UNKNOWN_BLOCK",
    );
  });

  it("tells listeners of accepted transactions and of new heads with their logs", () => {
    const heads = events.filter((event) => event.kind === "newHead");
    expect(heads.map(({ header, logs }) => [header.number, logs.length])).to.deep.equal([
      [1n, 1],
      [2n, 2],
    ]);
    expect(events.filter((event) => event.kind === "pendingTransaction")).to.have.length(5);
  });

  it("tells the history of fees", () => {
    const { node } = running;
    const history = node.feeHistory(2, "latest", [0, 50, 100]);
    const [one, two] = [node.header({ number: 1n })!, node.header({ number: 2n })!];
    expect(history.oldestBlock).to.equal(1n);
    expect(history.baseFeePerGas).to.deep.equal([
      one.baseFeePerGas,
      two.baseFeePerGas,
      node.pendingHeader().baseFeePerGas,
    ]);
    expect(history.gasUsedRatio[0]).to.equal(Number(one.gasUsed) / 30_000_000);
    expect(history.reward).to.deep.equal([1, 2].map(() => [10n ** 9n, 10n ** 9n, 10n ** 9n]));
    expect(node.suggestedPriorityFee()).to.equal(10n ** 9n);
    expect(() => node.feeHistory(1, "latest", [101])).to.throw("FEE_HISTORY_INVALID");
    expect(() => node.feeHistory(1, "latest", [60, 40])).to.throw("FEE_HISTORY_INVALID");
  });

  it("proves accounts and slots against the state root of old blocks", () => {
    for (const number of [1n, 2n]) {
      const slot: Hex = `0x${"00".repeat(32)}`;
      const { stateRoot, leafCount, receiptsHead, account, storage } = running.node.proof(contract, [slot], {
        number,
      });
      expect(stateRoot).to.equal(running.node.header({ number })!.stateRoot);
      for (const { leaf, leafIndex, siblings } of [account, ...storage]) {
        const native = {
          key: BigInt(leaf.key),
          nextKey: BigInt(leaf.nextKey),
          nextIndex: Number(leaf.nextIndex),
          valueHash: BigInt(leaf.valueHash),
        };
        const root = rootOfPath(leafHash(native), Number(leafIndex), siblings.map(BigInt));
        expect(stateRootOf(root, Number(leafCount), BigInt(receiptsHead))).to.equal(
          bytesToField(fromHex(stateRoot)),
        );
      }
      expect(account.present).to.equal(true);
    }
    expect(() => running.node.proof(contract, [], "pending")).to.throw("UNKNOWN_BLOCK");
  });

  it("I-STATE-05: gives what leads from one receipts' head to the next, and no other receipt does", () => {
    const { node } = running;
    let head = fieldToHex(NO_RECEIPTS);
    for (const number of [0n, 1n, 2n]) {
      const { headBefore, headAfter, receipts } = node.receiptCommitments({ number });
      expect(headBefore).to.equal(head);
      expect(headAfter).to.equal(node.proof(contract, [], { number }).receiptsHead);
      expect(receipts.map(({ transactionHash }) => transactionHash)).to.deep.equal(
        node.header({ number })!.transactionHashes,
      );
      const after = (list: typeof receipts) => fieldToHex(receiptsHeadAfter(BigInt(head), number, list));
      expect(after(receipts)).to.equal(headAfter);
      for (const [i, receipt] of receipts.entries()) {
        const [log] = receipt.logs;
        const lies = [
          { gasUsed: receipt.gasUsed + 1n },
          { status: 0 },
          { logs: log ? [] : [OTHER_LOG] },
        ] as const;
        for (const lie of lies)
          expect(after(receipts.with(i, { ...receipt, ...lie }))).to.not.equal(headAfter);
      }
      head = headAfter;
    }
    expect(() => node.receiptCommitments("pending")).to.throw("UNKNOWN_BLOCK");
  });
});
