/**
 * Old leaves that change: each once, its value, its links, or both.
 *
 * Proves: `rows` are leaves of the tree before (or the padding leaf), and the top's subtrees are those in which each row's
 *   leaf is replaced by `after`. No leaf is changed twice, and none is opened after it was changed.
 * Assumes: the caller ties the values of updated rows and the links of linked rows (`places.ts`, `links.ts`).
 * Enforces: WL-1 what is not updated keeps its value hash, what is not linked its links. WL-2 both paths, over the same
 *   siblings, from the subtree's root now to the next. WL-3 an index is not below the one before, and above it if the row
 *   before changed.
 * Sound because: by WL-3 all rows of one index stand together, and of these only the last may change: each opens the leaf of
 *   the tree before, whatever was changed in other leaves meanwhile.
 * Cost: 320 gates and 154 a level, 27 for its entries in tables.
 */
import { mul, mux, sum } from "../../builder/arithmetic.ts";
import { or } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, witnessBool } from "../../builder/ranges.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import type { Leaf } from "../../../protocol/state/leaf.ts";
import type { WrittenLeaf } from "../../../protocol/state/treeAccessPlan.ts";
import { leafHashOf, type LeafWires } from "../account.ts";
import { merkleRoot } from "../merkleRoot.ts";
import { openLeaf } from "./openedLeaf.ts";
import type { TopNodes } from "./topNodes.ts";

export interface WrittenRow {
  readonly before: LeafWires;
  readonly after: LeafWires;
  readonly isUpdated: Bool;
  readonly isLinked: Bool;
  /** The value hash after if updated, else 0. */
  readonly written: Wire;
}

/** A difference of indices: a multiple of 14 bits above 33. */
const ORDER_BITS = 42;

export function writeLeaves(
  b: Builder,
  top: TopNodes,
  shape: { readonly height: number; readonly levels: number; readonly writes: number },
  plan: () => readonly WrittenLeaf[],
): WrittenRow[] {
  let last: { readonly index: Term[]; readonly changes: Bool } | undefined;
  return Array.from({ length: shape.writes }, (_, i) =>
    b.scope(`write[${i}]`, () => {
      const given = (): WrittenLeaf | undefined => plan()[i];
      const { leaf: before, turns, siblings, subtree, root } = openLeaf(b, shape, given);
      const isUpdated = witnessBool(b, "isUpdated", () => given()?.isUpdated ?? false);
      const isLinked = witnessBool(b, "isLinked", () => given()?.isLinked ?? false);
      const changes = or(b, isUpdated, isLinked, "changes");

      // WL-1
      const next = (name: keyof Leaf): Wire =>
        b.witness(`${name}.new`, () => BigInt(given()?.after[name] ?? 0));
      const newValue = next("valueHash");
      const after: LeafWires = {
        key: before.key,
        nextKey: mux(b, isLinked, next("nextKey"), before.nextKey, "nextKey.after"),
        nextIndex: mux(b, isLinked, next("nextIndex"), before.nextIndex, "nextIndex.after"),
        valueHash: mux(b, isUpdated, newValue, before.valueHash, "valueHash.after"),
      };
      // WL-2
      const nextRoot = merkleRoot(b, leafHashOf(b, after, "leafAfter"), turns, siblings, "pathAfter");
      top.replace(b, subtree, root, nextRoot, "isInTree");
      // WL-3
      const index = [...turns, subtree].map((wire, level): Term => [1n << BigInt(level), wire]);
      if (last) {
        const negated = last.index.map(([k, wire]): Term => [-k, wire]);
        const distance = sum(b, [...index, ...negated, [-1n, last.changes]], 0n, "later");
        assertBits(b, distance, ORDER_BITS, "later");
      }
      last = { index, changes };
      return { before, after, isUpdated, isLinked, written: mul(b, isUpdated, newValue, "written") };
    }),
  );
}
