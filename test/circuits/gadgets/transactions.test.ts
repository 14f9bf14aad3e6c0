import { encodeRlp, toBeArray, Transaction, Wallet, type TransactionLike } from "ethers";
import { expect } from "chai";
import { Powers256 } from "../../../circuits/gadgets/byteStream.ts";
import { decodeScalar } from "../../../circuits/gadgets/rlpScalar.ts";
import { legacySuffix } from "../../../circuits/gadgets/legacySuffix.ts";
import { signingDigest } from "../../../circuits/gadgets/signingPayload.ts";
import { decodeTransaction } from "../../../circuits/gadgets/transactionFields.ts";
import { concatBytes } from "../../../protocol/bytes.ts";
import { Random } from "../../protocol/random.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, hex, input, streamOf, unhex } from "./buildGadget.ts";
import { type Lie, LyingBuilder } from "./lyingBuilder.ts";

const random = new Random();

describe(`decodeScalar (seed ${random.seed})`, () => {
  const decode = (data: Uint8Array, maxBytes: number, lies: Record<string, Lie> = {}) =>
    buildGadget((b) => decodeScalar(b, streamOf(b, data), b.zero, maxBytes, "item"), new LyingBuilder(lies));
  const encode = (value: bigint): Uint8Array => unhex(encodeRlp(value === 0n ? "0x" : toBeArray(value)));

  it("reads every canonical integer", () => {
    for (const maxBytes of [8, 16, 32]) {
      const all = (1n << BigInt(8 * maxBytes)) - 1n;
      const edges = [0n, 1n, 127n, 128n, 255n, 256n, all, all >> 8n, (all >> 1n) + 1n];
      for (const value of [...edges, random.bits(8 * maxBytes), random.bits(4 * maxBytes)]) {
        const data = encode(value);
        const built = decode(concatBytes([data, random.bytes(10)]), maxBytes);
        expectSound(built);
        expect(built.word(built.out.value)).to.equal(value);
        expect(built.value(built.out.next)).to.equal(BigInt(data.length));
        expect(built.value(built.out.isEmpty)).to.equal(value === 0n ? 1n : 0n);
      }
    }
  });

  const refused: [string, string, number, string][] = [
    ["a zero byte for zero", "00", 8, "item.leadingZero"],
    ["a leading zero", "820012", 8, "item.leadingZero"],
    ["a string of one byte below 128", "8105", 8, "item.shortForm"],
    ["one byte too many", "89010203040506070809", 8, "item.room"],
    ["one byte too many for a word", `a1${"11".repeat(33)}`, 32, "item.room"],
    ["a long string", "b83811", 32, "item.room"],
    ["a list", "c101", 32, "item.room"],
  ];
  for (const [name, data, maxBytes, broken] of refused)
    it(`refuses ${name}`, () => expectBroken(decode(unhex(data), maxBytes), {}, broken));

  it("refuses another reading of the same head", () => {
    const word = unhex(`94${"11".repeat(20)}`);
    expectBroken(decode(unhex("05"), 8, { "item.single": 0n }), {}, "item.rest");
    expectBroken(decode(unhex("8205ff"), 8, { "item.single": 1n }), {}, "item.rest");
    expectBroken(decode(word, 32, { "item.isLong": 0n }), {}, "item.lo.room");
    expectBroken(decode(unhex("830102ff"), 32, { "item.isLong": 1n }), {}, "item.hi.length");
    expectBroken(decode(unhex("80"), 8, { "item.isEmpty": 0n }), {}, "item.isEmpty.one");
  });
});

const CHAIN_ID = 901n;
const wallet = new Wallet(`0x${"07".repeat(32)}`);
const PLAIN = { chainId: CHAIN_ID, nonce: 3, gasLimit: 21_000, to: `0x${"ab".repeat(20)}`, value: 5n };
const FEES = {
  0: { gasPrice: 9n },
  1: { gasPrice: 9n, accessList: [] },
  2: { maxFeePerGas: 9n, maxPriorityFeePerGas: 2n, accessList: [] },
};
const sign = async (type: 0 | 1 | 2, fields: TransactionLike = {}): Promise<Uint8Array> =>
  unhex(await wallet.signTransaction({ type, ...PLAIN, ...FEES[type], ...fields }));

