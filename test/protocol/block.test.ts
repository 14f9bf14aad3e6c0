import { createBlockHeader } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { expect } from "chai";
import { bytesToAddress } from "../../protocol/address.ts";
import { decodeBatch, encodeBatch } from "../../protocol/batch.ts";
import type { BlockData } from "../../protocol/block.ts";
import {
  BLOCK_HEADER_BYTES,
  blockHash,
  dataHashOf,
  decodeBlock,
  encodeBlock,
  nextBaseFee,
} from "../../protocol/block.ts";
import { concatBytes } from "../../protocol/bytes.ts";
import { MAX_BATCH_BYTES, MAX_TRANSACTION_BYTES, MIN_BASE_FEE } from "../../protocol/constants.ts";
import { baseFeeAfter, assertFollows, decodeTip, encodeTip, tipAfter } from "../../protocol/tip.ts";
import { expectError } from "./expectError.ts";
import { Random } from "./random.ts";

const random = new Random();
const gasLimit = 30_000_000n;

const randomBlock = (number: bigint, timestamp: bigint): BlockData => ({
  number,
  timestamp,
  feeRecipient: bytesToAddress(random.bytes(20)),
  gasLimit,
  baseFeePerGas: random.bits(40),
  transactions: Array.from({ length: random.below(4) }, () => random.bytes(1 + random.below(300))),
});
const randomBlocks = (count: number): BlockData[] => {
  const first = random.bits(32);
  return Array.from({ length: count }, (_, i) => randomBlock(first + BigInt(i), 1_000n + BigInt(3 * i)));
};

describe("protocol/block", () => {
  it(`reads back what it writes (seed ${random.seed})`, () => {
    for (const block of randomBlocks(30)) expect(decodeBlock(encodeBlock(block))).to.deep.equal(block);
  });

  it("I-BLOCK-01: the hash changes with the parent and with every byte of the block", () => {
    const block = { ...randomBlock(1n, 2n), transactions: [Uint8Array.of(1, 2)] };
    const hashes = new Set([blockHash(0n, block), blockHash(1n, block)]);
    const bytes = encodeBlock(block);
    const inHeader = [7, 15, 16, 35, 43, 51];
    for (const i of [...inHeader, bytes.length - 1])
      hashes.add(blockHash(0n, decodeBlock(bytes.with(i, (bytes[i] as number) ^ 1))));
    expect(hashes.size).to.equal(2 + inHeader.length + 1);
    const two = [block, randomBlock(2n, 3n)];
    expect(dataHashOf(5n, two)).to.equal(blockHash(blockHash(5n, two[0] as BlockData), two[1] as BlockData));
    expect(dataHashOf(5n, [])).to.equal(5n);
  });

  it("I-BLOCK-03: refuses malformed blocks", () => {
    const block = { ...randomBlock(1n, 2n), transactions: [Uint8Array.of(1, 2)] };
    const bytes = encodeBlock(block);
    expectError(() => decodeBlock(Uint8Array.of(...bytes, 0)), { code: "BYTES_TRAILING", trailing: 1 });
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeBlock(bytes.slice(0, length))).to.throw(/BYTES_TRUNCATED|BLOCK_TRANSACTION_COUNT/);
    const many = bytes.slice();
    many.fill(0xff, BLOCK_HEADER_BYTES - 4, BLOCK_HEADER_BYTES);
    expectError(() => decodeBlock(many), { code: "BLOCK_TRANSACTION_COUNT", count: 2 ** 32 - 1 });
    const empty = concatBytes([bytes.slice(0, BLOCK_HEADER_BYTES), new Uint8Array(5)]);
    expectError(() => decodeBlock(empty), { code: "BLOCK_TRANSACTION_LENGTH", index: 0, bytes: 0 });
    const large = { ...block, transactions: [new Uint8Array(MAX_TRANSACTION_BYTES + 1)] };
    expectError(() => encodeBlock(large), {
      code: "BLOCK_TRANSACTION_LENGTH",
      maxBytes: MAX_TRANSACTION_BYTES,
    });
    expectError(() => encodeBlock({ ...block, number: 1n << 64n }), {
      code: "INTEGER_OUT_OF_RANGE",
      bits: 64,
    });
    expectError(() => encodeBlock({ ...block, number: -1n }), { code: "INTEGER_OUT_OF_RANGE", value: -1n });
    expectError(() => encodeBlock({ ...block, feeRecipient: "0x12" }), {
      code: "ADDRESS_INVALID",
      value: "0x12",
    });
  });

  it("moves the base fee as an independent EIP-1559 does, and never below the floor", () => {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
    for (let i = 0; i < 300; i++) {
      const limit = 5_000n + random.bits(30);
      const parent = {
        baseFee: MIN_BASE_FEE + random.bits(1 + random.below(45)),
        gasUsed: random.pick([0n, limit, limit / 2n, random.bits(40) % (limit + 1n)]),
        gasLimit: limit,
      };
      const { baseFee: baseFeePerGas, ...gas } = parent;
      const header = createBlockHeader({ number: 1n, baseFeePerGas, ...gas }, { common });
      expect(
        nextBaseFee(parent),
        JSON.stringify(parent, (_, v) => String(v)),
      ).to.equal(header.calcNextBaseFee());
      expect(nextBaseFee(parent) >= MIN_BASE_FEE).to.equal(true);
    }
    expect(nextBaseFee({ baseFee: 1n, gasUsed: 0n, gasLimit })).to.equal(MIN_BASE_FEE);
  });
});

