/** A tree with some of its leaves changed; the tree itself stays as it is. */
import { TREE_DEPTH } from "../constants.ts";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { hash } from "../hash.ts";
import type { IndexedTree } from "./indexedTree.ts";
import { type Leaf, leafHash } from "./leaf.ts";

export class TreeOverlay {
  readonly #tree: IndexedTree;
  readonly #changed = Array.from({ length: TREE_DEPTH + 1 }, () => new Map<number, Field>());

  /** Commits the tree's open changes. */
  constructor(tree: IndexedTree) {
    tree.commit();
    this.#tree = tree;
  }

  /** Throws `TREE_NODE_MISSING`. */
  node = (level: number, index: number): Field =>
    this.#changed[level]?.get(index) ?? this.#tree.node(level, index);

  /** The siblings on the way from leaf `index` up to `level`, lowest first. Throws `TREE_NODE_MISSING`. */
  siblings = (index: number, level: number): Field[] =>
    Array.from({ length: level }, (_, l) => this.node(l, siblingOf(ancestor(index, l))));

  /** Throws `TREE_NODE_MISSING`. */
  setLeaf(index: number, leaf: Leaf): void {
    this.#changed[0]?.set(index, leafHash(leaf));
    for (let level = 1; level <= TREE_DEPTH; level++) {
      const at = ancestor(index, level);
      const children = [this.node(level - 1, 2 * at), this.node(level - 1, 2 * at + 1)];
      this.#changed[level]?.set(at, hash(Domain.NODE, children));
    }
  }
}

/** Indices have up to 33 bits: no shifts of 32-bit integers. */
export const ancestor = (index: number, levels: number): number => Math.floor(index / 2 ** levels);

const siblingOf = (index: number): number => (index % 2 === 0 ? index + 1 : index - 1);
