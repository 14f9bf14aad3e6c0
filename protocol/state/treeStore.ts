/** Where an indexed tree keeps its leaves and nodes. Synchronous: hashing never waits. */
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { FIELD_BYTES } from "../field.ts";
import type { Leaf } from "./leaf.ts";
import { OrderedIndex } from "./orderedIndex.ts";

/** A node's hash: 32 canonical bytes, big endian. Readers must not change or keep it; writers may reuse theirs. */
export type NodeHash = Uint8Array;

export interface TreeStore {
  /** Used leaves; 0 in a store that no tree was made in. */
  getLeafCount(): number;
  setLeafCount(count: number): void;
  getLeaf(index: number): Leaf | undefined;
  /** Also makes `findLow` know the leaf's key. A leaf's key never changes once set. */
  setLeaf(index: number, leaf: Leaf): void;
  /** The index of the leaf with the greatest key that is not above `key`; undefined when the store knows none. */
  findLow(key: Field): number | undefined;
  /** Level 0 holds the hashes of leaves, level 32 the root. Undefined when the store does not have it. */
  getNode(level: number, index: number): NodeHash | undefined;
  setNode(level: number, index: number, hash: NodeHash): void;
}

/** Everything in memory, each level in one growing array. */
export class MemoryTreeStore implements TreeStore {
  readonly #leaves: Leaf[] = [];
  readonly #keys = new OrderedIndex();
  readonly #levels: Uint8Array[] = [];
  #leafCount = 0;

  getLeafCount = (): number => this.#leafCount;
  setLeafCount = (count: number): void => void (this.#leafCount = count);
  getLeaf = (index: number): Leaf | undefined => this.#leaves[index];
  findLow = (key: Field): number | undefined => this.#keys.floor(key);

  setLeaf(index: number, leaf: Leaf): void {
    if (this.#leaves[index] === undefined) this.#keys.insert(leaf.key, index);
    this.#leaves[index] = leaf;
  }

  getNode(level: number, index: number): NodeHash | undefined {
    const end = (index + 1) * FIELD_BYTES;
    const nodes = this.#levels[level];
    return nodes !== undefined && end <= nodes.length ? nodes.subarray(end - FIELD_BYTES, end) : undefined;
  }

  setNode(level: number, index: number, hash: NodeHash): void {
    this.#reserve(level, index).set(hash, index * FIELD_BYTES);
  }

  #reserve(level: number, index: number): Uint8Array {
    const nodes = (this.#levels[level] ??= new Uint8Array(FIELD_BYTES));
    const needed = (index + 1) * FIELD_BYTES;
    if (needed <= nodes.length) return nodes;
    const grown = new Uint8Array(Math.max(needed, 2 * nodes.length));
    grown.set(nodes);
    return (this.#levels[level] = grown);
  }
}

/** Only what it was given: asking for a leaf or node outside of it is an error of the tree, not an empty place. */
export class SparseTreeStore implements TreeStore {
  readonly #leaves = new Map<number, Leaf>();
  readonly #keys = new OrderedIndex();
  readonly #nodes = new Map<string, NodeHash>();
  #leafCount: number;

  constructor(leafCount: number) {
    this.#leafCount = leafCount;
  }

  getLeafCount = (): number => this.#leafCount;
  setLeafCount = (count: number): void => void (this.#leafCount = count);
  getLeaf = (index: number): Leaf | undefined => this.#leaves.get(index);
  findLow = (key: Field): number | undefined => this.#keys.floor(key);
  getNode = (level: number, index: number): NodeHash | undefined => this.#nodes.get(`${level}/${index}`);
  setNode = (level: number, index: number, hash: NodeHash): void =>
    void this.#nodes.set(`${level}/${index}`, hash.slice());

  setLeaf(index: number, leaf: Leaf): void {
    if (!this.#leaves.has(index)) this.#keys.insert(leaf.key, index);
    this.#leaves.set(index, leaf);
  }
}

export type TreeStoreError =
  { code: "TREE_LEAF_MISSING"; index: number } | { code: "TREE_NODE_MISSING"; level: number; index: number };

export const missing = (type: TreeStoreError): never => {
  throw new StackError(type, "fatal");
};