describe("protocol/batch", () => {
  it("reads back what it writes", () => {
    for (const count of [1, 2, 20]) {
      const blocks = randomBlocks(count);
      expect(decodeBatch(encodeBatch(blocks))).to.deep.equal(blocks);
    }
  });

  it("I-BLOCK-03: refuses what is not one well-formed range of blocks", () => {
    const blocks = randomBlocks(3);
    const [first, second, third] = blocks as [BlockData, BlockData, BlockData];
    const bytes = encodeBatch(blocks);
    expectError(() => decodeBatch(bytes.with(0, 2)), { code: "BATCH_VERSION", expected: 1, actual: 2 });
    expectError(() => decodeBatch(bytes.with(4, 2)), { code: "BYTES_TRAILING" });
    expectError(() => decodeBatch(bytes.with(1, 0xff)), { code: "BATCH_BLOCK_COUNT" });
    expectError(() => decodeBatch(Uint8Array.of(1, 0, 0, 0, 0)), { code: "BATCH_BLOCK_COUNT", count: 0 });
    expectError(() => encodeBatch([]), { code: "BATCH_BLOCK_COUNT", count: 0 });
    expectError(() => encodeBatch([first, third]), {
      code: "BATCH_NOT_CONSECUTIVE",
      expected: second.number,
      actual: third.number,
    });
    const late = { ...second, timestamp: first.timestamp };
    expectError(() => encodeBatch([first, late]), {
      code: "BATCH_TIME_NOT_INCREASING",
      previous: first.timestamp,
      actual: first.timestamp,
    });
    const raw = (items: BlockData[]) =>
      concatBytes([Uint8Array.of(1, 0, 0, 0, items.length), ...items.map(encodeBlock)]);
    expectError(() => decodeBatch(raw([first, third])), {
      code: "BATCH_NOT_CONSECUTIVE",
      actual: third.number,
    });
    expectError(() => decodeBatch(raw([first, late])), { code: "BATCH_TIME_NOT_INCREASING" });
    expectError(() => decodeBatch(new Uint8Array(MAX_BATCH_BYTES + 1)), { code: "BATCH_TOO_LARGE" });
    for (let length = 0; length < bytes.length; length += 11)
      expect(() => decodeBatch(bytes.slice(0, length))).to.throw(
        /BYTES_TRUNCATED|BLOCK_TRANSACTION_COUNT|BATCH_BLOCK_COUNT/,
      );
  });
});

describe("protocol/tip", () => {
  const tip = {
    ...{ stateRoot: 5n, dataHash: 6n, blockNumber: 9n, timestamp: 100n },
    ...{ baseFee: 1_000_000_000n, gasUsed: gasLimit },
  };
  const block = { ...randomBlock(10n, 101n), baseFeePerGas: baseFeeAfter(tip, gasLimit) };

  it("reads back what it writes", () => {
    expect(decodeTip(encodeTip(tip))).to.deep.equal(tip);
    expectError(() => decodeTip(encodeTip(tip).slice(1)), { code: "BYTES_TRUNCATED" });
  });

  it("I-BLOCK-02: a block follows by number, time, gas limit and base fee, or is refused by name", () => {
    expect(block.baseFeePerGas).to.equal(1_125_000_000n);
    assertFollows(tip, gasLimit, block);
    const check = (change: Partial<BlockData>) => () => assertFollows(tip, gasLimit, { ...block, ...change });
    expectError(check({ number: 11n }), { code: "BLOCK_NUMBER_MISMATCH", expected: 10n, actual: 11n });
    expectError(check({ timestamp: 100n }), { code: "BLOCK_TIME_NOT_LATER", parent: 100n, actual: 100n });
    expectError(check({ gasLimit: 1n }), {
      code: "BLOCK_GAS_LIMIT_MISMATCH",
      expected: gasLimit,
      actual: 1n,
    });
    expectError(check({ baseFeePerGas: 1n }), { code: "BLOCK_BASE_FEE_MISMATCH", actual: 1n });
  });

  it("moves to the block", () => {
    const next = tipAfter(tip, block, { stateRoot: 7n, gasUsed: 21_000n });
    expect(next).to.deep.equal({
      stateRoot: 7n,
      dataHash: blockHash(6n, block),
      blockNumber: 10n,
      timestamp: 101n,
      baseFee: 1_125_000_000n,
      gasUsed: 21_000n,
    });
    expectError(() => tipAfter(tip, block, { stateRoot: 7n, gasUsed: gasLimit + 1n }), {
      code: "BLOCK_GAS_EXCEEDED",
      gasUsed: gasLimit + 1n,
    });
  });
});
