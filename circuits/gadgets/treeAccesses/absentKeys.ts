/**
 * Keys that are in no leaf.
 *
 * Proves: the key of an active row is in no leaf of the tree before.
 * Assumes: `keys` starts with the keys of `opened`, which are leaves of an indexed tree (or the padding leaf, whose gap is
 *   empty).
 * Enforces: low key < key < next key of an opened leaf, as they are before.
 * Sound because: I-STATE-01. The table of next keys ends with the old leaves, so a low leaf is one of these.
 * Cost: 95 gates a row.
 */
import type { Builder } from "../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../builder/ranges.ts";
import { fieldRom, type Rom } from "../../builder/rom.ts";
import type { Bool, Wire } from "../../builder/wire.ts";
import type { AbsentKey } from "../../../protocol/state/treeAccessPlan.ts";
import type { LeafWires } from "../account.ts";
import { assertBetween } from "./keyOrder.ts";
import { PLACE_BITS } from "./openedLeaf.ts";

export interface AbsentRow {
  readonly active: Bool;
  readonly key: Wire;
}

/** The rows alone; `assertAbsent` proves them once the tables are there. */
export const absentRows = (b: Builder, capacity: number, plan: () => readonly AbsentKey[]): AbsentRow[] =>
  Array.from({ length: capacity }, (_, i) =>
    b.scope(`absence[${i}]`, () => ({
      active: witnessBool(b, "active", () => plan()[i] !== undefined),
      key: b.witness("key", () => plan()[i]?.key ?? 0n),
    })),
  );

export function assertAbsent(
  b: Builder,
  rows: readonly AbsentRow[],
  { keys, opened }: { readonly keys: Rom<Wire>; readonly opened: readonly LeafWires[] },
  plan: () => readonly AbsentKey[],
): void {
  if (rows.length === 0) return;
  const nextKeys = fieldRom(b, opened.map(({ nextKey }) => nextKey), "oldNextKeys"); // prettier-ignore
  rows.forEach(({ active, key }, i) =>
    b.scope(`absence[${i}]`, () => {
      const place = witnessBits(b, PLACE_BITS, "low", () => BigInt(plan()[i]?.low ?? 0));
      const low = keys.read(b, place, "low.key");
      const next = nextKeys.read(b, place, "low.nextKey");
      assertBetween(b, { active, low, key, next }, "gap");
    }),
  );
}
