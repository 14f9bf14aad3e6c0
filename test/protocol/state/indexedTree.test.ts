import { expect } from "chai";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { Domain } from "../../../protocol/domains.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import type { Field } from "../../../protocol/field.ts";
import { hash } from "../../../protocol/hash.ts";
import { EMPTY_SUBTREES, IndexedTree, stateRootOf } from "../../../protocol/state/indexedTree.ts";
import {
  isInsertProof,
  isKeyProof,
  isUpdateProof,
  proveInsert,
  proveKey,
  proveUpdate,
} from "../../../protocol/state/proofs.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { expectError } from "../expectError.ts";
import { Random } from "../random.ts";

const RECEIPTS_HEAD = 77n;
const newTree = () => new IndexedTree(new MemoryTreeStore());

/** The state root from the definition alone: keys in order of insertion, links by sorting, every node hashed. */
function naiveStateRoot(entries: ReadonlyMap<Field, Field>): Field {
  const keys = [0n, ...entries.keys()];
  const sorted = [...keys].sort((a, b) => (a < b ? -1 : 1));
  let nodes = keys.map((key) => {
    const next = sorted[sorted.indexOf(key) + 1] ?? 0n;
    const nextIndex = next === 0n ? 0 : keys.indexOf(next);
    return hash(Domain.LEAF, [key, next, BigInt(nextIndex), entries.get(key) ?? 0n]);
  });
  for (let level = 0; level < TREE_DEPTH; level++) {
    const parent = (_: unknown, i: number): Field =>
      hash(Domain.NODE, [nodes[2 * i] as Field, nodes[2 * i + 1] ?? (EMPTY_SUBTREES[level] as Field)]);
    nodes = Array.from({ length: Math.ceil(nodes.length / 2) }, parent);
  }
  return hash(Domain.STATE, [nodes[0] as Field, BigInt(keys.length), RECEIPTS_HEAD]);
}

describe("protocol/state/indexedTree", () => {
  const random = new Random();

  it(`has the root that its definition gives, after random insertions and updates (seed ${random.seed})`, () => {
    const tree = newTree();
    const model = new Map<Field, Field>();
    expect(tree.stateRoot(RECEIPTS_HEAD)).to.equal(naiveStateRoot(model));
    for (let round = 0; round < 25; round++) {
      for (let i = random.below(6); i >= 0; i--) {
        const isUpdate = model.size > 0 && random.below(2) === 0;
        // Small keys too, so that neighbours and both ends of the list occur.
        const fresh = random.below(3) === 0 ? BigInt(1 + random.below(50)) : random.field();
        const key = isUpdate ? random.pick([...model.keys()]) : fresh;
        const valueHash = random.field();
        if (model.has(key)) tree.update(key, valueHash);
        else tree.insert(key, valueHash);
        model.set(key, valueHash);
      }
      expect(tree.stateRoot(RECEIPTS_HEAD)).to.equal(naiveStateRoot(model));
    }
    expect(tree.leafCount).to.equal(model.size + 1);
  }).timeout(60_000);

  it("I-STATE-01: proves the presence of every key and the absence of every other, and nothing else", () => {
    const tree = newTree();
    const keys = [10n, 20n, FIELD_MODULUS - 2n, ...Array.from({ length: 20 }, () => random.field())];
    for (const key of keys) tree.insert(key, random.field() >> 1n);
    const absent = [1n, 9n, 11n, 19n, FIELD_MODULUS - 1n, random.field()];
    const root = tree.root();
    for (const key of [...keys, ...absent]) {
      const proof = proveKey(tree, key);
      expect(proof.present).to.equal(keys.includes(key));
      expect(isKeyProof(root, key, proof)).to.equal(true);
      expect(isKeyProof(root, key, { ...proof, present: !proof.present }), "the opposite claim").to.equal(
        false,
      );
      expect(isKeyProof(root, key, { ...proof, index: proof.index ^ 1 }), "another place").to.equal(false);
      const forged = { ...proof, leaf: { ...proof.leaf, valueHash: proof.leaf.valueHash + 1n } };
      expect(isKeyProof(root, key, forged), "another value").to.equal(false);
      expect(
        isKeyProof(root, key, { ...proof, siblings: proof.siblings.slice(1) }),
        "a shorter path",
      ).to.equal(false);
    }
    expect(isKeyProof(root, 15n, proveKey(tree, 9n)), "the low leaf of another key").to.equal(false);
  }).timeout(20_000);

  it("I-STATE-02: proves updates and insertions step by step", () => {
    const tree = newTree();
    const twin = newTree();
    for (const key of [500n, 3n, 700n, 4n, 600n]) {
      const before = tree.root();
      const proof = proveInsert(tree, key, key * 2n);
      twin.insert(key, key * 2n);
      expect([proof.rootBefore, proof.rootAfter]).to.deep.equal([before, tree.root()]);
      expect(isInsertProof(key, key * 2n, proof)).to.equal(true);
      expect(isInsertProof(key, key * 2n + 1n, proof)).to.equal(false);
      expect(isInsertProof(key + 1n, key * 2n, proof)).to.equal(false);
    }
    const update = proveUpdate(tree, 600n, 9n);
    twin.update(600n, 9n);
    expect(isUpdateProof(update)).to.equal(true);
    expect(isUpdateProof({ ...update, valueHash: 8n })).to.equal(false);
    expect(tree.root()).to.equal(twin.root());
  });

  it("refuses operations that make no sense, by name", () => {
    const tree = newTree();
    tree.insert(5n, 1n);
    expectError(() => tree.insert(5n, 2n), { code: "TREE_KEY_PRESENT", key: 5n, index: 1 });
    expectError(() => tree.update(6n, 2n), { code: "TREE_KEY_ABSENT", key: 6n });
    expectError(() => tree.insert(0n, 2n), { code: "TREE_KEY_INVALID", key: 0n });
    expectError(() => tree.insert(FIELD_MODULUS, 2n), { code: "FIELD_OUT_OF_RANGE", value: FIELD_MODULUS });
    expectError(() => tree.leafAt(9), { code: "TREE_LEAF_MISSING", index: 9 });
    expect(tree.leafCount).to.equal(2);
  });

  it("commits to the number of leaves and to the receipts as well as to the root", () => {
    const roots = [stateRootOf(1n, 2, 5n), stateRootOf(1n, 3, 5n), stateRootOf(1n, 2, 6n)];
    expect(new Set(roots).size).to.equal(3);
    const [one, other] = [newTree(), newTree()];
    for (const key of [1n, 2n]) one.insert(key, 7n);
    for (const key of [2n, 1n]) other.insert(key, 7n);
    expect(one.root(), "the order of insertions is part of the state").to.not.equal(other.root());
  });

  it("refuses to grow beyond its depth", () => {
    const store = new MemoryTreeStore();
    const tree = new IndexedTree(store);
    store.setLeafCount(2 ** TREE_DEPTH);
    expectError(() => tree.insert(1n, 1n), { code: "TREE_FULL", leafCount: 2 ** TREE_DEPTH });
  });
});
