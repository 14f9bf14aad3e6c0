import { expect } from "chai";
import { concat, getCreate2Address, getCreateAddress, keccak256, zeroPadValue } from "ethers";
import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { Chain } from "../../../agents/kit/execution/chain.ts";
import { decodeHeader, encodeHeader } from "../../../agents/kit/execution/headerCodec.ts";
import { parseGenesis } from "../../../agents/kit/execution/genesis.ts";
import { orderedTrieRoot } from "../../../agents/kit/execution/orderedTrieRoot.ts";
import type { Receipt } from "../../../agents/kit/execution/receipt.ts";
import { fromHex, toHex, type Hex } from "../../../agents/kit/hex.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import { bytesToField, fieldToHex } from "../../../protocol/field.ts";
import { genesisTip, genesisToJson } from "../../../protocol/genesis.ts";
import { StackError } from "../../../protocol/errors.ts";
import { accountValueHash, EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { NO_RECEIPTS } from "../../../protocol/state/receipts.ts";
import { isKeyProof, rootOfPath } from "../../../protocol/state/proofs.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { decodeWitness, WitnessState } from "../../../protocol/state/witness.ts";
import { FEE_RECIPIENT, fillBlock, genesisFile, openChain, type Fixture } from "./chainFixture.ts";
import { naiveReceiptsHead, naiveStateRoot } from "./naiveStateRoot.ts";
import { createRandom } from "./random.ts";
import { addressOf, signed, wallets } from "./wallets.ts";
import { abi, bytecode, RandomWorkload, word } from "./workload.ts";
import { compile } from "./compile.ts";

const BLOCKS = 8;

/** The code and values of the StackError that `promise` ends in. */
async function refusalOf(promise: Promise<unknown>): Promise<StackError["type"] & Record<string, unknown>> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).to.be.instanceOf(StackError);
  return (error as StackError).type as never;
}

