import { expect } from "chai";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { FIELD_MODULUS } from "../../../../protocol/field.ts";
import { changeState, type StateChange } from "../../../../protocol/state/changes.ts";
import type { IndexedTree } from "../../../../protocol/state/indexedTree.ts";
import { planTreeAccesses } from "../../../../protocol/state/treeAccessPlan.ts";
import type { TreeAccessShape } from "../../../../protocol/state/treeAccessShape.ts";
import { collectWitness, openWitness } from "../../../../protocol/state/treeWitness.ts";
import { Random } from "../../../protocol/random.ts";
import { expectSound } from "../../builder/expectBroken.ts";
import { accessesOf, settle, shuffled, touchedBy, type Transactions, treeOf, UNUSED } from "./workload.ts";

/** Settles the transactions in the circuit, on a part of the tree, and by the protocol's own functions; both must agree. */
function expectSettled(
  tree: IndexedTree,
  shape: TreeAccessShape,
  transactions: Transactions,
  reads: readonly bigint[],
  random: Random,
): void {
  const table = shuffled([...touchedBy(tree, transactions, reads), UNUSED], random);
  const keys = table.filter(({ active }) => active).map(({ key }) => key);
  const part = openWitness(collectWitness(tree, 0n, keys), tree.stateRoot(0n));
  const plan = planTreeAccesses(part, accessesOf(table), shape);
  const built = settle({ root: tree.root(), leafCount: tree.leafCount, shape, table, plan });
  changeState(tree, transactions);
  expectSound(built);
  expect(built.value(built.out.root)).to.equal(tree.root());
  expect(built.value(built.out.leafCount)).to.equal(BigInt(tree.leafCount));
}

function randomTransactions(known: readonly bigint[], random: Random): Transactions {
  const fresh = Array.from({ length: 6 }, () =>
    random.below(3) === 0 ? BigInt(1 + random.below(90)) : random.field(),
  );
  const any = [...known, ...fresh];
  return Array.from(
    { length: random.below(5) },
    () =>
    Array.from({ length: random.below(6) }, (): StateChange => ({ key: random.pick(any), valueHash: random.field(), isEmpty: random.below(3) === 0 })), // prettier-ignore
  );
}

describe("TreeAccesses", function () {
  this.timeout(120_000);
  const random = new Random();

  for (const height of [6, 11, 32])
    it(`settles what orderChanges and applyChanges make, height ${height} (seed ${random.seed})`, () => {
      const shape = { height, reads: 9, writes: 10, insertions: 9, absences: 8 };
      for (let round = 0; round < 4; round++) {
        const keys = Array.from({ length: random.below(12) }, () => random.field());
        const near = [10n, 20n, 30n, FIELD_MODULUS - 2n].slice(random.below(5));
        const tree = treeOf(shuffled([...keys, ...near], random), random);
        const known = [...keys.slice(0, 4), ...near];
        const reads = [
          ...Array.from({ length: 2 }, () => random.field()),
          ...known.filter(() => random.below(2) === 0),
          FIELD_MODULUS - 1n,
        ];
        expectSettled(tree, shape, randomTransactions(known, random), reads, random);
      }
    });

  const change = (key: bigint, valueHash: bigint, isEmpty = false): StateChange => ({
    key,
    valueHash,
    isEmpty,
  });
  const small = { height: 6, reads: 3, writes: 3, insertions: 4, absences: 2 };

  it("settles chunks that touch nothing, only read, only insert", () => {
    expectSettled(treeOf([10n, 20n], random), small, [], [], random);
    expectSettled(treeOf([], random), small, [], [5n], random);
    expectSettled(treeOf([10n, 20n], random), small, [], [20n, 15n, 25n], random);
    expectSettled(treeOf([], random), small, [[change(3n, 1n), change(1n, 1n), change(2n, 1n)]], [], random);
  });

  it("fills one gap by several transactions, above, below and between their own keys, and updates its low leaf", () => {
    const transactions = [
      [change(15n, 1n), change(10n, 3n), change(13n, 0n, true)],
      [change(12n, 2n), change(18n, 2n)],
      [change(13n, 4n), change(12n, 9n, true)],
    ];
    expectSettled(treeOf([10n, 20n], random), small, transactions, [20n, 11n, 19n], random);
  });

  it("is full: every place taken, and the last leaf of the tree in use", () => {
    const keys = Array.from({ length: 59 }, (_, i) => BigInt(10 * (i + 1)));
    const transactions = [[change(15n, 1n), change(55n, 1n), change(585n, 1n), change(595n, 1n)]];
    const shape = { height: 6, reads: 2, writes: 4, insertions: 4, absences: 1 };
    const tree = treeOf(keys, random);
    expectSettled(tree, shape, transactions, [100n, 205n], random);
    expect(tree.leafCount).to.equal(64);
    // A tree that is full is still read and updated.
    expectSettled(tree, shape, [[change(300n, 1n)]], [310n, 597n], random);
    expectSettled(tree, shape, [], [], random);
  });

  it("opens leaves that stay among the written when there is no other place", () => {
    const tree = treeOf([10n, 20n, 30n, 40n], random);
    const shape = { ...small, reads: 1, writes: 4 };
    expectSettled(tree, shape, [[change(20n, 5n)]], [10n, 30n, 40n, 25n], random);
  });

  it("has places left out", () => {
    const tree = treeOf([10n, 20n], random);
    const only = { height: 6, reads: 0, writes: 0, insertions: 0, absences: 0 };
    expectSettled(tree, only, [], [], random);
    expectSettled(tree, { ...only, reads: 1 }, [], [10n], random);
    expectSettled(tree, { ...only, writes: 1 }, [[change(20n, 1n)]], [], random);
    expectSettled(tree, { ...only, height: 2, writes: 1, insertions: 1 }, [[change(21n, 1n)]], [], random);
  });

  it("is the same circuit for a key as for a proof", () => {
    const tree = treeOf([10n, 20n], random);
    const table = [...touchedBy(tree, [[change(15n, 1n)]], [10n]), UNUSED];
    const plan = planTreeAccesses(tree, accessesOf(table), small);
    const given = { root: tree.root(), leafCount: tree.leafCount, shape: small, table, plan };
    const [proven, shaped] = [settle(given), settle(given, new Builder("shape"))];
    expect(circuitDigest(shaped.circuit)).to.equal(circuitDigest(proven.circuit));
  });
});
