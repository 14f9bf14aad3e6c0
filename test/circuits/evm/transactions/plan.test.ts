import { expect } from "chai";
import { exceeded } from "../../../../protocol/evm/transactionsUse.ts";
import { keccak256, Transaction } from "ethers";
import { hex } from "../../gadgets/buildGadget.ts";
import { PARAMETERS, samplePlan, sign } from "./sample.ts";

describe("evm: plan of transactions", () => {
  const list = [{ address: `0x${"11".repeat(20)}`, storageKeys: [`0x${"21".repeat(32)}`] }];
  const raws = Promise.all([
    sign(2, { data: `0x${"01".repeat(68)}` }),
    sign(1, { data: "0x05", accessList: list }, 1),
    sign(0, {}, 2),
  ]);

  it("counts what they take of each capacity", async () => {
    const all = await raws;
    const { use } = samplePlan([[all[0]!], [all[1]!, all[2]!]]);
    const bytes = all.map((raw) => raw.length + 4);
    const payloads = all.map((raw) => (Transaction.from(`0x${hex(raw)}`).unsignedSerialized.length - 2) / 2);
    const words = (n: number): number => Math.ceil(n / 32);
    const rows = (n: number): number => 1 + Math.ceil((n - 37) / 93);
    expect(use).to.deep.equal({
      blocks: 2,
      ancestors: 2,
      transactions: 3,
      streamBytes: bytes.reduce((sum, n) => sum + n),
      hashRows: rows(bytes[0]!) + rows(bytes[1]! + bytes[2]!),
      dataWords: 3 + 1,
      payloadWords: payloads.reduce((sum, n) => sum + words(n), 0),
      accessEntries: 2,
    });
  });

  it("gives the messages in the order of the requests", async () => {
    const all = await raws;
    const { messages } = samplePlan([all]);
    all.forEach((raw, i) => {
      const tx = Transaction.from(`0x${hex(raw)}`);
      expect(keccak256(messages[2 * i]!)).to.equal(tx.unsignedHash);
      expect(keccak256(messages[2 * i + 1]!).slice(-40)).to.equal(tx.from!.slice(2).toLowerCase());
    });
  });

  it("says which capacity is exceeded, and by how much", async () => {
    const { use } = samplePlan([await raws]);
    expect(exceeded(PARAMETERS, use)).to.deep.equal([]);
    const small = { ...PARAMETERS, dataWords: 3, transactions: 2 };
    expect(exceeded(small, use)).to.deep.equal([
      { code: "EVM_CAPACITY", capacity: "transactions", needed: 3, limit: 2 },
      { code: "EVM_CAPACITY", capacity: "dataWords", needed: 4, limit: 3 },
    ]);
  });
});
