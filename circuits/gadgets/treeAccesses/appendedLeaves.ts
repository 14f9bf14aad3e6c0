/**
 * Leaves put into the first unused places, all at once.
 *
 * Proves: result = the root of the tree of `height` levels with root `root` and the active leaves from index `leafCount` on.
 * Assumes: active leaves come first, others are 0; `leafCount` is what the state root commits to.
 * Enforces: AL-1 the path of the first unused place: nothing at it and to its right, and on the left the frontier that both
 *   roots share. AL-2 level by level, the nodes over the new leaves. AL-3 leafCount + count <= 2^height. All of it only if
 *   there is a leaf to put.
 * Sound because: AL-1 binds the frontier and shows that every place from `leafCount` on is unused; the nodes that change are
 *   those above the new leaves, and what is beside them is the frontier or unused.
 * Cost: about 79 gates a leaf and 236 a level.
 */
import { assertEqualIf, mul, mux, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { toBits } from "../../builder/compare.ts";
import { assertBits } from "../../builder/ranges.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { Domain } from "../../../protocol/domains.ts";
import { EMPTY_SUBTREES } from "../../../protocol/state/indexedTree.ts";
import { hashFields } from "../sponge.ts";

/** What is left of 2^height: a multiple of 14 bits above 33. */
const ROOM_BITS = 42;

export interface Append {
  readonly height: number;
  readonly root: Wire;
  readonly leafCount: Wire;
  readonly leaves: readonly { readonly active: Bool; readonly hash: Wire }[];
}

export function appendLeaves(b: Builder, append: Append, plan: () => readonly bigint[]): Wire {
  const { height, root, leafCount, leaves } = append;
  const some = leaves[0]?.active;
  if (some === undefined) return root;
  return b.scope("append", () => {
    const first = mul(b, some, leafCount, "first");
    const count = leaves.map(({ active }): Term => [-1n, active]);
    const room = sum(b, [[-1n, first], ...count], 1n << BigInt(height), "room");
    assertBits(b, room, ROOM_BITS, "room"); // AL-3
    const turns = toBits(b, first, height, "turn");
    const frontier = b.witnesses("frontier", height, plan);
    const unused = pathOfUnused(b, turns, frontier);
    assertEqualIf(b, some, unused, root, "frontier.isRoot");
    const appended = rootOver(b, leaves.map(({ hash }) => hash), turns, frontier); // prettier-ignore
    return mux(b, some, appended, root, "root");
  });
}

const emptySubtree = (b: Builder, level: number): Wire => b.constant(EMPTY_SUBTREES[level]!);

/** AL-1: the root over the first unused place. */
function pathOfUnused(b: Builder, turns: readonly Bool[], frontier: readonly Wire[]): Wire {
  let node: Wire = b.zero;
  turns.forEach((turn, level) => {
    const left = mux(b, turn, frontier[level]!, node, `unused.left[${level}]`);
    const right = mux(b, turn, node, emptySubtree(b, level), `unused.right[${level}]`);
    node = hashFields(b, Domain.NODE, [left, right], `unused.node[${level}]`);
  });
  return node;
}

/**
 * AL-2: `nodes` are those of one level from the new leaves' first on. Where that is a right child, the frontier is its left
 * neighbour, and all pairs shift by one. Nodes beyond the tree's last are unused by AL-3 and left out.
 */
function rootOver(
  b: Builder,
  leaves: readonly Wire[],
  turns: readonly Bool[],
  frontier: readonly Wire[],
): Wire {
  let nodes = leaves;
  turns.forEach((turn, level) => {
    const at = (i: number): Wire => (i < 0 ? frontier[level]! : (nodes[i] ?? emptySubtree(b, level)));
    const width = Math.min(Math.floor(nodes.length / 2) + 1, 2 ** (turns.length - level - 1));
    nodes = Array.from({ length: width }, (_, i) => {
      const left = mux(b, turn, at(2 * i - 1), at(2 * i), `left[${level}][${i}]`);
      const right = mux(b, turn, at(2 * i), at(2 * i + 1), `right[${level}][${i}]`);
      return hashFields(b, Domain.NODE, [left, right], `node[${level}][${i}]`);
    });
  });
  return nodes[0]!;
}
