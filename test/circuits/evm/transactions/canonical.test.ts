/** Bytes that say the right thing in another form, or almost a transaction: each is refused, by name. */
import { expect } from "chai";
import { concatBytes } from "../../../../protocol/bytes.ts";
import { encodeBlock } from "../../../../protocol/block.ts";
import { hashBytes } from "../../../../protocol/hash.ts";
import type { TransactionsPlan } from "../../../../circuits/programs/evm/transactions/plan.ts";
import { hex, unhex } from "../../gadgets/buildGadget.ts";
import { buildSample, sampleBlocks, samplePlan, sign } from "./sample.ts";

const bytesOf = (items: readonly string[]): number => items.join("").length / 2;
const u8 = (value: number): string => value.toString(16).padStart(2, "0");
const header = (base: number, bytes: number): string => {
  if (bytes <= 55) return u8(base + bytes);
  const length = bytes.toString(16).padStart(2 * Math.ceil(bytes.toString(16).length / 2), "0");
  return u8(base + 55 + length.length / 2) + length;
};
const list = (items: readonly string[]): string => header(0xc0, bytesOf(items)) + items.join("");
const string = (content: string): string => header(0x80, content.length / 2) + content;

/** RLP items by name, for a type 2 transaction; `chainId` 901. */
const ITEMS = {
  chainId: "820385",
  nonce: "03",
  tip: "831e8480",
  maxFee: "84b2d05e00",
  gasLimit: "8303d090",
  to: `94${"ab".repeat(20)}`,
  value: "05",
  data: "80",
  accessList: "c0",
  v: "80",
  r: `a0${"11".repeat(32)}`,
  s: `a0${"12".repeat(32)}`,
};
type Items = Partial<typeof ITEMS>;
const typed = (items: Items, head = header): Uint8Array => {
  const all = Object.values({ ...ITEMS, ...items });
  return unhex(`02${head(0xc0, bytesOf(all))}${all.join("")}`);
};

/** A plan for these bytes: it has the planner's hints of another transaction. */
async function planFor(raw: Uint8Array): Promise<TransactionsPlan> {
  const honest = samplePlan([[await sign(2)]]);
  const [block] = sampleBlocks([[await sign(2)]]);
  const data = { ...block!.data, transactions: [raw] };
  const length = unhex(raw.length.toString(16).padStart(8, "0"));
  return { ...honest, stream: concatBytes([length, raw]), digests: [hashBytes(encodeBlock(data))] };
}

/** Without the constraints of the digests, which belong to another payload. */
async function brokenBy(raw: Uint8Array): Promise<string[]> {
  const sample = buildSample(await planFor(raw), { signers: false });
  return sample.broken().filter((name) => !name.includes("oracle["));
}

const PLACE = "transaction[0].raw.";
const refuses = async (raw: Uint8Array, constraint: string): Promise<void> => {
  expect(await brokenBy(raw), hex(raw)).to.include(constraint);
};

