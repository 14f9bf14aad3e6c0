/**
 * The list of keys with the new leaves in it.
 *
 * Proves: every new leaf stands in the gap of one old leaf that was written, between the leaf before it and the one after it by
 *   key, and nothing else is linked. New leaves ascend strictly by (birth, key).
 * Assumes: the written rows are leaves of an indexed tree, so their gaps are disjoint and hold no key (I-STATE-01).
 * Enforces: for each active new leaf, at its predecessor (a written or a new leaf): LK-1 the predecessor's links lead to it;
 *   LK-2 both have the same gap; LK-3 the predecessor's key is below its own, which is below the gap's end. LK-4 as many
 *   leaves are linked as new leaves are active. LK-5 the order of (birth, key).
 * Sound because: by LK-3 predecessors descend, so each chain ends in a written leaf, whose gap all of it shares by LK-2. What
 *   is not linked leads to the end of its gap, which no new key is; so each new leaf has a linked predecessor by LK-1, and
 *   different ones, for their indices differ. By LK-4 no link is left over: each leads to the leaf it should, and each
 *   last one to the gap's end.
 * Cost: 121 gates a new leaf, 12 for each entry of the tables.
 */
import { assertEqualIf, sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { witnessBits } from "../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../builder/rom.ts";
import { type Bool, type Wire } from "../../builder/wire.ts";
import type { InsertedLeaf } from "../../../protocol/state/treeAccessPlan.ts";
import type { InsertedRow } from "./insertedLeaves.ts";
import { assertBetween, assertLessIf, KEY_HI_BITS, type Ordered } from "./keyOrder.ts";
import { PLACE_BITS } from "./openedLeaf.ts";
import type { WrittenRow } from "./writtenLeaves.ts";

export interface Linked {
  /** Keys of all places; written leaves start at `writesAt`, new ones follow. */
  readonly keys: Rom<Wire>;
  readonly writesAt: number;
  readonly written: readonly WrittenRow[];
  readonly inserted: readonly InsertedRow[];
}

export function assertLinks(b: Builder, linked: Linked, plan: () => readonly InsertedLeaf[]): void {
  const { keys, written, inserted, writesAt } = linked;
  if (inserted.length === 0) {
    // LK-4
    assertSameCount(b, written.map(({ isLinked }) => isLinked), [], "links.allNew"); // prettier-ignore
    return;
  }
  const table = (
    name: string,
    old: (row: WrittenRow) => Wire,
    added: (row: InsertedRow) => Wire,
  ): Rom<Wire> => fieldRom(b, [...written.map(old), ...inserted.map(added)], name);
  const nextKeys = table("nextKeys", ({ after }) => after.nextKey, ({ nextKey }) => nextKey); // prettier-ignore
  const nextIndices = table("nextIndices", ({ after }) => after.nextIndex, ({ nextIndex }) => nextIndex); // prettier-ignore
  const gapKeys = table("gapKeys", ({ before }) => before.nextKey, ({ gapKey }) => gapKey); // prettier-ignore
  const gapIndices = table("gapIndices", ({ before }) => before.nextIndex, ({ gapIndex }) => gapIndex); // prettier-ignore

  let last: Ordered | undefined;
  inserted.forEach((row, i) =>
    b.scope(`insertion[${i}]`, () => {
      const { active, key, birth, index, gapKey, gapIndex } = row;
      const at = (): number => plan()[i]?.predecessor ?? written.length + i;
      const predecessor = witnessBits(b, PLACE_BITS, "predecessor", () => BigInt(at()));
      // LK-1
      assertEqualIf(b, active, nextKeys.read(b, predecessor, "linkKey"), key, "isLinkedByKey");
      assertEqualIf(b, active, nextIndices.read(b, predecessor, "linkIndex"), index, "isLinkedByIndex");
      // LK-2: also where it is not active; such a row names itself.
      gapKeys.assertAt(b, predecessor, gapKey, "sameGapKey");
      gapIndices.assertAt(b, predecessor, gapIndex, "sameGapIndex");
      // LK-3
      const place = sum(b, [[1n, predecessor]], BigInt(writesAt), "predecessor.place");
      const low = keys.read(b, place, "predecessor.key");
      const { hi, lo } = assertBetween(b, { active, low, key, next: gapKey }, "gap");
      // LK-5
      const order = { hi: sum(b, [[1n << BigInt(KEY_HI_BITS), birth], [1n, hi]], 0n, "order"), lo }; // prettier-ignore
      if (last) assertLessIf(b, active, last, order, "later");
      last = order;
    }),
  );
  // LK-4
  const flags = [...written, ...inserted].map(({ isLinked }) => isLinked);
  assertSameCount(b, flags, inserted.map(({ active }) => active), "links.allNew"); // prettier-ignore
}

/** Enforces that as many of one list are 1 as of the other. */
export function assertSameCount(b: Builder, xs: readonly Bool[], ys: readonly Bool[], name: string): void {
  const terms = [...xs.map((x): Term => [1n, x]), ...ys.map((y): Term => [-1n, y])];
  if (terms.length > 0) b.assertZero([], terms, 0n, name);
}
