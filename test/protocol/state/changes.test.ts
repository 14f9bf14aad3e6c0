import { expect } from "chai";
import type { Address } from "../../../protocol/address.ts";
import { EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import type { StateChange } from "../../../protocol/state/changes.ts";
import { accountChange, changeState, orderChanges, storageChange } from "../../../protocol/state/changes.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";

const change = (key: bigint, valueHash: bigint, isEmpty = false): StateChange => ({
  key,
  valueHash,
  isEmpty,
});
const pairs = (changes: readonly StateChange[]) => changes.map(({ key, valueHash }) => [key, valueHash]);

describe("protocol/state/changes", () => {
  it("I-STATE-03: inserts transaction by transaction, within one by ascending key, each with its last value", () => {
    const ordered = orderChanges(
      [
        [change(9n, 1n), change(3n, 1n), change(5n, 1n)],
        [change(1n, 2n), change(9n, 2n), change(5n, 2n)],
      ],
      (key) => key === 5n,
    );
    expect(pairs(ordered.insertions)).to.deep.equal([
      [3n, 1n],
      [9n, 2n],
      [1n, 2n],
    ]);
    expect(pairs(ordered.updates)).to.deep.equal([[5n, 2n]]);
  });

  it("inserts no empty value, inserts later what is empty at first, and keeps a leaf that becomes empty", () => {
    const ordered = orderChanges(
      [
        [change(4n, 1n, true), change(2n, 1n), change(8n, 0n, true)],
        [change(4n, 2n), change(2n, 3n, true)],
      ],
      (key) => key === 8n,
    );
    expect(pairs(ordered.insertions)).to.deep.equal([
      [2n, 3n],
      [4n, 2n],
    ]);
    expect(pairs(ordered.updates)).to.deep.equal([[8n, 0n]]);
  });

  it("gives the same root for one commit of many transactions as for a commit after each", () => {
    const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
    const transactions = [
      [accountChange(address(1), { ...EMPTY_ACCOUNT, balance: 5n }), storageChange(address(1), 7n, 1n)],
      [accountChange(address(2), { ...EMPTY_ACCOUNT, nonce: 1n }), accountChange(address(3), EMPTY_ACCOUNT)],
      [
        accountChange(address(1), EMPTY_ACCOUNT),
        storageChange(address(1), 7n, 0n),
        storageChange(address(1), 8n, 0n),
      ],
    ];
    const [together, apart] = [
      new IndexedTree(new MemoryTreeStore()),
      new IndexedTree(new MemoryTreeStore()),
    ];
    changeState(together, transactions);
    for (const transaction of transactions) {
      changeState(apart, [transaction]);
      apart.commit();
    }
    expect(together.leafCount).to.equal(4);
    expect(together.root()).to.equal(apart.root());
  });
});
