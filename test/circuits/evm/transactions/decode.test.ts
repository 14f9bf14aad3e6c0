import { Transaction, type TransactionLike } from "ethers";
import { expect } from "chai";
import { dataHashOf } from "../../../../protocol/block.ts";
import { addressToField } from "../../../../protocol/address.ts";
import { INTRINSIC } from "../../../../circuits/programs/evm/transactions/intrinsicGas.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { Random } from "../../../protocol/random.ts";
import { hex } from "../../gadgets/buildGadget.ts";
import { pool } from "./oracle.ts";
import {
  buildSample,
  chainValues,
  MINER,
  previousHashes,
  type Sample,
  sampleBlocks,
  samplePlan,
  sign,
} from "./sample.ts";

const random = new Random();
const bytes = (count: number): string => `0x${hex(random.bytes(count))}`;
const address = (byte: string): string => `0x${byte.repeat(20)}`;
const key = (byte: string): string => `0x${byte.repeat(32)}`;

const intrinsicOf = (tx: Transaction): bigint => {
  const data = Buffer.from(tx.data.slice(2), "hex");
  const list = tx.accessList ?? [];
  const keys = list.reduce((count, { storageKeys }) => count + storageKeys.length, 0);
  let gas = INTRINSIC.TRANSACTION + 2_400n * BigInt(list.length) + 1_900n * BigInt(keys);
  for (const byte of data) gas += byte === 0 ? 4n : 16n;
  return tx.to === null ? gas + 32_000n + 2n * BigInt(Math.ceil(data.length / 32)) : gas;
};

/** Everything the circuit says of place i is what ethers says of the transaction. */
function expectSame(sample: Sample, raw: Uint8Array, i: number): void {
  const tx = Transaction.from(`0x${hex(raw)}`);
  const { value, word, transactions } = sample;
  const place = transactions.places[i]!;
  const maxFee = tx.maxFeePerGas ?? tx.gasPrice!;
  expect(value(place.active)).to.equal(1n);
  expect(value(place.nonce)).to.equal(BigInt(tx.nonce));
  expect(value(place.maxFee)).to.equal(maxFee);
  expect(value(place.maxPriorityFee)).to.equal(tx.maxPriorityFeePerGas ?? maxFee);
  expect(value(place.gasLimit)).to.equal(tx.gasLimit);
  expect(value(place.isCreation)).to.equal(tx.to === null ? 1n : 0n);
  expect(value(place.to)).to.equal(BigInt(tx.to ?? 0));
  expect(word(place.value)).to.equal(tx.value);
  expect(value(place.sender)).to.equal(BigInt(tx.from!));
  expect(value(place.parity)).to.equal(BigInt(tx.signature!.yParity));
  expect(value(place.intrinsicGas)).to.equal(intrinsicOf(tx));
  expect(value(place.executionGas)).to.equal(tx.gasLimit - intrinsicOf(tx));
  const baseFee = value(place.block.baseFee);
  const room = maxFee - baseFee;
  const tip = tx.maxPriorityFeePerGas ?? maxFee;
  expect(value(place.tip)).to.equal(room < tip ? room : tip);
  expectData(sample, tx, i);
  expectAccessList(sample, tx, i);
}

function expectData({ value, word, transactions }: Sample, tx: Transaction, i: number): unknown {
  const place = transactions.places[i]!;
  const data = tx.data.slice(2);
  expect(value(place.data.length)).to.equal(BigInt(data.length / 2));
  const words = data.match(/.{1,64}/g) ?? [];
  const base = Number(value(place.dataWordBase));
  expect(value(place.dataWordCount)).to.equal(BigInt(words.length));
  if (tx.to === null) return expect(transactions.dataWords.list.some(({ active, transaction }) => value(active) === 1n && value(transaction) === BigInt(i))).to.equal(false); // prettier-ignore
  words.forEach((text, j) => {
    const row = transactions.dataWords.list[base + j]!;
    expect([value(row.active), value(row.transaction), value(row.index)]).to.deep.equal([
      1n,
      BigInt(i),
      BigInt(j),
    ]);
    expect(word(row.value)).to.equal(BigInt(`0x${text.padEnd(64, "0")}`));
  });
}

function expectAccessList({ value, word, transactions }: Sample, tx: Transaction, i: number): void {
  const place = transactions.places[i]!;
  const wanted = (tx.accessList ?? []).flatMap((entry) => [
    [0n, BigInt(entry.address), 0n],
    ...entry.storageKeys.map((slot) => [1n, BigInt(entry.address), BigInt(slot)]),
  ]);
  expect(value(place.accessCount)).to.equal(BigInt(wanted.length));
  const base = Number(value(place.accessBase));
  const rows = transactions.accessEntries.list.slice(base, base + wanted.length);
  const found = rows.map((row) => {
    expect([value(row.active), value(row.owner)]).to.deep.equal([1n, BigInt(i)]);
    return [value(row.isKey), value(row.address), value(row.isKey) === 1n ? word(row.key) : 0n];
  });
  expect(found).to.deep.equal(wanted);
}

