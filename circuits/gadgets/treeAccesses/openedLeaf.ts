/** A leaf and the path from it to its subtree's root. */
import type { Builder } from "../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../builder/ranges.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import { EMPTY_SUBTREES } from "../../../protocol/state/indexedTree.ts";
import { type Leaf, leafHash } from "../../../protocol/state/leaf.ts";
import type { OpenedLeaf } from "../../../protocol/state/treeAccessPlan.ts";
import { rootOfPath } from "../../../protocol/state/proofs.ts";
import { leafHashOf, type LeafWires } from "../account.ts";
import { merkleRoot } from "../merkleRoot.ts";

/** Places in tables; two limbs of the proof system, far above any table's length. */
export const PLACE_BITS = 28;

/**
 * What a place that is not needed opens: a leaf of no tree, in a subtree of its own beyond the last. It tells nothing: no key
 * is 0, and none lies between 0 and 1.
 */
const PADDING_LEAF: Leaf = { key: 0n, nextKey: 1n, nextIndex: 0, valueHash: 0n };

/** The subtree with the padding leaf first and nothing else. */
export const paddingSubtree = (levels: number): bigint =>
  rootOfPath(leafHash(PADDING_LEAF), 0, EMPTY_SUBTREES.slice(0, levels));

export interface OpenedWires {
  readonly leaf: LeafWires;
  readonly turns: readonly Bool[];
  readonly siblings: readonly Wire[];
  /** Below 2^28: number of the subtree that the path lies in. */
  readonly subtree: Wire;
  /** The root that the path leads to. */
  readonly root: Wire;
}

/**
 * Proves: root = that of the subtree of `levels` levels in which the leaf stands where the turns lead.
 * Assumes: the caller compares the root with that of the subtree `subtree`.
 * Cost: 149 gates and 77 a level.
 */
export function openLeaf(
  b: Builder,
  { height, levels }: { height: number; levels: number },
  given: () => OpenedLeaf | undefined,
): OpenedWires {
  const opened = (): OpenedLeaf =>
    given() ?? { index: 2 ** height, leaf: PADDING_LEAF, siblings: EMPTY_SUBTREES };
  const field = (name: keyof Leaf): Wire => b.witness(name, () => BigInt(opened().leaf[name]));
  const leaf = {
    key: field("key"),
    nextKey: field("nextKey"),
    nextIndex: field("nextIndex"),
    valueHash: field("valueHash"),
  };
  const bit = (level: number): bigint => (BigInt(opened().index) >> BigInt(level)) & 1n;
  const turns = Array.from({ length: levels }, (_, l) => witnessBool(b, `turn[${l}]`, () => bit(l)));
  const siblings = b.witnesses("sibling", levels, () => opened().siblings.slice(0, levels));
  const subtree = witnessBits(b, PLACE_BITS, "subtree", () => BigInt(opened().index) >> BigInt(levels));
  const root = merkleRoot(b, leafHashOf(b, leaf, "leaf"), turns, siblings, "path");
  return { leaf, turns, siblings, subtree, root };
}
