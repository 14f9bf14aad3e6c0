/**
 * A part of a tree that is enough to replay known operations on it, and that checks itself against a state root.
 *
 * It holds the leaves that decide the keys in question and the siblings of their paths and of the path of the first
 * unused leaf, in one canonical order (level by level, by index), without those that `leafCount` shows to be unused.
 * That path serves any number of insertions: on the way from a later leaf everything to the right is unused, and everything
 * to the left is beside that path, or above it and so computed by the replay.
 */
import { MAX_LEAVES, TREE_DEPTH } from "../constants.ts";
import { Domain } from "../domains.ts";
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { fieldToBytes } from "../field.ts";
import { hash } from "../hash.ts";
import { EMPTY_SUBTREES, IndexedTree, parentsOf, stateRootOf } from "./indexedTree.ts";
import type { Leaf } from "./leaf.ts";
import { leafHash } from "./leaf.ts";
import { SparseTreeStore } from "./treeStore.ts";

export type TreeWitness = {
  readonly leafCount: number;
  /** With the tree it makes the state root (receipts.ts). */
  readonly receiptsHead: Field;
  /** Ascending by index. */
  readonly leaves: readonly { readonly index: number; readonly leaf: Leaf }[];
  readonly nodes: readonly Field[];
};

export type WitnessError =
  | { code: "WITNESS_LEAF_ORDER"; position: number; index: number }
  | { code: "WITNESS_NODE_COUNT"; expected: number; actual: number }
  | { code: "WITNESS_ROOT_MISMATCH"; expected: Field; actual: Field };

const fail = (type: WitnessError): never => {
  throw new StackError(type, "fatal");
};

/** The witness for reading `keys`, writing them and inserting those that are absent. Commits the tree's open changes. */
export function collectWitness(tree: IndexedTree, receiptsHead: Field, keys: Iterable<Field>): TreeWitness {
  tree.commit();
  const touched = new Map<number, Leaf>();
  for (const key of keys) {
    const { index, leaf } = tree.locate(key);
    touched.set(index, leaf);
  }
  const leaves = [...touched].map(([index, leaf]) => ({ index, leaf })).sort((a, b) => a.index - b.index);
  const { leafCount } = tree;
  const nodes = siblingPositions({ leafCount, leaves }).map(({ level, index }) => tree.node(level, index));
  return { leafCount, receiptsHead, leaves, nodes };
}

/**
 * The tree that `witness` is a part of. It takes every operation of a whole tree; one that needs more than the witness
 * holds throws `TREE_LOW_LEAF_UNKNOWN`, `TREE_LEAF_MISSING` or `TREE_NODE_MISSING` and cannot lead to a wrong root.
 * Throws `WITNESS_LEAF_ORDER`, `WITNESS_NODE_COUNT`, `WITNESS_ROOT_MISMATCH` (I-STATE-04).
 */
export function openWitness(witness: TreeWitness, stateRoot: Field): IndexedTree {
  const { levels, root } = witnessNodes(witness);
  const actual = stateRootOf(root, witness.leafCount, witness.receiptsHead);
  if (actual !== stateRoot) fail({ code: "WITNESS_ROOT_MISMATCH", expected: stateRoot, actual });

  const store = new SparseTreeStore(witness.leafCount);
  for (const { index, leaf } of witness.leaves) store.setLeaf(index, leaf);
  levels.forEach((nodes, level) =>
    nodes.forEach((node, index) => store.setNode(level, index, fieldToBytes(node))),
  );
  return new IndexedTree(store);
}

export type WitnessNodes = {
  /** By level, then by index: all that a witness knows. What is missing stands above unused leaves only. */
  readonly levels: readonly ReadonlyMap<number, Field>[];
  readonly root: Field;
};

/** The nodes that a witness gives and those that follow from them. Throws `WITNESS_LEAF_ORDER`, `WITNESS_NODE_COUNT`. */
export function witnessNodes(witness: TreeWitness): WitnessNodes {
  assertLeaves(witness);
  const positions = siblingPositions(witness);
  if (positions.length !== witness.nodes.length)
    fail({ code: "WITNESS_NODE_COUNT", expected: positions.length, actual: witness.nodes.length });
  const levels = Array.from({ length: TREE_DEPTH + 1 }, () => new Map<number, Field>());
  positions.forEach(({ level, index }, i) => levels[level]?.set(index, witness.nodes[i] as Field));
  for (const { index, leaf } of witness.leaves) levels[0]?.set(index, leafHash(leaf));
  return { levels, root: hashPaths(levels, pathIndices(witness)) };
}

type Shape = Pick<TreeWitness, "leafCount" | "leaves">;

/** The leaves whose paths are in the witness: those given, and the first unused one. */
const pathIndices = ({ leafCount, leaves }: Shape): number[] => [
  ...leaves.map(({ index }) => index),
  ...(leafCount < MAX_LEAVES ? [leafCount] : []),
];

/** Where the given nodes are: beside the paths, not on them, and not above unused leaves only. */
export function siblingPositions(shape: Shape): { level: number; index: number }[] {
  const positions: { level: number; index: number }[] = [];
  let path = pathIndices(shape);
  for (let level = 0; level < TREE_DEPTH; level++) {
    const onPath = new Set(path);
    path = parentsOf(path);
    for (const parent of path)
      for (const index of [2 * parent, 2 * parent + 1])
        if (!onPath.has(index) && index * 2 ** level < shape.leafCount) positions.push({ level, index });
  }
  return positions;
}

/** Computes the nodes on the paths from those below; returns the root. */
function hashPaths(levels: Map<number, Field>[], indices: number[]): Field {
  let path = indices;
  const at = (level: number, index: number): Field =>
    levels[level]?.get(index) ?? (EMPTY_SUBTREES[level] as Field);
  for (let level = 1; level <= TREE_DEPTH; level++) {
    path = parentsOf(path);
    for (const index of path)
      levels[level]?.set(index, hash(Domain.NODE, [at(level - 1, 2 * index), at(level - 1, 2 * index + 1)]));
  }
  return at(TREE_DEPTH, 0);
}

function assertLeaves({ leafCount, leaves }: TreeWitness): void {
  let previous = -1;
  leaves.forEach(({ index }, position) => {
    if (index <= previous || index >= leafCount) fail({ code: "WITNESS_LEAF_ORDER", position, index });
    previous = index;
  });
}