const KINDS: Record<string, [0 | 1 | 2, TransactionLike]> = {
  "a legacy transfer": [0, {}],
  "nothing but zeros": [2, { nonce: 0, value: 0n, maxPriorityFeePerGas: 0n }],
  "one byte of data below 128": [2, { data: "0x05" }],
  "one zero byte of data": [0, { data: "0x00" }],
  "one byte of data above 127": [1, { data: "0x80" }],
  "55 bytes of data": [2, { data: bytes(55) }],
  "56 bytes of data": [2, { data: bytes(56) }],
  "a call of two arguments": [
    2,
    { data: `0xa9059cbb${"00".repeat(12)}${"ab".repeat(20)}${"00".repeat(31)}05` },
  ],
  "32 bytes of data": [1, { data: bytes(32) }],
  "255 bytes of data": [0, { data: bytes(255) }],
  "256 bytes of data": [0, { data: bytes(256), nonce: 127 }],
  "a creation": [2, { to: null, data: `0x6000${"00".repeat(70)}` }],
  "a legacy creation without code": [0, { to: null, data: "0x", nonce: 128 }],
  "an address": [1, { accessList: [{ address: address("11"), storageKeys: [] }] }],
  "an address and a key": [2, { accessList: [{ address: address("11"), storageKeys: [key("22")] }] }],
  "addresses and keys": [
    2,
    {
      data: bytes(40),
      accessList: [
        { address: address("11"), storageKeys: [] },
        { address: address("12"), storageKeys: [key("21"), key("22"), key("00")] },
        { address: address("11"), storageKeys: [key("ff")] },
      ],
    },
  ],
  "large integers": [
    2,
    {
      value: (1n << 256n) - 1n,
      maxFeePerGas: (1n << 128n) - 1n,
      maxPriorityFeePerGas: 1n << 100n,
      nonce: Number.MAX_SAFE_INTEGER,
      gasLimit: 29_000_000n,
    },
  ],
  "a value of 17 bytes": [1, { value: 1n << 128n }],
  "a value of 16 bytes": [1, { value: (1n << 128n) - 1n }],
};

describe(`evm: transactions of every kind (seed ${random.seed})`, function () {
  this.timeout(120_000);

  for (const [name, [type, fields]] of Object.entries(KINDS))
    it(`reads ${name}`, async () => {
      const raw = await sign(type, fields);
      const sample = buildSample(samplePlan([[raw]]), { signers: false });
      expect(sample.broken(5)).to.deep.equal([]);
      expectSame(sample, raw, 0);
    });

  it("reads several, in several blocks, with keys and digests proven", async () => {
    const raws = [
      await sign(0, { data: bytes(100) }),
      await sign(2, KINDS["addresses and keys"]![1], 1),
      await sign(
        1,
        { to: null, data: bytes(33), accessList: [{ address: address("13"), storageKeys: [key("31")] }] },
        2,
      ),
      await sign(2, { data: "0x" }, 3),
    ];
    const blocks = [[raws[0]!], [], raws.slice(1)];
    const plan = samplePlan(blocks);
    const sample = buildSample(plan, { digests: pool });
    expect(sample.broken(5)).to.deep.equal([]);
    raws.forEach((raw, i) => expectSame(sample, raw, i));
    const executed = sampleBlocks(blocks);
    const { value, transactions } = sample;
    const { previous } = chainValues();
    const dataHash = dataHashOf(previous.dataHash, executed.map(({ data }) => data)); // prettier-ignore
    expect(value(transactions.blockHashes.dataHash)).to.equal(dataHash);
    executed.forEach(({ data, gasUsed }, i) => {
      const block = sample.blocks.list[i]!;
      expect(value(block.number)).to.equal(data.number);
      expect(value(block.timestamp)).to.equal(data.timestamp);
      expect(value(block.baseFee)).to.equal(data.baseFeePerGas);
      expect(value(block.gasUsed)).to.equal(gasUsed);
      expect(value(block.feeRecipient)).to.equal(addressToField(MINER));
    });
    expect(transactions.places.map(({ block }) => value(block.index))).to.deep.equal([0n, 2n, 2n, 2n]);
    const hashes = [...previousHashes().slice(1)];
    for (let i = 0; i < 3; i++) hashes.push(dataHashOf(hashes.at(-1)!, [executed[i]!.data]));
    const { entries } = transactions.blockHashes;
    expect(entries.map(({ hash }) => value(hash))).to.deep.equal(hashes);
    expect(entries.map(({ number }) => value(number))).to.deep.equal([39n, 40n, 41n, 42n, 43n, 44n]);
    expect(entries.every(({ available }) => value(available) === 1n)).to.equal(true);
    expect(plan.use.transactions).to.equal(4);
  });

  it("uses a full stream, full lists and no place at all", async () => {
    const raw = await sign(2, { data: bytes(100) });
    const plan = samplePlan([[raw]]);
    const tight = { ...plan.use, ancestors: 2, blocks: 1, accessEntries: 1 };
    expect(buildSample(plan, { parameters: tight, signers: false }).broken(5)).to.deep.equal([]);
    expect(buildSample(samplePlan([[]]), { signers: false }).broken(5)).to.deep.equal([]);
    for (const capacity of ["streamBytes", "hashRows", "dataWords", "payloadWords"] as const) {
      const small = { ...tight, [capacity]: tight[capacity] - 1 };
      expect(buildSample(plan, { parameters: small, signers: false }).broken(5), capacity).to.not.deep.equal(
        [],
      );
    }
  });

  it("is one circuit whatever it proves", async () => {
    const raw = await sign(2, { data: bytes(100) });
    const shape = buildSample(null).circuit;
    const proven = buildSample(samplePlan([[raw]])).circuit;
    expect(emitProgram(proven)).to.deep.equal(emitProgram(shape));
  });
});