describe("evm: transactions that are not canonical", function () {
  this.timeout(60_000);

  it("are not these, written by hand", async () => {
    const entry = list([`94${"11".repeat(20)}`, list([`a0${"22".repeat(32)}`, `a0${"23".repeat(32)}`])]);
    const good: Items[] = [
      {},
      { nonce: "80", value: "80", data: "00" },
      { to: "80", data: string("60".repeat(56)) },
      { data: string("00".repeat(300)), accessList: list([entry, list([`94${"11".repeat(20)}`, "c0"])]) },
    ];
    for (const items of good) expect(await brokenBy(typed(items))).to.deep.equal([]);
  });

  const integers: [string, Items, string][] = [
    ["a zero byte for zero", { nonce: "00" }, "nonce.shortest"],
    ["a leading zero", { nonce: "820012" }, "nonce.shortest"],
    ["a leading zero in a fee", { maxFee: "8500b2d05e00" }, "maxFee.shortest"],
    ["a leading zero in a word", { value: `a0${"00".repeat(31)}11` }, "value.shortest"],
    ["a string of one byte below 128", { gasLimit: "8105" }, "gasLimit.shortest"],
    ["a string of one zero", { value: "8100" }, "value.shortest"],
    ["a nonce of nine bytes", { nonce: `89${"11".repeat(9)}` }, "nonce.least"],
    ["a fee of 17 bytes", { maxFee: `91${"11".repeat(17)}` }, "maxFee.least"],
    ["a value of 33 bytes", { value: `a1${"11".repeat(33)}` }, "value.least"],
    ["a long string for an integer", { nonce: "b80105" }, "nonce.least"],
    ["a list for an integer", { nonce: "c105" }, "nonce.least"],
    ["an r of zero", { r: "80" }, "r.notZero"],
    ["an s of zero", { s: "80" }, "s.notZero"],
    ["an s with a leading zero", { s: `a000${"12".repeat(31)}` }, "s.shortest"],
  ];
  for (const [name, items, constraint] of integers)
    it(`refuses ${name}`, () => refuses(typed(items), PLACE + constraint));

  const strings: [string, Items, string][] = [
    ["a recipient of 19 bytes", { to: `93${"ab".repeat(19)}` }, "to.head.is"],
    ["a recipient of 21 bytes", { to: `95${"ab".repeat(21)}` }, "to.head.is"],
    ["a list for a recipient", { to: `d4${"ab".repeat(20)}` }, "to.head.is"],
    ["data of one byte below 128 as a string", { data: "8105" }, "data.shortest"],
    ["data of one zero as a string", { data: "8100" }, "data.shortest"],
    ["55 bytes of data in a long form", { data: `b837${"11".repeat(55)}` }, "data.isHeader"],
    ["no data in a long form", { data: "b800" }, "data.isHeader"],
    ["a length of data with a leading zero", { data: `b90080${"11".repeat(128)}` }, "data.isHeader"],
    ["a length of data in three bytes", { data: `ba000101${"11".repeat(257)}` }, "data.isHeader"],
    ["a list for data", { data: "c411111111" }, "data.isHeader"],
    ["data beyond the transaction", { data: `b9ffff${"11".repeat(60)}` }, "noByteLeft"],
  ];
  for (const [name, items, constraint] of strings)
    it(`refuses ${name}`, () => refuses(typed(items), PLACE + constraint));

  describe("in their envelope", () => {
    const SHORT = { r: "01", s: "01", to: "80", maxFee: "05", tip: "05", gasLimit: "05" };
    const n = bytesOf(Object.values({ ...ITEMS, ...SHORT }));
    const cases: [string, Uint8Array, string][] = [
      ["a long header for a short list", typed(SHORT, () => `f8${u8(n)}`), "list.isHeader"],
      ["a leading zero in the list's length", typed({}, (_, bytes) => `f900${u8(bytes)}`), "list.isHeader"],
      ["a list that is too long", typed({}, (base, bytes) => header(base, bytes + 1)), "list.fills"],
      ["a list that is too short", typed({}, (base, bytes) => header(base, bytes - 1)), "list.fills"],
      ["a byte after the list", concatBytes([typed({}), Uint8Array.of(1)]), "list.fills"],
      ["an item too many", typed({ s: `${ITEMS.s}01` }), "noByteLeft"],
      ["an item too few", typed({ accessList: "" }), "accessList.isHeader"],
      ["a string for the transaction's list", typed({}, (_, bytes) => `b8${u8(bytes)}`), "list.isHeader"],
      ["type 3", unhex(hex(typed({})).replace(/^02/, "03")), "list.isHeader"],
      ["type 0", unhex(hex(typed({})).replace(/^02/, "00")), "list.isHeader"],
      ["a string for an access list", typed({ accessList: "80" }), "accessList.isHeader"],
      ["a long header for an empty access list", typed({ accessList: "f800" }), "accessList.isHeader"],
    ];
    for (const [name, raw, constraint] of cases)
      it(`refuses ${name}`, () => refuses(raw, PLACE + constraint));
  });

  describe("in their access list", () => {
    const address = `94${"11".repeat(20)}`;
    const key = `a0${"22".repeat(32)}`;
    const entry = (keys: readonly string[]): string => list([address, list(keys)]);
    const ROW = "accessEntry[0].";
    const cases: [string, string, string][] = [
      [
        "an address of 19 bytes",
        list([list([`93${"11".repeat(19)}`, "c0"])]),
        `${ROW}entry.address.head.isString20`,
      ],
      ["a string for the keys", list([list([address, "80"])]), `${ROW}keys.isHeader`],
      ["no keys' list", list([list([address])]), `${ROW}keys.isHeader`],
      ["three items in an entry", list([list([address, "c0", "c0"])]), `${ROW}keys.endEntry`],
      ["an address alone", list([address]), `${ROW}entry.isHeader`],
      [
        "a key of 31 bytes",
        list([list([address, list([`9f${"22".repeat(31)}`, key])])]),
        "accessEntry[1].key.head.isString32",
      ],
      ["a key of one byte", list([list([address, list(["05"])])]), `${ROW}last.closed`],
      ["a long header for a short entry", list([`f816${address}c0`]), `${ROW}entry.isHeader`],
      ["a long header for one key", list([`f838${address}f821${key}`]), `${ROW}keys.isHeader`],
      ["an entry that says too much", list([`d7${address}c0`]), `${ROW}keys.endEntry`],
      ["an entry that says too little", list([`d5${address}c0`]), `${ROW}keys.endEntry`],
      ["keys that say too much", list([list([address, `f842${key}`])]), `${ROW}keys.endEntry`],
    ];
    for (const [name, accessList, constraint] of cases)
      it(`refuses ${name}`, () => refuses(typed({ accessList }), constraint));
    it("accepts what differs from them by nothing else", async () =>
      expect(await brokenBy(typed({ accessList: list([entry([key]), entry([])]) }))).to.deep.equal([]));
  });

  describe("or are for another chain", () => {
    const legacy = (v: string): Uint8Array => {
      const { nonce, maxFee, gasLimit, to, value, data, r, s } = ITEMS;
      return unhex(list([nonce, maxFee, gasLimit, to, value, data, v, r, s]));
    };
    const chain = "transaction[0].chainId.isOurs";
    const v = "transaction[0].v.isParity";
    const cases: [string, Uint8Array, string][] = [
      ["another chain id", typed({ chainId: "820386" }), chain],
      ["no chain id", typed({ chainId: "80" }), chain],
      ["a legacy v of 27", legacy("1b"), v],
      ["a legacy v of 0", legacy("80"), v],
      ["a legacy v of another chain", legacy("82072f"), v],
      ["a parity of 2", typed({ v: "02" }), v],
      ["a parity of 27", typed({ v: "1b" }), v],
    ];
    for (const [name, raw, constraint] of cases) it(`refuses ${name}`, () => refuses(raw, constraint));
    it("accepts both parities of this one", async () => {
      for (const good of [legacy("82072d"), legacy("82072e")]) expect(await brokenBy(good)).to.deep.equal([]);
    });
  });

  describe("or break a rule that needs no state", () => {
    const cases: [string, Items, string][] = [
      [
        "a nonce that cannot be counted up",
        { nonce: `88${"ff".repeat(8)}` },
        "transaction[0].nonce.canCount",
      ],
      ["a fee below the base fee", { maxFee: "05", tip: "05" }, "transaction[0].fee.coversBase"],
      ["a tip above the fee", { tip: "85ffffffffff" }, "transaction[0].fee.priorityWithinMax"],
      ["less gas than it costs", { gasLimit: "825207" }, "transaction[0].intrinsic.covered"],
      ["more gas than a block has", { gasLimit: "8401c9c381" }, "gas.left[0]"],
      [
        "gas for all but a zero byte",
        { data: "00", gasLimit: `82${(21_003).toString(16)}` },
        "transaction[0].intrinsic.covered",
      ],
    ];
    for (const [name, items, constraint] of cases)
      it(`refuses ${name}`, () => refuses(typed(items), constraint));
    it("accepts the last that does not", async () => {
      const good: Items[] = [
        { nonce: `88${"ff".repeat(7)}fe` },
        { gasLimit: "825208" },
        { gasLimit: "8401c9c380" },
        { data: "00", gasLimit: `82${(21_004).toString(16)}` },
      ];
      for (const items of good) expect(await brokenBy(typed(items))).to.deep.equal([]);
    });
    it("refuses initcode of more than 49,152 bytes", async () => {
      const parameters = { blocks: 1, ancestors: 2, transactions: 1, streamBytes: 49_600, hashRows: 540, dataWords: 1_540, payloadWords: 1_545, accessEntries: 1 }; // prettier-ignore
      const build = async (bytes: number): Promise<string[]> => {
        const plan = await planFor(typed({ to: "80", data: string("00".repeat(bytes)) }));
        return buildSample(plan, { parameters, signers: false }).broken().filter((name) => !name.includes("oracle[")); // prettier-ignore
      };
      const gas = "transaction[0].intrinsic.covered";
      expect(await build(49_152)).to.deep.equal([gas]);
      expect(await build(49_153)).to.include("transaction[0].initcode.room");
    });
  });
});
