/**
 * Proofs of single operations on the tree, and their checks: what the circuits' gadgets do, natively.
 * The functions that change a tree hash after every step; a node that needs no proofs uses the tree's own operations.
 */
import { TREE_DEPTH } from "../constants.ts";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { hash } from "../hash.ts";
import type { IndexedTree } from "./indexedTree.ts";
import type { Leaf } from "./leaf.ts";
import { isLowLeafOf, leafHash, newLeafAfter } from "./leaf.ts";

/** A leaf, where it is, and its siblings, lowest first. */
export type LeafProof = { readonly index: number; readonly leaf: Leaf; readonly siblings: readonly Field[] };

/** The leaf of a key, or the low leaf that shows its absence. */
export type KeyProof = LeafProof & { readonly present: boolean };

/** `leaf` is the leaf before the change; the siblings serve for both. */
export type UpdateProof = LeafProof & {
  readonly valueHash: Field;
  readonly rootBefore: Field;
  readonly rootAfter: Field;
};

/** The low leaf is relinked first (`rootBefore` to `rootLinked`), then the unused leaf at `index` is filled. */
export type InsertProof = {
  readonly low: LeafProof;
  readonly index: number;
  /** The new leaf. */
  readonly leaf: Leaf;
  /** Of the new leaf, after the low leaf was relinked. */
  readonly siblings: readonly Field[];
  readonly rootBefore: Field;
  readonly rootLinked: Field;
  readonly rootAfter: Field;
};

export function proveKey(tree: IndexedTree, key: Field): KeyProof {
  const located = tree.locate(key);
  return { ...located, siblings: tree.siblings(located.index) };
}

/** Updates, and proves it. Throws `TREE_KEY_ABSENT`. */
export function proveUpdate(tree: IndexedTree, key: Field, valueHash: Field): UpdateProof {
  const rootBefore = tree.root();
  const { index, leaf } = tree.locate(key);
  const siblings = tree.siblings(index);
  tree.update(key, valueHash);
  return { index, leaf, siblings, valueHash, rootBefore, rootAfter: tree.root() };
}

/** Inserts, and proves it. Throws `TREE_KEY_PRESENT`, `TREE_FULL`. */
export function proveInsert(tree: IndexedTree, key: Field, valueHash: Field): InsertProof {
  const rootBefore = tree.root();
  const lowSiblings = tree.siblings(tree.locate(key).index);
  const low = tree.linkLowLeaf(key);
  const rootLinked = tree.root();
  const index = tree.leafCount;
  const siblings = tree.siblings(index);
  const leaf = newLeafAfter(low.leaf, key, valueHash);
  tree.appendLeaf(leaf);
  return {
    low: { index: low.index, leaf: low.leaf, siblings: lowSiblings },
    index,
    leaf,
    siblings,
    rootBefore,
    rootLinked,
    rootAfter: tree.root(),
  };
}

/** The root above `leaf` (a leaf's hash, or 0 for an unused one). */
export function rootOfPath(leaf: Field, index: number, siblings: readonly Field[]): Field {
  return siblings.reduce((node, sibling, level) => {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    return hash(Domain.NODE, isRight ? [sibling, node] : [node, sibling]);
  }, leaf);
}

const reaches = (root: Field, leaf: Field, index: number, siblings: readonly Field[]): boolean =>
  siblings.length === TREE_DEPTH && rootOfPath(leaf, index, siblings) === root;

/** Does the proof show, under `root`, that `key` is present, or absent, as it says? */
export function isKeyProof(root: Field, key: Field, { present, index, leaf, siblings }: KeyProof): boolean {
  return (
    (present ? leaf.key === key : isLowLeafOf(leaf, key)) && reaches(root, leafHash(leaf), index, siblings)
  );
}

export function isUpdateProof(proof: UpdateProof): boolean {
  const { index, leaf, siblings, valueHash } = proof;
  return (
    reaches(proof.rootBefore, leafHash(leaf), index, siblings) &&
    reaches(proof.rootAfter, leafHash({ ...leaf, valueHash }), index, siblings)
  );
}

/** Assumes that the caller checks `index` against the leaf count that the state root commits to. */
export function isInsertProof(key: Field, valueHash: Field, proof: InsertProof): boolean {
  const { low, index, siblings } = proof;
  const linked = { ...low.leaf, nextKey: key, nextIndex: index };
  const added = newLeafAfter(low.leaf, key, valueHash);
  return (
    isLowLeafOf(low.leaf, key) &&
    reaches(proof.rootBefore, leafHash(low.leaf), low.index, low.siblings) &&
    reaches(proof.rootLinked, leafHash(linked), low.index, low.siblings) &&
    reaches(proof.rootLinked, 0n, index, siblings) &&
    reaches(proof.rootAfter, leafHash(added), index, siblings)
  );
}
