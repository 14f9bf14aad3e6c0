/**
 * The indexed Merkle tree of the state: depth 32, one leaf a key, the leaves a linked list in key order.
 *
 *   leaf = hash(LEAF, [key, nextKey, nextIndex, valueHash]), an unused leaf is 0; node = hash(NODE, [left, right]);
 *   stateRoot = hash(STATE, [root, leafCount, receiptsHead]); the last is of receipts.ts.
 *
 * A key's presence is its leaf; its absence is the low leaf, whose key is below it and whose next key is above (I-STATE-01).
 */
import { concatBytes } from "../bytes.ts";
import { MAX_LEAVES, TREE_DEPTH } from "../constants.ts";
import { Domain } from "../domains.ts";
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { assertField, bytesToField, FIELD_BYTES, fieldToBytes } from "../field.ts";
import { hash, hashMany } from "../hash.ts";
import type { Leaf } from "./leaf.ts";
import { isLowLeafOf, leafFields, newLeafAfter, SENTINEL } from "./leaf.ts";
import type { NodeHash, TreeStore } from "./treeStore.ts";
import { missing } from "./treeStore.ts";

/** Root of a subtree of unused leaves, by its height. */
export const EMPTY_SUBTREES: readonly Field[] = emptySubtrees();

const EMPTY_NODES: readonly NodeHash[] = EMPTY_SUBTREES.map(fieldToBytes);

export type TreeError =
  | { code: "TREE_KEY_INVALID"; key: Field }
  | { code: "TREE_KEY_ABSENT"; key: Field }
  | { code: "TREE_KEY_PRESENT"; key: Field; index: number }
  | { code: "TREE_LOW_LEAF_UNKNOWN"; key: Field }
  | { code: "TREE_FULL"; leafCount: number };

/** The leaf of a key, or its low leaf when the key is absent. */
export type Located = { readonly present: boolean; readonly index: number; readonly leaf: Leaf };

/** What a block's header calls state root: the tree after the block and every receipt up to it. */
export const stateRootOf = (root: Field, leafCount: number, receiptsHead: Field): Field =>
  hash(Domain.STATE, [root, BigInt(leafCount), receiptsHead]);

export class IndexedTree {
  readonly #store: TreeStore;
  readonly #dirty = new Set<number>();

  /** Opens the tree in `store`; in an empty store makes one that has the sentinel only. */
  constructor(store: TreeStore) {
    this.#store = store;
    if (store.getLeafCount() > 0) return;
    store.setLeafCount(1);
    this.#setLeaf(0, SENTINEL);
    this.commit();
  }

  get leafCount(): number {
    return this.#store.getLeafCount();
  }

  /** Throws `TREE_KEY_INVALID` for 0, `TREE_LOW_LEAF_UNKNOWN` when the store does not hold the leaf that decides. */
  locate(key: Field): Located {
    if (assertField(key) === 0n) fail({ code: "TREE_KEY_INVALID", key });
    const index = this.#store.findLow(key);
    const leaf = index === undefined ? undefined : this.#store.getLeaf(index);
    if (index === undefined || leaf === undefined) return fail({ code: "TREE_LOW_LEAF_UNKNOWN", key });
    if (leaf.key !== key && !isLowLeafOf(leaf, key)) fail({ code: "TREE_LOW_LEAF_UNKNOWN", key });
    return { present: leaf.key === key, index, leaf };
  }

  /** Throws `TREE_LEAF_MISSING`. */
  leafAt = (index: number): Leaf =>
    this.#store.getLeaf(index) ?? missing({ code: "TREE_LEAF_MISSING", index });

  /** Hashing waits for `commit`. Throws `TREE_KEY_ABSENT`. */
  update(key: Field, valueHash: Field): void {
    const { present, index, leaf } = this.locate(key);
    if (!present) fail({ code: "TREE_KEY_ABSENT", key });
    this.#setLeaf(index, { ...leaf, valueHash });
  }

  /** Takes index `leafCount`. Hashing waits for `commit`. Throws `TREE_KEY_PRESENT`, `TREE_FULL`. */
  insert(key: Field, valueHash: Field): void {
    this.appendLeaf(newLeafAfter(this.linkLowLeaf(key).leaf, key, valueHash));
  }

