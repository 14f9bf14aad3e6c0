/**
 * How a chunk settles all it touched in the tree in one pass: what the circuit's gadget (circuits/gadgets/treeAccesses) is
 * filled with, in its order.
 *
 * Every leaf of the tree before is opened once, whatever it serves: a value that is read or updated, a gap in which keys are
 * absent or inserted. New leaves are linked all at once: the list of keys is fixed by the indices that they take, and these
 * by (birth, key). So the tree after is that of `applyChanges`.
 */
import type { Field } from "../field.ts";
import type { IndexedTree } from "./indexedTree.ts";
import type { Leaf } from "./leaf.ts";
import { failTreeAccess, topLevels, type TreeAccessShape } from "./treeAccessShape.ts";
import { type NewLeaf, newLeaves, oldLeaves, type OldLeaf, type TreeAccess } from "./treeLinks.ts";
import { ancestor, TreeOverlay } from "./treeOverlay.ts";

export type OpenedLeaf = {
  readonly index: number;
  readonly leaf: Leaf;
  /** Lowest first, up to the top; of a written leaf as they are at its turn. */
  readonly siblings: readonly Field[];
};

export type WrittenLeaf = OldLeaf & OpenedLeaf;

export type InsertedLeaf = Pick<NewLeaf, "leaf" | "birth" | "isLinked"> & {
  /** The leaf before it in the list of keys: its number among `writes`, then insertions, of the shape. */
  readonly predecessor: number;
  /** The links of the old leaf below it, before. */
  readonly gap: Pick<Leaf, "nextKey" | "nextIndex">;
};

export type AbsentKey = {
  readonly key: Field;
  /** The place of the old leaf below it. */
  readonly low: number;
};

/** The uppermost levels in use, before: list 0 the roots of the subtrees below, the last list the root in use. */
export type TopPlan = {
  /** 0 for a node that nothing depends on. */
  readonly nodes: readonly (readonly Field[])[];
  /** Does a path lead through the node? The children of one that is not open are unknown. List 0 has none. */
  readonly isOpen: readonly (readonly boolean[])[];
};

export type TreeAccessPlan = {
  readonly top: TopPlan;
  readonly reads: readonly OpenedLeaf[];
  /** Ascending by index. */
  readonly writes: readonly WrittenLeaf[];
  /** Ascending by (birth, key): the first takes index `leafCount`. */
  readonly insertions: readonly InsertedLeaf[];
  readonly absences: readonly AbsentKey[];
  /** Left siblings on the path of the first unused leaf after all writes, by level; 0 where it is itself left. */
  readonly frontier: readonly Field[];
  /** Where the access of a key is proven: numbers of the shape's reads, then writes, insertions, absences. */
  readonly places: ReadonlyMap<Field, number>;
};

/**
 * `accesses`: in any order. Commits the tree's open changes and changes nothing else; a part of a tree that holds all keys
 * (`openWitness`) will do. Throws `TREE_ACCESS_CAPACITY`, `TREE_ACCESS_REPEATED`, `TREE_HEIGHT_EXCEEDED`, and what
 * `IndexedTree.locate` throws.
 */
