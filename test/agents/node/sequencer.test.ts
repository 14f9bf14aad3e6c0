import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { Transaction } from "ethers";
import { decodeBlock } from "../../../protocol/block.ts";
import { EVM_GAS_LIMIT } from "../../../protocol/programs/evm.ts";
import { EVM_PROOFS } from "../../../protocol/programs/evmChunks.ts";
import { fromHex, toHex, type Hex } from "../../../agents/kit/hex.ts";
import { genesisFile } from "../execution/chainFixture.ts";
import { addressOf, signed, wallets } from "../execution/wallets.ts";
import { abi, bytecode } from "../execution/workload.ts";
import { refusalOf, runSequencer, START_MS, type Running } from "./sequencerFixture.ts";

const [alice, bob, carol] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]];
const pay = (nonce: number, request: object = {}, from = alice): Promise<Uint8Array> =>
  signed(from, { nonce, to: bob.address, value: 1n, ...request });

describe("sequencer", () => {
  let running: Running;
  afterEach(() => running.close());

  it("gives a receipt at once, and the same one with a block hash when the block is sealed", async () => {
    running = await runSequencer();
    const { node, sequencer } = running;
    const hash = await node.submit(await pay(0));
    const soft = node.receipt(hash)!;
    expect(soft.blockHash).to.equal(undefined);
    expect(soft.receipt.status).to.equal(1);
    expect(node.nonce(addressOf(alice), "pending")).to.equal(1n);
    expect(node.nonce(addressOf(alice), "latest")).to.equal(0n);
    const header = await sequencer.seal();
    expect(node.receipt(hash)).to.deep.equal({ ...soft, blockHash: header.hash });
    expect(node.nonce(addressOf(alice), "latest")).to.equal(1n);
    expect(node.transaction(hash)!.place.blockNumber).to.equal(1n);
  });

  it("a block stays open while the one before is written: transactions land in the next", async () => {
    running = await runSequencer();
    const { node, sequencer } = running;
    const first = await node.submit(await pay(0));
    const sealing = sequencer.seal();
    const second = await node.submit(await pay(1));
    await sealing;
    expect(node.receipt(first)!.blockNumber).to.equal(1n);
    expect(node.receipt(second)!.blockNumber).to.equal(2n);
    await sequencer.seal();
    expect(node.receipt(second)!.blockHash).to.equal(node.header("latest")!.hash);
    expect(node.balance(addressOf(bob), "latest")).to.equal(10n ** 20n + 2n);
  });

  it("keeps a later nonce until the gap is filled, then executes in order", async () => {
    running = await runSequencer();
    const { node } = running;
    const [second, third] = [await node.submit(await pay(1)), await node.submit(await pay(2))];
    expect(node.receipt(second)).to.equal(undefined);
    expect(node.poolContent().queued.map(({ hash }) => hash)).to.have.members([second, third]);
    const first = await node.submit(await pay(0));
    expect([first, second, third].map((hash) => node.receipt(hash)!.receipt.index)).to.deep.equal([0, 1, 2]);
    expect(node.poolContent().queued).to.deep.equal([]);
  });

  it("refuses by name what cannot be accepted", async () => {
    running = await runSequencer({ maxWaiting: 3, maxWaitingPerSender: 2 });
    const { node } = running;
    const refused = async (raw: Uint8Array | Promise<Uint8Array>) => refusalOf(node.submit(await raw));
    const address = addressOf(alice);
    const good = await pay(0);
    await node.submit(good);
    expect(await refused(good)).to.include({ code: "ALREADY_KNOWN" });
    expect(await refused(pay(0, { value: 2n }))).to.deep.equal({
      code: "NONCE_TOO_LOW",
      address,
      expected: 1n,
      actual: 0n,
    });
    expect(await refused(pay(3))).to.deep.equal({
      code: "NONCE_TOO_HIGH",
      address,
      expected: 1n,
      actual: 3n,
    });
    expect(await refused(pay(1, { gasLimit: 20_999n }))).to.deep.equal({
      code: "INTRINSIC_GAS_TOO_LOW",
      gasLimit: 20_999n,
      needed: 21_000n,
    });
    expect(await refused(pay(1, { gasLimit: 30_000_001n }))).to.deep.equal({
      code: "EXCEEDS_BLOCK_GAS_LIMIT",
      gasLimit: 30_000_001n,
      blockGasLimit: 30_000_000n,
    });
    const funds = await refused(pay(1, { value: 10n ** 21n }));
    expect(funds).to.include({ code: "INSUFFICIENT_FUNDS", cost: 10n ** 21n + 21_000n * 10n ** 10n });
    expect(await refused(pay(1, { chainId: 1n }))).to.deep.equal({
      code: "WRONG_CHAIN_ID",
      expected: 31_415n,
      actual: 1n,
    });
    expect(await refused(withFees(good, 11n, 10n))).to.deep.equal({
      code: "TIP_ABOVE_FEE_CAP",
      maxPriorityFeePerGas: 11n,
      maxFeePerGas: 10n,
    });
    expect(await refused(Uint8Array.of(3, 1, 2))).to.deep.equal({
      code: "TRANSACTION_TYPE_UNSUPPORTED",
      type: 3,
    });
    expect(await refused(Uint8Array.of(0xc1, 1))).to.include({ code: "TRANSACTION_MALFORMED" });
    expect(await refused(new Uint8Array(131_073))).to.include({
      code: "TRANSACTION_TOO_LARGE",
      bytes: 131_073,
    });
    expect(await refused(unprotected())).to.deep.equal({ code: "TRANSACTION_UNPROTECTED" });
    expect(await refused(highS(good))).to.deep.equal({ code: "SIGNATURE_INVALID" });
    expect((await refused(Buffer.concat([good, Buffer.of(0)]))).code).to.equal("TRANSACTION_MALFORMED");
    const large = await refused(
      pay(1, { to: null, data: `0x${"00".repeat(49_153)}`, gasLimit: 10_000_000n }),
    );
    expect(large).to.deep.equal({ code: "INIT_CODE_TOO_LARGE", bytes: 49_153, maxBytes: 49_152 });

    await node.submit(await pay(2));
    expect(await refused(pay(2))).to.include({ code: "ALREADY_KNOWN" });
    await node.submit(await pay(1, { value: 5n }, bob));
    await node.submit(await pay(1, { value: 5n }, carol));
    expect(await refused(pay(1, {}, wallets[3]))).to.deep.equal({
      code: "POOL_FULL",
      transactions: 3,
      limit: 3,
    });
  });

  it("replaces a waiting transaction for a tenth more in both fees, and for nothing less", async () => {
    running = await runSequencer();
    const { node } = running;
    const fees = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) =>
      pay(1, { maxFeePerGas, maxPriorityFeePerGas });
    const old = await node.submit(await fees(1000n * 10n ** 9n, 100n));
    for (const cheap of [fees(1099n * 10n ** 9n, 110n), fees(1100n * 10n ** 9n, 109n)])
      expect(await refusalOf(node.submit(await cheap))).to.deep.equal({
        code: "REPLACEMENT_UNDERPRICED",
        hash: old,
        neededMaxFeePerGas: 1100n * 10n ** 9n,
        neededPriorityFeePerGas: 110n,
      });
    const replacement = await node.submit(await fees(1100n * 10n ** 9n, 110n));
    expect(node.transaction(old)).to.equal(undefined);
    await node.submit(await pay(0));
    expect(node.receipt(replacement)!.receipt.status).to.equal(1);
  });

  it("a fee cap below the base fee waits until the base fee has fallen", async () => {
    running = await runSequencer();
    const { node, sequencer } = running;
    const hash = await node.submit(await pay(0, { maxFeePerGas: 8n * 10n ** 8n, maxPriorityFeePerGas: 1n }));
    expect(node.receipt(hash)).to.equal(undefined);
    for (let i = 0; i < 5 && !node.receipt(hash); i++) await sequencer.seal();
    expect(node.receipt(hash)!.receipt.effectiveGasPrice <= 8n * 10n ** 8n).to.equal(true);
  });

  it("seals on time: with transactions after blockTimeMs, empty after idleBlockTimeMs; timestamps strictly increase", async () => {
    running = await runSequencer();
    const { node, sequencer, clock, chain } = running;
    const stepAfter = async (ms: number): Promise<bigint> => {
      clock.advance(ms);
      await sequencer.step();
      return chain.head.number;
    };
    expect(await stepAfter(5_000)).to.equal(0n);
    expect(await stepAfter(5_000)).to.equal(1n);
    await node.submit(await pay(0));
    expect(await stepAfter(999)).to.equal(1n);
    expect(await stepAfter(1)).to.equal(2n);
    expect(chain.head.timestamp, "a second after its parent").to.equal(BigInt(START_MS / 1000 + 11));
    for (let i = 0; i < 3; i++) await sequencer.seal();
    for (let n = 1n; n <= chain.head.number; n++)
      expect(node.header({ number: n })!.timestamp > node.header({ number: n - 1n })!.timestamp).to.equal(
        true,
      );
  });

  it("a chain on `evm` refuses by name what cannot be proven, and seals no more than a proof holds", async () => {
    running = await runSequencer({}, { ...genesisFile, program: "evm" });
    const { node, sequencer } = running;
    const greedy = await pay(0, { gasLimit: EVM_GAS_LIMIT });
    expect((await refusalOf(node.submit(greedy))).code).to.equal("EVM_GAS_LIMIT");
    const held = Math.max(...EVM_PROOFS.profiles.map(({ capacities }) => capacities["transactions"]!));
    const hashes: Hex[] = [];
    for (let i = 0; i < held + 3; i++) hashes.push(await node.submit(await pay(i)));
    expect(node.poolContent().queued.length).to.equal(3);
    await sequencer.seal();
    expect(node.header("latest")!.transactionHashes).to.deep.equal(hashes.slice(0, held));
    await sequencer.seal();
    expect(node.header("latest")!.transactionHashes).to.deep.equal(hashes.slice(held));
  });

  it("a restart finds the block being filled with the same receipts, and the waiting transactions", async () => {
    running = await runSequencer();
    const sealed = await running.node.submit(await pay(0));
    await running.sequencer.seal();
    const contract = await running.node.submit(
      await pay(1, { to: null, data: bytecode, value: 9n, gasLimit: 5_000_000n }),
    );
    const call = abi.encodeFunctionData("write", [1, 2]);
    const to = running.node.receipt(contract)!.receipt.contractAddress!;
    const written = await running.node.submit(await pay(2, { to, data: call, gasLimit: 200_000n }));
    const waiting = await running.node.submit(await pay(5));
    const soft = [contract, written].map((hash) => running.node.receipt(hash));
    running.clock.advance(60_000); // the restored block keeps its own time
    running = await running.restart();
    expect([contract, written].map((hash) => running.node.receipt(hash))).to.deep.equal(soft);
    expect(running.node.receipt(sealed)!.blockNumber).to.equal(1n);
    expect(running.node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([waiting]);
    const header = await running.sequencer.seal();
    expect(running.node.receipt(written)).to.deep.equal({ ...soft[1], blockHash: header.hash });
    running = await running.restart();
    expect(running.node.poolContent().pending).to.deep.equal([]);
    expect(running.node.poolContent().queued.map(({ hash }) => hash)).to.deep.equal([waiting]);
  });

  it("a restart finishes the block that was being written, and finds the one begun on top of it", async () => {
    running = await runSequencer();
    const { node, sequencer, chain } = running;
    const first = await node.submit(await pay(0));
    Object.assign(chain, { seal: () => new Promise(() => {}) }); // the disk takes its time: the process dies before it answers
    void sequencer.seal();
    const second = await node.submit(await pay(1));
    const soft = [first, second].map((hash) => node.receipt(hash)!);
    expect(soft.map(({ blockNumber, blockHash }) => [blockNumber, blockHash])).to.deep.equal([
      [1n, undefined],
      [2n, undefined],
    ]);
    running = await running.restart();
    const block = running.node.header("latest")!;
    expect(block.number).to.equal(1n);
    expect(running.node.receipt(first)).to.deep.equal({ ...soft[0], blockHash: block.hash });
    expect(running.node.receipt(second)).to.deep.equal(soft[1]);
  });

  it("the sealed data is canonical: decoding it gives the transactions that were submitted", async () => {
    running = await runSequencer();
    const raw = await pay(0, {
      type: 1,
      accessList: [{ address: bob.address, storageKeys: [] }],
      gasLimit: 30_000n,
    });
    await running.node.submit(raw);
    await running.sequencer.seal();
    const { transactions } = decodeBlock(running.node.blockData(1n)!);
    expect(transactions.map(toHex)).to.deep.equal([toHex(raw)]);
  });
});

/** Signed without a chain id. */
async function unprotected(): Promise<Uint8Array> {
  const tx = Transaction.from({
    type: 0,
    nonce: 1,
    to: bob.address,
    value: 1n,
    gasPrice: 10n ** 10n,
    gasLimit: 21_000n,
  });
  tx.signature = alice.signingKey.sign(tx.unsignedHash);
  return fromHex(tx.serialized as Hex);
}

/** A type 2 transaction with other fees; its signature is no longer the sender's. */
function withFees(raw: Uint8Array, tip: bigint, cap: bigint): Uint8Array {
  const fields = RLP.decode(raw.subarray(1)) as Uint8Array[];
  return Buffer.concat([Buffer.of(2), RLP.encode([...fields.slice(0, 2), tip, cap, ...fields.slice(4)])]);
}

/** The same transaction with the mirrored signature, which recovers to the same sender. */
function highS(raw: Uint8Array): Uint8Array {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const tx = Transaction.from(toHex(raw));
  const s = `0x${(order - BigInt(tx.signature!.s)).toString(16).padStart(64, "0")}`;
  const text = toHex(raw).replace(tx.signature!.s.slice(2), s.slice(2));
  return fromHex(text as Hex);
}