const OFFSET = 5;
const decode = (
  raw: Uint8Array,
  {
    lies = {},
    chainId = CHAIN_ID,
    length = raw.length,
  }: { lies?: Record<string, Lie>; chainId?: bigint; length?: number } = {},
) =>
  buildGadget((b) => {
    const stream = streamOf(b, concatBytes([random.bytes(OFFSET), raw]));
    const size = input(b, "length", 32, BigInt(length));
    const fields = decodeTransaction(b, stream, input(b, "at", 16, BigInt(OFFSET)), size, "tx");
    const suffix = legacySuffix(b, input(b, "chainId", 64, chainId), "suffix");
    const digest = signingDigest(b, stream, fields, suffix, new Powers256(b, 136), "signing");
    return { fields, digest };
  }, new LyingBuilder(lies));

describe("decodeTransaction and signingDigest", () => {
  const values: TransactionLike[] = [
    {},
    { nonce: 0, value: 0n },
    { nonce: 127 },
    { nonce: 128, value: (1n << 256n) - 1n },
    { gasLimit: (1n << 64n) - 1n, value: 1n << 128n },
    { value: 10n ** 18n, gasLimit: 0x5208 },
  ];
  for (const type of [0, 1, 2] as const)
    it(`read what ethers reads, type ${type}`, async () => {
      for (const fields of values) {
        const raw = await sign(type, fields);
        const tx = Transaction.from(`0x${hex(raw)}`);
        const built = decode(raw);
        expectSound(built);
        const { fields: out } = built.out;
        const maxFee = tx.maxFeePerGas ?? tx.gasPrice!;
        expect(built.value(out.nonce)).to.equal(BigInt(tx.nonce));
        expect(built.value(out.maxFee)).to.equal(maxFee);
        expect(built.value(out.maxPriorityFee)).to.equal(tx.maxPriorityFeePerGas ?? maxFee);
        expect(built.value(out.gasLimit)).to.equal(tx.gasLimit);
        expect(built.value(out.recipient)).to.equal(BigInt(tx.to!));
        expect(built.word(out.value)).to.equal(tx.value);
        expect(built.value(out.chainId)).to.equal(type === 0 ? 0n : tx.chainId);
        const parity = BigInt(tx.signature!.yParity);
        expect(built.value(out.v)).to.equal(type === 0 ? 35n + 2n * CHAIN_ID + parity : parity);
        expect(built.word(out.r)).to.equal(BigInt(tx.signature!.r));
        expect(built.word(out.s)).to.equal(BigInt(tx.signature!.s));
        expect(hex(built.bytes(built.out.digest))).to.equal(tx.unsignedHash.slice(2));
      }
    });

  it("read the longest transfer there is", async () => {
    const large = (1n << 128n) - 1n;
    const raw = await sign(2, { chainId: (1n << 62n) - 1n, nonce: Number.MAX_SAFE_INTEGER, maxFeePerGas: large, maxPriorityFeePerGas: large, gasLimit: (1n << 64n) - 1n, value: (1n << 256n) - 1n }); // prettier-ignore
    expect(raw.length).to.be.at.most(187);
    expectSound(decode(raw, { chainId: (1n << 62n) - 1n }));
  });

  for (const chainId of [1n, 127n, 128n, 255n, 256n, 65_535n, (1n << 32n) + 1n, (1n << 62n) - 1n])
    it(`sign chain id ${chainId} as a legacy transaction does`, async () => {
      const raw = await sign(0, { chainId });
      const built = decode(raw, { chainId });
      expectSound(built);
      expect(hex(built.bytes(built.out.digest))).to.equal(
        Transaction.from(`0x${hex(raw)}`).unsignedHash.slice(2),
      );
    });

  it("refuse what is not a plain transfer", async () => {
    const list = [{ address: `0x${"11".repeat(20)}`, storageKeys: [] }];
    expectBroken(decode(await sign(2, { accessList: list })), {}, "tx.accessList.isc0");
    expectBroken(decode(await sign(1, { accessList: list })), {}, "tx.accessList.isc0");
    expectBroken(decode(await sign(2, { data: "0x12" })), {}, "tx.data.is80");
    expectBroken(decode(await sign(0, { data: "0x1234" })), {}, "tx.data.is80");
    expectBroken(decode(await sign(2, { to: null, data: "0x" })), {}, "tx.recipient.head.isString20");
    expectBroken(decode(await sign(2, { maxFeePerGas: 1n << 128n })), {}, "tx.maxFee.room");
  });

  it("refuse other types, a byte too many or too few, a wrong list header", async () => {
    const raw = await sign(2);
    const changed = (at: number, byte: number): Uint8Array =>
      Uint8Array.from(raw, (old, i) => (i === at ? byte : old));
    expectBroken(decode(changed(0, 3)), {}, "tx.list.head.is");
    expectBroken(decode(changed(0, 0)), {}, "tx.list.head.is");
    expectBroken(decode(raw, { length: raw.length + 1 }), {}, "tx.list.second.isLength");
    expectBroken(decode(raw, { length: raw.length - 1 }), {}, "tx.list.second.isLength");
    const longer = concatBytes([changed(2, raw[2]! + 1), Uint8Array.of(0)]);
    expectBroken(decode(longer), {}, "tx.noByteLeft");
  });

  it("refuse a long list header where a short one serves", () => {
    // Signature of one byte each: the list is short. Real r and s of that size exist, so the form matters.
    const items = ["05", "09", "825208", `94${"ab".repeat(20)}`, "80", "80", "820731", "01", "01"].join("");
    const n = items.length / 2;
    expectSound(decode(unhex((0xc0 + n).toString(16) + items)));
    expectBroken(decode(unhex(`f8${n.toString(16)}${items}`)), {}, "tx.list.shortest");
  });

  it("refuse zero r and s", () => {
    const items = (r: string, s: string) =>
      ["05", "09", "825208", `94${"ab".repeat(20)}`, "80", "80", "820731", r, s].join("");
    const list = (body: string) => unhex((0xc0 + body.length / 2).toString(16) + body);
    expectBroken(decode(list(items("80", "01"))), {}, "tx.r.notZero");
    expectBroken(decode(list(items("01", "80"))), {}, "tx.s.notZero");
  });

  it("refuse a lie about the type", async () => {
    const legacy = await sign(0);
    const typed = await sign(2);
    expectBroken(decode(legacy, { lies: { "tx.isDynamicFee": 1n } }), {}, "tx.type");
    expectBroken(decode(typed, { lies: { "tx.isDynamicFee": 0n } }), {}, "tx.list.head.is");
    expectBroken(decode(typed, { lies: { "tx.isDynamicFee": 0n, "tx.isAccessList": 1n } }), {}, "tx.type");
    expectBroken(decode(typed, { lies: { "tx.isAccessList": 1n } }), {}, "tx.type.one");
  });

  it("refuse another payload under the same transaction", async () => {
    const raw = await sign(2);
    const lie = (at: number, broken: string) =>
      expectBroken(decode(raw, { lies: { [`signing.payload[${at}]`]: (byte) => byte ^ 1n } }), {}, broken);
    lie(0, "signing.prefix.is");
    lie(1, "signing.prefix.is");
    lie(3, "signing.items[0].same");
    lie(20, "signing.items[0].same");
    lie(100, "signing.keccak.zeros[2].are0");
    lie(135, "signing.keccak.lastPad.is80");
    const legacy = await sign(0);
    const built = decode(legacy, { chainId: CHAIN_ID + 1n });
    expect(hex(built.bytes(built.out.digest))).to.not.equal(
      Transaction.from(`0x${hex(legacy)}`).unsignedHash.slice(2),
    );
    // How the items are divided is free; that all are compared is not.
    expectSound(decode(raw, { lies: { "signing.items[0].length": 30n } }));
    const rest = Object.fromEntries([1, 2, 3].map((n) => [`signing.items[${n}].length`, 0n]));
    expectBroken(decode(raw, { lies: rest }), {}, "signing.items.all");
    expectBroken(decode(raw, { lies: { "signing.list.isLong": 1n } }), {}, "signing.list.shortest");
  });

  it("refuse another suffix of the chain id", async () => {
    const raw = await sign(0);
    expectBroken(decode(raw, { lies: { "suffix.size[2]": 0n, "suffix.size[3]": 1n } }), {}, "suffix.excess");
    expectBroken(decode(raw, { lies: { "suffix.size[2]": 0n, "suffix.size[1]": 1n } }), {}, "suffix.room");
    expectBroken(decode(raw, { lies: { "suffix.isSmall": 1n } }), {}, "suffix.gap");
    expectBroken(decode(raw, { chainId: 0n }), {}, "suffix.excess");
  });
});