export function planTreeAccesses(
  tree: IndexedTree,
  accesses: readonly TreeAccess[],
  shape: TreeAccessShape,
): TreeAccessPlan {
  assertDistinct(accesses);
  const located = accesses.map((access) => ({ ...access, ...tree.locate(access.key) }));
  const added = newLeaves(located, tree.leafCount);
  const { reads, writes } = splitOld(oldLeaves(located, added), shape);
  const [writesAt, addedAt] = [shape.reads, shape.reads + shape.writes];
  const absencesAt = addedAt + shape.insertions;
  const places = new Map<Field, number>();
  const placeOfOld = new Map<number, number>();
  reads.forEach(({ index }, i) => placeOfOld.set(index, i));
  writes.forEach(({ index }, i) => placeOfOld.set(index, writesAt + i));
  const oldPlace = (index: number): number => placeOfOld.get(index) ?? 0;
  added.forEach(({ leaf }, i) => places.set(leaf.key, addedAt + i));
  const absences: AbsentKey[] = [];
  for (const { key, present, index, write } of located) {
    if (present) places.set(key, oldPlace(index));
    else if (write === undefined) {
      places.set(key, absencesAt + absences.length);
      absences.push({ key, low: oldPlace(index) });
    }
  }
  assertFits(tree.leafCount, added.length, absences.length, shape);

  const overlay = new TreeOverlay(tree);
  const levels = shape.height - topLevels(shape);
  const subtrees = [...reads, ...writes].map(({ index }) => ancestor(index, levels));
  const top = planTop(overlay, shape.height, levels, subtrees);
  const open = (old: OldLeaf): WrittenLeaf => ({ ...old, siblings: overlay.siblings(old.index, levels) });
  const write = (old: OldLeaf): WrittenLeaf => {
    const opened = open(old);
    overlay.setLeaf(old.index, old.after);
    return opened;
  };
  return {
    top,
    reads: reads.map(open),
    writes: writes.map(write),
    insertions: added.map(({ leaf, birth, isLinked, low, previousKey }) => {
      const place = previousKey === undefined ? oldPlace(low.index) : (places.get(previousKey) ?? 0);
      const { nextKey, nextIndex } = low.leaf;
      return { leaf, birth, isLinked, predecessor: place - writesAt, gap: { nextKey, nextIndex } };
    }),
    absences,
    frontier: added.length === 0 ? [] : frontierOf(overlay, tree.leafCount, shape.height),
    places,
  };
}

function assertDistinct(accesses: readonly TreeAccess[]): void {
  const keys = new Set<Field>();
  for (const { key } of accesses) {
    if (keys.has(key)) failTreeAccess({ code: "TREE_ACCESS_REPEATED", key });
    keys.add(key);
  }
}

/** Leaves that stay are read; those that do not fit there stand, unchanged, among the writes. */
function splitOld(
  leaves: readonly OldLeaf[],
  shape: TreeAccessShape,
): { reads: readonly OldLeaf[]; writes: readonly OldLeaf[] } {
  const stays = (old: OldLeaf): boolean => !old.isUpdated && !old.isLinked;
  const staying = leaves.filter(stays);
  const changed = leaves.length - staying.length;
  if (changed > shape.writes)
    failTreeAccess({ code: "TREE_ACCESS_CAPACITY", list: "writes", needed: changed, capacity: shape.writes });
  const capacity = shape.reads + shape.writes - changed;
  if (staying.length > capacity)
    failTreeAccess({ code: "TREE_ACCESS_CAPACITY", list: "reads", needed: staying.length, capacity });
  const reads = staying.slice(0, shape.reads);
  const isRead = new Set(reads);
  return { reads, writes: leaves.filter((old) => !isRead.has(old)) };
}

function assertFits(leafCount: number, insertions: number, absences: number, shape: TreeAccessShape): void {
  const needs = { insertions, absences };
  for (const list of ["insertions", "absences"] as const)
    if (needs[list] > shape[list])
      failTreeAccess({ code: "TREE_ACCESS_CAPACITY", list, needed: needs[list], capacity: shape[list] });
  const { height } = shape;
  if (leafCount + insertions > 2 ** height)
    failTreeAccess({ code: "TREE_HEIGHT_EXCEEDED", leafCount: leafCount + insertions, height });
}

function planTop(
  tree: TreeOverlay,
  height: number,
  pathLevels: number,
  subtrees: readonly number[],
): TopPlan {
  const top = height - pathLevels;
  const width = (level: number): number => 2 ** (top - level);
  const isOpen = Array.from({ length: top + 1 }, (_, level) => {
    const open = new Set(level === 0 ? [] : subtrees.map((index) => ancestor(index, level)));
    return Array.from({ length: width(level) }, (_, i) => open.has(i));
  });
  const isKnown = (level: number, i: number): boolean =>
    level === top || (isOpen[level + 1]?.[i >> 1] ?? false);
  const nodes = isOpen.map((list, level) =>
    list.map((_, i) => (isKnown(level, i) ? tree.node(pathLevels + level, i) : 0n)),
  );
  return { nodes, isOpen };
}

const frontierOf = (tree: TreeOverlay, leafCount: number, height: number): Field[] =>
  Array.from({ length: height }, (_, level) => {
    const at = ancestor(leafCount, level);
    return at % 2 === 1 ? tree.node(level, at - 1) : 0n;
  });