  /**
   * First half of an insertion: makes the low leaf of `key` point to index `leafCount`, where `appendLeaf` must put the
   * new leaf. Returns the low leaf as it was. Throws `TREE_KEY_PRESENT`, `TREE_FULL`.
   */
  linkLowLeaf(key: Field): Located {
    const low = this.locate(key);
    if (low.present) fail({ code: "TREE_KEY_PRESENT", key, index: low.index });
    if (this.leafCount >= MAX_LEAVES) fail({ code: "TREE_FULL", leafCount: this.leafCount });
    this.#setLeaf(low.index, { ...low.leaf, nextKey: key, nextIndex: this.leafCount });
    return low;
  }

  /** Second half of an insertion. Assumes that `linkLowLeaf` of this key was the last change. */
  appendLeaf(leaf: Leaf): void {
    const index = this.leafCount;
    this.#store.setLeafCount(index + 1);
    this.#setLeaf(index, leaf);
  }

  /** Hashes what changed, each node once, level by level. */
  commit(): void {
    let indices = [...this.#dirty].sort((a, b) => a - b);
    this.#dirty.clear();
    if (indices.length === 0) return;
    this.#hashLevel(0, indices, Domain.LEAF, (index) => leafFields(this.leafAt(index)).map(fieldToBytes));
    for (let level = 1; level <= TREE_DEPTH; level++) {
      indices = parentsOf(indices);
      const children = (index: number): NodeHash[] => [
        this.#node(level - 1, 2 * index),
        this.#node(level - 1, 2 * index + 1),
      ];
      this.#hashLevel(level, indices, Domain.NODE, children);
    }
  }

  /** The Merkle root, with every change in it. */
  root(): Field {
    this.commit();
    return bytesToField(this.#node(TREE_DEPTH, 0));
  }

  /** The state root of this tree with these receipts. */
  stateRoot = (receiptsHead: Field): Field => stateRootOf(this.root(), this.leafCount, receiptsHead);

  /** The siblings on the way from leaf `index` to the root, lowest first, with every change in them. */
  siblings(index: number): Field[] {
    this.commit();
    return Array.from({ length: TREE_DEPTH }, (_, level) =>
      this.node(level, siblingOf(Math.floor(index / 2 ** level))),
    );
  }

  /** A node's hash. Assumes `commit`. Throws `TREE_NODE_MISSING`. */
  node = (level: number, index: number): Field => bytesToField(this.#node(level, index));

  #node(level: number, index: number): NodeHash {
    if (index * 2 ** level >= this.leafCount) return EMPTY_NODES[level] as NodeHash;
    return this.#store.getNode(level, index) ?? missing({ code: "TREE_NODE_MISSING", level, index });
  }

  #setLeaf(index: number, leaf: Leaf): void {
    this.#store.setLeaf(index, leaf);
    this.#dirty.add(index);
  }

  #hashLevel(level: number, indices: number[], domain: Domain, parts: (index: number) => Uint8Array[]): void {
    const inputs = concatBytes(indices.flatMap(parts));
    const hashes = hashMany(domain, inputs.length / indices.length / FIELD_BYTES, inputs);
    indices.forEach((index, i) =>
      this.#store.setNode(level, index, hashes.subarray(i * FIELD_BYTES, (i + 1) * FIELD_BYTES)),
    );
  }
}

const siblingOf = (index: number): number => (index % 2 === 0 ? index + 1 : index - 1);

/** Assumes ascending indices; returns the parents, ascending, each once. */
export function parentsOf(indices: readonly number[]): number[] {
  const parents: number[] = [];
  for (const index of indices) {
    const parent = Math.floor(index / 2);
    if (parents.at(-1) !== parent) parents.push(parent);
  }
  return parents;
}

function emptySubtrees(): Field[] {
  const roots = [0n];
  for (let level = 0; level < TREE_DEPTH; level++) {
    const child = roots[level] as Field;
    roots.push(hash(Domain.NODE, [child, child]));
  }
  return roots;
}

const fail = (type: TreeError): never => {
  throw new StackError(type, "fatal");
};
