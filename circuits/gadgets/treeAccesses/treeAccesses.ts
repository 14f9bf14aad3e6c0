/**
 * How a chunk settles all it read and wrote in the state tree, in one pass at its end.
 *
 * Proves: every touched leaf was, in the tree `previous`, present with its value hash or absent, as it says; `finish()` is
 *   the tree in which exactly the changed ones have their new value hash and exactly the inserted ones have leaves, by
 *   ascending (birth, key): what `orderChanges` and `applyChanges` (protocol/state/changes.ts) make of the same changes.
 * Assumes: `previous` is what a state root commits to, of an indexed tree (I-STATE-01). The keys of the active touched leaves
 *   are pairwise distinct and none is 0: with two leaves of one key a read could see the value before an update of the other,
 *   and one insertion's claim could stand for another's (places.ts, links.ts).
 * Enforces: TA-1 the tree in use has `height` levels, everything beyond is unused, before and after. The rest is in the
 *   files beside this one: each old leaf is opened once, against the tree before; those that change are replaced one after
 *   another; new leaves are linked and appended together.
 * Parameters: TreeAccessShape. Places not needed open a leaf of no tree (openedLeaf.ts).
 * Sound because: the tree after is fixed by its leaves: values by the claims, the list of keys by the gaps and the indices of
 *   the new leaves, and these by (birth, key). The order of single updates and links does not show in it.
 * Cost: test/circuits/gadgets/treeAccesses/costs.test.ts.
 */
import { assertEqual, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import type { Wire } from "../../builder/wire.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { Domain } from "../../../protocol/domains.ts";
import { EMPTY_SUBTREES } from "../../../protocol/state/indexedTree.ts";
import type { OpenedLeaf, TreeAccessPlan } from "../../../protocol/state/treeAccessPlan.ts";
import { topLevels, type TreeAccessShape } from "../../../protocol/state/treeAccessShape.ts";
import type { LeafWires } from "../account.ts";
import { hashFields } from "../sponge.ts";
import { absentRows, assertAbsent } from "./absentKeys.ts";
import { appendLeaves } from "./appendedLeaves.ts";
import { insertLeaves } from "./insertedLeaves.ts";
import { assertLinks } from "./links.ts";
import { openLeaf, paddingSubtree } from "./openedLeaf.ts";
import { Places, type TouchedLeaf } from "./places.ts";
import { TopNodes } from "./topNodes.ts";
import { writeLeaves } from "./writtenLeaves.ts";

export interface TreeState {
  readonly root: Wire;
  readonly leafCount: Wire;
}

export class TreeAccesses {
  readonly #name: string;
  readonly #places: Places;
  readonly #after: TreeState;
  readonly #plan: () => TreeAccessPlan;

  /** Builds everything but the claims. Throws what the builder throws. */
  constructor(
    b: Builder,
    previous: TreeState,
    shape: TreeAccessShape,
    plan: () => TreeAccessPlan,
    name: string,
  ) {
    this.#name = name;
    this.#plan = plan;
    [this.#places, this.#after] = b.scope(name, () => settle(b, previous, shape, plan));
  }

  /** Once for each touched leaf; their order does not matter. Throws BOUND_UNKNOWN, BOUND_TOO_LARGE. */
  access(b: Builder, leaf: TouchedLeaf, name: string): void {
    this.#places.claim(b, leaf, (key) => this.#plan().places.get(key), name);
  }

  /** The tree after. Nothing may be accessed after this. */
  finish(b: Builder): TreeState {
    b.scope(this.#name, () => this.#places.finish(b));
    return this.#after;
  }
}

function settle(
  b: Builder,
  previous: TreeState,
  shape: TreeAccessShape,
  plan: () => TreeAccessPlan,
): [Places, TreeState] {
  const { height } = shape;
  const { leafCount } = previous;
  const topHeight = topLevels(shape);
  const use = { ...shape, levels: height - topHeight };
  const top = b.scope("top", () => new TopNodes(b, topHeight, paddingSubtree(use.levels), () => plan().top));
  assertEqual(b, extend(b, top.rootBefore, height, "before"), previous.root, "previous.isRoot"); // TA-1

  const reads = readLeaves(b, top, use, () => plan().reads);
  const writes = writeLeaves(b, top, use, () => plan().writes);
  const written = b.scope("top", () => top.rootAfter(b));
  const insertions = insertLeaves(b, leafCount, shape.insertions, () => plan().insertions);
  const absences = absentRows(b, shape.absences, () => plan().absences);
  const places = new Places(b, { reads, writes, insertions, absences });
  const links = { keys: places.keys, writesAt: shape.reads, written: writes, inserted: insertions };
  assertLinks(b, links, () => plan().insertions);
  const opened = [...reads, ...writes.map(({ before }) => before)];
  assertAbsent(b, absences, { keys: places.keys, opened }, () => plan().absences);

  const append = { height, root: written, leafCount, leaves: insertions };
  const inUse = appendLeaves(b, append, () => plan().frontier);
  const added = insertions.map(({ active }): Term => [1n, active]);
  return [
    places,
    {
      root: extend(b, inUse, height, "after"), // TA-1
      leafCount: sum(b, [[1n, leafCount], ...added], 0n, "leafCount"),
    },
  ];
}

/** Old leaves that stay. Proves: each is one of the tree before, or the padding leaf. Cost: 151 gates and 77 a level. */
function readLeaves(
  b: Builder,
  top: TopNodes,
  shape: { readonly height: number; readonly levels: number; readonly reads: number },
  plan: () => readonly OpenedLeaf[],
): LeafWires[] {
  return Array.from({ length: shape.reads }, (_, i) =>
    b.scope(`read[${i}]`, () => {
      const { leaf, subtree, root } = openLeaf(b, shape, () => plan()[i]);
      top.read(b, subtree, root, "isInTree");
      return leaf;
    }),
  );
}

/** The root of the whole tree, of which only the leftmost `height` levels are used. Cost: 73 gates a level above. */
function extend(b: Builder, root: Wire, height: number, name: string): Wire {
  let node = root;
  for (let level = height; level < TREE_DEPTH; level++)
    node = hashFields(b, Domain.NODE, [node, b.constant(EMPTY_SUBTREES[level]!)], `${name}.beyond[${level}]`);
  return node;
}
