import { expect } from "chai";
import { addressToBytes, bytesToAddress, parseAddress } from "../../protocol/address.ts";
import {
  bytesToField,
  FIELD_MODULUS,
  fieldToBytes,
  fieldToHex,
  inverse,
  joinWord,
  mod,
  power,
  splitWord,
} from "../../protocol/field.ts";
import { decodeLeaf, encodeLeaf } from "../../protocol/state/leaf.ts";
import { accountValueHash, EMPTY_ACCOUNT } from "../../protocol/state/account.ts";
import { codeCommitment, EMPTY_CODE_HASH } from "../../protocol/state/code.ts";
import { sponge } from "../../protocol/poseidon2/permute.ts";
import { spongeTag } from "../../protocol/hash.ts";
import { writeField } from "../../protocol/field.ts";
import { Domain } from "../../protocol/domains.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expectError } from "./expectError.ts";
import { Random } from "./random.ts";

describe("protocol/field", () => {
  const random = new Random();

  it(`inverts, raises and reduces (seed ${random.seed})`, () => {
    for (const value of [1n, 2n, FIELD_MODULUS - 1n, ...Array.from({ length: 50 }, () => random.field())]) {
      expect(mod(inverse(value) * value)).to.equal(1n);
      expect(power(value, FIELD_MODULUS - 2n)).to.equal(inverse(value));
      expect(mod(-value)).to.equal(FIELD_MODULUS - value);
    }
    expectError(() => inverse(0n), { code: "FIELD_ZERO_INVERSE" });
    expectError(() => inverse(FIELD_MODULUS), { code: "FIELD_ZERO_INVERSE" });
  });

  it("has one encoding of 32 bytes for each element", () => {
    for (const value of [0n, 1n, FIELD_MODULUS - 1n, random.field()]) {
      expect(bytesToField(fieldToBytes(value))).to.equal(value);
      expect(fieldToHex(value)).to.equal(`0x${bytesToHex(fieldToBytes(value))}`);
    }
    const unaligned = Uint8Array.of(9, 9, 9, ...fieldToBytes(7n)).subarray(3);
    expect(bytesToField(unaligned)).to.equal(7n);
    expectError(() => fieldToBytes(FIELD_MODULUS), { code: "FIELD_OUT_OF_RANGE", value: FIELD_MODULUS });
    expectError(() => bytesToField(new Uint8Array(32).fill(255)), { code: "FIELD_OUT_OF_RANGE" });
    expectError(() => bytesToField(new Uint8Array(33)), {
      code: "FIELD_WRONG_LENGTH",
      expected: 32,
      actual: 33,
    });
  });

  it("splits words into halves and joins them", () => {
    for (const word of [0n, 1n, (1n << 128n) - 1n, 1n << 128n, (1n << 256n) - 1n, random.bits(256)])
      expect(joinWord(splitWord(word))).to.equal(word);
    expectError(() => splitWord(1n << 256n), { code: "WORD_OUT_OF_RANGE", bits: 256 });
    expectError(() => splitWord(-1n), { code: "WORD_OUT_OF_RANGE", value: -1n });
    expectError(() => joinWord({ hi: 0n, lo: 1n << 128n }), { code: "WORD_OUT_OF_RANGE", bits: 128 });
  });

  it("writes addresses in one form", () => {
    const address = parseAddress("0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD");
    expect(address).to.equal("0xabcdefabcdefabcdefabcdefabcdefabcdefabcd");
    expect(bytesToAddress(addressToBytes(address))).to.equal(address);
    expectError(() => parseAddress("abcdefabcdefabcdefabcdefabcdefabcdefabcd"), { code: "ADDRESS_INVALID" });
    expectError(() => bytesToAddress(new Uint8Array(19)), { code: "ADDRESS_INVALID" });
  });
});

describe("protocol/state values", () => {
  const random = new Random();

  it("reads back leaves", () => {
    const leaf = {
      key: random.field(),
      nextKey: random.field(),
      nextIndex: 2 ** 32 - 1,
      valueHash: random.field(),
    };
    expect(decodeLeaf(encodeLeaf(leaf))).to.deep.equal(leaf);
    expectError(() => decodeLeaf(encodeLeaf(leaf).slice(0, -1)), { code: "BYTES_TRUNCATED" });
  });

  it("refuses accounts that do not fit their hash", () => {
    const check = (change: object) => () => accountValueHash({ ...EMPTY_ACCOUNT, ...change });
    expectError(check({ nonce: 1n << 64n }), { code: "INTEGER_OUT_OF_RANGE", bits: 64 });
    expectError(check({ codeSize: 1n << 32n }), { code: "INTEGER_OUT_OF_RANGE", bits: 32 });
    expectError(check({ balance: 1n << 256n }), { code: "WORD_OUT_OF_RANGE", bits: 256 });
    expectError(check({ codeCommitment: FIELD_MODULUS }), { code: "FIELD_OUT_OF_RANGE" });
  });

  it("commits to code after jump analysis", () => {
    expect(EMPTY_CODE_HASH).to.equal(BigInt(`0x${bytesToHex(keccak_256(new Uint8Array(0)))}`));
    // PUSH2 5b 5b, JUMPDEST, PUSH32 cut short by the end of the code.
    const code = Uint8Array.of(0x61, 0x5b, 0x5b, 0x5b, 0x7f, 0x5b);
    const missing = Array<number>(31).fill(0x100);
    const symbols = [0x61, 0x15b, 0x15b, 0x5b, 0x7f, 0x15b, ...missing, ...Array<number>(47).fill(0)];
    const element = (i: number): bigint =>
      symbols.slice(28 * i, 28 * (i + 1)).reduce((sum, symbol) => (sum << 9n) | BigInt(symbol), 0n);
    const tag = spongeTag(Domain.CODE, code.length);
    expect(codeCommitment(code)).to.equal(
      sponge(tag, 3, (view, offset, i) => writeField(view, offset, element(i))),
    );
    expect(codeCommitment(Uint8Array.of(0x5b))).to.not.equal(codeCommitment(Uint8Array.of(0x5b, 0)));
  });
});
