import { expect } from "chai";
import { witnessWord } from "../../../circuits/builder/ranges.ts";
import {
  accountKeyOf,
  leafHashOf,
  accountValueOf,
  stateRootOfWires,
} from "../../../circuits/gadgets/account.ts";
import { nextReceiptsHeadOf } from "../../../circuits/gadgets/receipts.ts";
import type { Address } from "../../../protocol/address.ts";
import { accountValueHash } from "../../../protocol/state/account.ts";
import { nextReceiptsHead } from "../../../protocol/state/receipts.ts";
import { stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { accountKey } from "../../../protocol/state/keys.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { Random } from "../../protocol/random.ts";
import { expectSound } from "../builder/expectBroken.ts";
import { buildGadget, input } from "./buildGadget.ts";

const random = new Random();
const address = (i: number): Address => `0x${(0x1000 + i).toString(16).padStart(40, "0")}`;

describe(`accounts (seed ${random.seed})`, () => {
  it("have the protocol's keys, values and leaves", () => {
    const account = {
      ...{ nonce: random.bits(64), balance: random.bits(256) },
      ...{ codeSize: random.bits(32), codeHash: random.bits(256), codeCommitment: random.field() },
    };
    const leaf = { key: random.field(), nextKey: random.field(), nextIndex: 7, valueHash: random.field() };
    const built = buildGadget((b) => {
      const wires = {
        nonce: input(b, "nonce", 64, account.nonce),
        balance: witnessWord(b, "balance", () => account.balance),
        codeSize: input(b, "codeSize", 32, account.codeSize),
        codeHash: witnessWord(b, "codeHash", () => account.codeHash),
        codeCommitment: b.witness("codeCommitment", () => account.codeCommitment),
      };
      const field = (name: string, value: bigint) => b.witness(name, () => value);
      return {
        key: accountKeyOf(b, field("address", BigInt(address(5))), "key"),
        value: accountValueOf(b, wires, "value"),
        leaf: leafHashOf(
          b,
          {
            key: field("k", leaf.key),
            nextKey: field("n", leaf.nextKey),
            nextIndex: field("i", 7n),
            valueHash: field("v", leaf.valueHash),
          },
          "leaf",
        ),
        root: stateRootOfWires(
          b,
          { root: field("root", 5n), leafCount: field("count", 6n), receiptsHead: field("head", 7n) },
          "root",
        ),
        receipts: nextReceiptsHeadOf(
          b,
          field("receipts", 8n),
          {
            blockNumber: field("number", 9n),
            outcome: field("outcome", 42_001n),
            logsHead: field("logs", 0n),
          },
          "receipt",
        ),
      };
    });
    expectSound(built);
    expect(built.value(built.out.key)).to.equal(accountKey(address(5)));
    expect(built.value(built.out.value)).to.equal(accountValueHash(account));
    expect(built.value(built.out.leaf)).to.equal(leafHash(leaf));
    expect(built.value(built.out.root)).to.equal(stateRootOf(5n, 6, 7n));
    const receipt = { status: 1, gasUsed: 21_000n, logs: [] } as const;
    expect(built.value(built.out.receipts)).to.equal(nextReceiptsHead(8n, 9n, receipt));
  });
});