describe("chain", () => {
  let fixture: Fixture;
  let roots: Hex[];

  before(async function () {
    this.timeout(60_000);
    fixture = await openChain();
    const workload = new RandomWorkload(createRandom(42));
    const changeSets = [fixture.chain.genesis.state];
    const receipts: Receipt[][] = [];
    roots = [fixture.chain.head.stateRoot];
    for (let n = 0; n < BLOCKS; n++) {
      const transactions = [];
      for (let i = 0; i < 12; i++) transactions.push(await workload.next());
      const block = await fillBlock(fixture, transactions);
      changeSets.push(...block.changeSets);
      const header = await fixture.chain.seal(block);
      receipts.push(block.receipts);
      const head = naiveReceiptsHead(receipts);
      expect(header.receiptsHead, `receipts' head of block ${n + 1}`).to.equal(fieldToHex(head));
      const naive = naiveStateRoot(changeSets, fixture.chain.state(header.number), head);
      expect(header.stateRoot, `state root of block ${n + 1}`).to.equal(fieldToHex(naive));
      roots.push(header.stateRoot);
    }
  });
  after(() => fixture.close());

  it("the state root of each block equals a rebuild from the definition", () => {
    expect(new Set(roots).size).to.equal(BLOCKS + 1);
  });

  it("executing the sealed data elsewhere leads to the same blocks, witnesses and roots", async () => {
    const other = await openChain();
    for (let n = 1n; n <= BLOCKS; n++) {
      const header = await other.chain.executeBlock(other.machine, fixture.chain.getBlockData(n)!);
      expect(header).to.deep.equal(fixture.chain.records.header(n));
      expect(toHex(other.chain.getBlockWitness(n)!)).to.equal(toHex(fixture.chain.getBlockWitness(n)!));
    }
    expect(other.chain.tip()).to.deep.equal(fixture.chain.tip());
    await other.close();
  }).timeout(30_000);

  it("a rollback brings back each earlier state, and executing again the same roots", async () => {
    const other = await openChain();
    const execute = (n: bigint) => other.chain.executeBlock(other.machine, fixture.chain.getBlockData(n)!);
    for (let n = 1n; n <= BLOCKS; n++) await execute(n);
    for (const target of [5n, 2n, 0n]) {
      const gone = other.chain.records.header(target + 1n)!;
      await other.chain.rollback(target);
      expect(other.chain.head).to.deep.equal(fixture.chain.records.header(target));
      expect(other.chain.records.header(target + 1n)).to.equal(undefined);
      expect(other.chain.records.position(gone.transactionHashes[0]!)).to.equal(undefined);
      for (const wallet of wallets)
        expect(other.chain.state(target).account(addressOf(wallet))).to.deep.equal(
          fixture.chain.state(target).account(addressOf(wallet)),
        );
      for (let n = target + 1n; n <= BLOCKS; n++)
        expect((await execute(n)).stateRoot).to.equal(roots[Number(n)]);
    }
    expect(await refusalOf(other.chain.rollback(99n))).to.deep.equal({
      code: "ROLLBACK_OUT_OF_RANGE",
      head: BigInt(BLOCKS),
      target: 99n,
    });
    await other.close();
  }).timeout(60_000);

  it("the state of every old block is as it was", async () => {
    const other = await openChain();
    for (let n = 1n; n <= BLOCKS; n++) {
      await other.chain.executeBlock(other.machine, fixture.chain.getBlockData(n)!);
      for (const wallet of [...wallets.map(addressOf), FEE_RECIPIENT])
        expect(fixture.chain.state(n).account(wallet), `${wallet} at ${n}`).to.deep.equal(
          other.chain.state(n).account(wallet),
        );
    }
    await other.close();
  }).timeout(30_000);

  it("proofs of every old block check against its state root: present, and absent", () => {
    for (let n = 0n; n <= BLOCKS; n++) {
      const address = addressOf(wallets[0]!);
      const slots: Hex[] = [`0x${"11".repeat(32)}`];
      const {
        stateRoot,
        leafCount,
        receiptsHead,
        account,
        slots: proven,
      } = fixture.chain.prove(n, address, slots);
      expect(fieldToHex(stateRoot)).to.equal(roots[Number(n)]);
      const root = rootOfPath(leafHash(account.leaf), account.index, account.siblings);
      expect(stateRootOf(root, leafCount, receiptsHead)).to.equal(stateRoot);
      expect(account.present).to.equal(true);
      expect(isKeyProof(root, account.key, account)).to.equal(true);
      expect(proven[0]!.present).to.equal(false);
      expect(isKeyProof(root, proven[0]!.key, proven[0]!)).to.equal(true);
    }
  });

  it("the witness of a block opens against the root before it and holds each sender as it was", () => {
    for (let n = 1n; n <= BLOCKS; n++) {
      const before = bytesToField(fromHex(roots[Number(n) - 1]!));
      const witness = new WitnessState(decodeWitness(fixture.chain.getBlockWitness(n)!), before);
      for (const receipt of fixture.chain.records.receipts(n)!) {
        const sender = fixture.chain.state(n - 1n).account(receipt.from)!;
        expect(witness.account(receipt.from).nonce).to.equal(sender.nonce);
        expect(witness.account(receipt.from).balance).to.equal(sender.balance);
        for (const { address } of receipt.logs) witness.account(address);
      }
    }
  });

  it("an account that ends in the transaction that creates it leaves an empty leaf where it had money, else none", async () => {
    const other = await openChain();
    const { chain } = other;
    const alice = wallets[0]!;
    const contract = getCreateAddress({ from: alice.address, nonce: 0 });
    const salted = (n: number): string => {
      const init = concat([compile("Workload.sol", "Child").bytecode, zeroPadValue(alice.address, 32)]);
      return getCreate2Address(contract, word(n), keccak256(init)).toLowerCase();
    };
    const send = (nonce: number, to: string | null, data: string, value = 0n) =>
      signed(alice, { nonce, to, data, value, gasLimit: 3_000_000n });
    const end = (n: number) => abi.encodeFunctionData("createAndDestroy", [word(n), FEE_RECIPIENT]);
    const changeSets = [chain.genesis.state];
    const receipts: Receipt[][] = [];
    for (const transactions of [
      [await send(0, null, bytecode), await send(1, salted(1), "0x", 5n)],
      [await send(2, contract, end(1), 2n), await send(3, contract, end(2), 2n)],
    ]) {
      const block = await fillBlock(other, transactions);
      expect(block.receipts.map(({ status }) => status)).to.deep.equal([1, 1]);
      changeSets.push(...block.changeSets);
      receipts.push(block.receipts);
      const header = await chain.seal(block);
      const naive = naiveStateRoot(changeSets, chain.state(header.number), naiveReceiptsHead(receipts));
      expect(header.stateRoot).to.equal(fieldToHex(naive));
    }
    for (const [n, isPresent] of [
      [1, true],
      [2, false],
    ] as const) {
      const { account } = chain.prove(2n, salted(n) as Hex, []);
      expect(account.present, `leaf of child ${n}`).to.equal(isPresent);
      if (isPresent) expect(account.leaf.valueHash).to.equal(accountValueHash(EMPTY_ACCOUNT));
      expect(chain.state(2n).account(salted(n) as Hex)).to.equal(undefined);
      expect(toHex(chain.state(2n).storage(salted(n) as Hex, word(7) as Hex))).to.equal("0x");
    }
    expect(chain.state(1n).account(salted(1) as Hex)?.balance).to.equal(5n);
    await chain.rollback(0n);
    expect(chain.head.stateRoot).to.equal(roots[0]);
    await other.close();
  });

  it("receipts and roots survive encoding, and equal the library's tries", async () => {
    for (let n = 1n; n <= BLOCKS; n++) {
      const header = fixture.chain.records.header(n)!;
      const { transactions } = decodeBlock(fixture.chain.getBlockData(n)!);
      const trie = await createMPT();
      for (const [i, raw] of transactions.entries()) await trie.put(RLP.encode(i), raw);
      expect(header.transactionsRoot).to.equal(toHex(trie.root()));
    }
    for (const count of [0, 1, 2, 16, 127, 128, 129, 300]) {
      const values = Array.from({ length: count }, (_, i) => new Uint8Array(1 + ((i * 7) % 50)).fill(i + 1));
      const trie = await createMPT();
      for (const [i, value] of values.entries()) await trie.put(RLP.encode(i), value);
      expect(orderedTrieRoot(values), `${count} values`).to.equal(toHex(trie.root()));
    }
  });

  it("begins where the protocol says the genesis does", async () => {
    const slot = `0x${"00".repeat(31)}05`;
    const address: Hex = `0x${"cc".repeat(20)}`;
    const storage = { [slot]: `0x${"00".repeat(30)}1234` };
    const contract = { address, balance: 1, nonce: 1, code: "0x00", storage };
    const file = { ...genesisFile, alloc: [...genesisFile.alloc, contract] };
    const other = await openChain(file);
    expect(other.chain.tip()).to.deep.equal(genesisTip(other.chain.genesis));
    expect(toHex(other.chain.state(0n).storage(address, slot as Hex))).to.equal("0x1234");
    const full = parseGenesis(JSON.parse(JSON.stringify(genesisToJson(other.chain.genesis))));
    expect(genesisTip(full)).to.deep.equal(other.chain.tip());
    await other.close();
    const stateOnly = { ...genesisFile, alloc: [{ address, balance: 1, storage }] };
    expect(() => parseGenesis(stateOnly)).to.throw("GENESIS_STORAGE_WITHOUT_CODE");
  });

  it("finds head and receipts' head again when it is opened anew, and no record of another form", async () => {
    const again = await Chain.open(fixture.chain.genesis, fixture.store);
    expect(again.head).to.deep.equal(fixture.chain.head);
    expect(again.head.receiptsHead).to.not.equal(fieldToHex(NO_RECEIPTS));
    expect(decodeHeader(encodeHeader(again.head))).to.deep.equal(again.head);
    const fields = RLP.decode(encodeHeader(again.head)) as Uint8Array[];
    expect(() => decodeHeader(RLP.encode(fields.toSpliced(9, 1)))).to.throw("HEADER_FORMAT");
  });

  it("refuses another genesis in the same store", async () => {
    const genesis = parseGenesis({ ...genesisFile, gasLimit: 20_000_000 });
    expect((await refusalOf(Chain.open(genesis, fixture.store))).code).to.equal("GENESIS_MISMATCH");
  });

  it("refuses to execute a block that breaks a rule, and stands where it was", async () => {
    const other = await openChain();
    const { chain, machine } = other;
    const good = { ...decodeBlock(fixture.chain.getBlockData(1n)!), transactions: [] };
    const execute = (change: object) => refusalOf(chain.executeBlock(machine, { ...good, ...change }));
    const parent = chain.head;
    expect(await execute({ number: 2n })).to.deep.equal({
      code: "BLOCK_NUMBER_MISMATCH",
      expected: 1n,
      actual: 2n,
    });
    expect(await execute({ timestamp: parent.timestamp })).to.deep.equal({
      code: "BLOCK_TIME_NOT_LATER",
      parent: parent.timestamp,
      actual: parent.timestamp,
    });
    expect((await execute({ gasLimit: 29_999_999n })).code).to.equal("BLOCK_GAS_LIMIT_MISMATCH");
    expect((await execute({ baseFeePerGas: good.baseFeePerGas + 1n })).code).to.equal(
      "BLOCK_BASE_FEE_MISMATCH",
    );
    const early = await signed(wallets[0]!, { nonce: 1, to: wallets[1]!.address });
    expect(await execute({ transactions: [early] })).to.deep.equal({
      code: "BLOCK_TRANSACTION_INVALID",
      blockNumber: 1n,
      index: 0,
    });
    expect(chain.head).to.deep.equal(parent);
    expect((await chain.executeBlock(machine, good)).number).to.equal(1n);
    await other.close();
  });
});
