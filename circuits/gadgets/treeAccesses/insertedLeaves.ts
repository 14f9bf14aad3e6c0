/**
 * New leaves as they stand at the end: from index `leafCount` on, in the order of `rows`.
 *
 * Enforces: active rows come first; only an active row is linked; a row that is not linked has the links of its gap.
 * Assumes: the caller ties keys and values to what was inserted (`places.ts`) and gaps and links to each other (`links.ts`).
 * Cost: 160 gates a row.
 */
import { mul, mux, sum } from "../../builder/arithmetic.ts";
import { assertImplies } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { witnessBool, witnessU16 } from "../../builder/ranges.ts";
import type { Bool, U16, Wire } from "../../builder/wire.ts";
import type { InsertedLeaf } from "../../../protocol/state/treeAccessPlan.ts";
import { leafHashOf } from "../account.ts";

export interface InsertedRow {
  readonly active: Bool;
  readonly isLinked: Bool;
  readonly index: Wire;
  readonly key: Wire;
  readonly birth: U16;
  readonly valueHash: Wire;
  /** Links of the old leaf below, before. */
  readonly gapKey: Wire;
  readonly gapIndex: Wire;
  readonly nextKey: Wire;
  readonly nextIndex: Wire;
  /** The leaf's hash; 0 when not active. */
  readonly hash: Wire;
}

export function insertLeaves(
  b: Builder,
  leafCount: Wire,
  capacity: number,
  plan: () => readonly InsertedLeaf[],
): InsertedRow[] {
  let last: Bool | undefined;
  return Array.from({ length: capacity }, (_, i) =>
    b.scope(`insertion[${i}]`, () => {
      const given = (): InsertedLeaf | undefined => plan()[i];
      const field = (name: string, value: (leaf: InsertedLeaf) => bigint | number): Wire =>
        b.witness(name, () => BigInt(given() ? value(given()!) : 0));
      const active = witnessBool(b, "active", () => given() !== undefined);
      if (last) assertImplies(b, active, last, "active.prefix");
      last = active;
      const isLinked = witnessBool(b, "isLinked", () => given()?.isLinked ?? false);
      assertImplies(b, isLinked, active, "isLinked.active");
      const key = field("key", ({ leaf }) => leaf.key);
      const birth = witnessU16(b, "birth", () => BigInt(given()?.birth ?? 0));
      const valueHash = field("valueHash", ({ leaf }) => leaf.valueHash);
      const gapKey = field("gapKey", ({ gap }) => gap.nextKey);
      const gapIndex = field("gapIndex", ({ gap }) => gap.nextIndex);
      const nextKey = mux(b, isLinked, field("nextKey.new", ({ leaf }) => leaf.nextKey), gapKey, "nextKey"); // prettier-ignore
      const nextIndex = mux(b, isLinked, field("nextIndex.new", ({ leaf }) => leaf.nextIndex), gapIndex, "nextIndex"); // prettier-ignore
      const leaf = leafHashOf(b, { key, nextKey, nextIndex, valueHash }, "leaf");
      return {
        ...{ active, isLinked, key, birth, valueHash, gapKey, gapIndex, nextKey, nextIndex },
        index: i === 0 ? leafCount : sum(b, [[1n, leafCount]], BigInt(i), "index"),
        hash: mul(b, active, leaf, "hash"),
      };
    }),
  );
}
