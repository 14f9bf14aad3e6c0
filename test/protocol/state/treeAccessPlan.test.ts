import { expect } from "chai";
import type { Field } from "../../../protocol/field.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import { rootOfPath } from "../../../protocol/state/proofs.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { planTreeAccesses } from "../../../protocol/state/treeAccessPlan.ts";
import { topLevels, type TreeAccessShape } from "../../../protocol/state/treeAccessShape.ts";
import type { TreeAccess } from "../../../protocol/state/treeLinks.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { collectWitness, openWitness } from "../../../protocol/state/treeWitness.ts";
import { expectError } from "../expectError.ts";

const SHAPE: TreeAccessShape = { height: 8, reads: 4, writes: 4, insertions: 4, absences: 2 };
const write = (key: Field, valueHash: Field, birth = 0): TreeAccess => ({ key, write: { valueHash, birth } });
const read = (key: Field): TreeAccess => ({ key });

function treeOf(...keys: Field[]): IndexedTree {
  const tree = new IndexedTree(new MemoryTreeStore());
  for (const key of keys) tree.insert(key, key);
  return tree;
}

describe("protocol/state/treeAccessPlan", () => {
  it("gives new leaves indices by (birth, key), and links all of a gap to each other and to its ends", () => {
    const accesses = [write(17n, 1n, 2), write(13n, 2n, 2), write(15n, 3n, 1), write(35n, 4n, 1)];
    const plan = planTreeAccesses(treeOf(10n, 20n, 30n), accesses, SHAPE);
    const link = ({ leaf: { key, nextKey, nextIndex } }: { leaf: { key: Field; nextKey: Field; nextIndex: number } }) => [key, nextKey, nextIndex]; // prettier-ignore
    expect(plan.insertions.map(link)).to.deep.equal([
      [15n, 17n, 7],
      [35n, 0n, 0],
      [13n, 15n, 4],
      [17n, 20n, 2],
    ]);
    expect(plan.insertions.map(({ predecessor }) => predecessor)).to.deep.equal([6, 1, 0, 4]);
    expect(plan.insertions.map(({ isLinked }) => isLinked)).to.deep.equal([true, false, true, false]);
    expect(plan.writes.map(({ after }) => link({ leaf: after }))).to.deep.equal([
      [10n, 13n, 6],
      [30n, 35n, 5],
    ]);
  });

  it("opens every leaf once, whatever it serves", () => {
    const accesses = [read(10n), read(11n), read(12n), write(20n, 5n), read(21n), write(25n, 6n, 1)];
    const plan = planTreeAccesses(treeOf(10n, 20n, 30n), accesses, { ...SHAPE, absences: 3 });
    expect(plan.reads.map(({ leaf }) => leaf.key)).to.deep.equal([10n]);
    expect(plan.writes.map(({ leaf, isUpdated, isLinked }) => [leaf.key, isUpdated, isLinked])).to.deep.equal(
      [[20n, true, true]],
    );
    expect(plan.absences).to.deep.equal([
      { key: 11n, low: 0 },
      { key: 12n, low: 0 },
      { key: 21n, low: 4 },
    ]);
    expect([...plan.places].sort(([a], [b]) => (a < b ? -1 : 1))).to.deep.equal([
      [10n, 0],
      [11n, 12],
      [12n, 13],
      [20n, 4],
      [21n, 14],
      [25n, 8],
    ]);
  });

  it("opens each written leaf as it is at its turn, and leaves the tree as it was; a part of it gives the same plan", () => {
    const tree = treeOf(...Array.from({ length: 30 }, (_, i) => BigInt(10 * (i + 1))));
    const accesses = [write(10n, 7n), write(20n, 8n), write(301n, 9n, 1), read(155n), read(200n)];
    const [root, leafCount] = [tree.root(), tree.leafCount];
    const plan = planTreeAccesses(tree, accesses, SHAPE);
    expect([tree.root(), tree.leafCount]).to.deep.equal([root, leafCount]);

    const levels = SHAPE.height - topLevels(SHAPE);
    const roots = new Map(plan.top.nodes[0]!.map((node, i) => [i, node]));
    for (const { index, leaf, after, siblings } of plan.writes) {
      const subtree = index >> levels;
      expect(rootOfPath(leafHash(leaf), index, siblings)).to.equal(roots.get(subtree));
      roots.set(subtree, rootOfPath(leafHash(after), index, siblings));
    }
    const keys = accesses.map(({ key }) => key);
    const part = openWitness(collectWitness(tree, 0n, keys), tree.stateRoot(0n));
    expect(planTreeAccesses(part, accesses, SHAPE)).to.deep.equal(plan);
  });

  it("refuses by name what does not fit", () => {
    const tree = treeOf(10n, 20n, 30n, 40n, 50n);
    const plan = (accesses: TreeAccess[], less: Partial<TreeAccessShape>) => () =>
      planTreeAccesses(tree, accesses, { ...SHAPE, ...less });
    const code = "TREE_ACCESS_CAPACITY";
    expectError(plan([write(10n, 1n), write(25n, 1n, 1)], { writes: 1 }), { code, list: "writes", needed: 2, capacity: 1 }); // prettier-ignore
    expectError(plan([read(10n), read(25n), write(30n, 1n)], { reads: 0, writes: 2 }), { code, list: "reads", needed: 2, capacity: 1 }); // prettier-ignore
    expectError(plan([write(25n, 1n, 1), write(26n, 1n, 1)], { insertions: 1 }), { code, list: "insertions", needed: 2, capacity: 1 }); // prettier-ignore
    expectError(plan([read(25n)], { absences: 0 }), { code, list: "absences", needed: 1, capacity: 0 });
    expectError(plan([read(25n), write(25n, 1n)], {}), { code: "TREE_ACCESS_REPEATED", key: 25n });
    const grown = [write(25n, 1n, 1), write(26n, 1n, 1), write(27n, 1n, 1)];
    expectError(plan(grown, { height: 3 }), { code: "TREE_HEIGHT_EXCEEDED", leafCount: 9, height: 3 });
    expect(plan(grown.slice(1), { height: 3 })().insertions.length).to.equal(2);
    expectError(plan([read(0n)], {}), { code: "TREE_KEY_INVALID", key: 0n });
  });
});
