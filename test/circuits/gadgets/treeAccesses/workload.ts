/** Chunks that touch a tree, and what the circuit makes of them. */
import { Builder } from "../../../../circuits/builder/builder.ts";
import { witnessBool, witnessU16 } from "../../../../circuits/builder/ranges.ts";
import { TreeAccesses } from "../../../../circuits/gadgets/treeAccesses/treeAccesses.ts";
import type { Field } from "../../../../protocol/field.ts";
import type { StateChange } from "../../../../protocol/state/changes.ts";
import { IndexedTree } from "../../../../protocol/state/indexedTree.ts";
import type { TreeAccessPlan } from "../../../../protocol/state/treeAccessPlan.ts";
import type { TreeAccessShape } from "../../../../protocol/state/treeAccessShape.ts";
import type { TreeAccess } from "../../../../protocol/state/treeLinks.ts";
import { MemoryTreeStore } from "../../../../protocol/state/treeStore.ts";
import type { Random } from "../../../protocol/random.ts";
import { buildGadget } from "../buildGadget.ts";

/** One entry of a chunk's table of touched leaves. */
export interface Touched {
  readonly key: Field;
  readonly active: boolean;
  readonly present: boolean;
  readonly before: Field;
  readonly after: Field;
  readonly isChanged: boolean;
  readonly isInserted: boolean;
  readonly birth: number;
}

export const UNUSED: Touched = {
  ...{ key: 7n, active: false, present: true, before: 5n, after: 6n },
  ...{ isChanged: true, isInserted: false, birth: 3 },
};

export type Transactions = readonly (readonly StateChange[])[];

/** The table after these transactions (numbered from 1), which also read `reads`: from their definition, key by key. */
export function touchedBy(tree: IndexedTree, transactions: Transactions, reads: readonly Field[]): Touched[] {
  const keys = new Set([...reads, ...transactions.flat().map(({ key }) => key)]);
  return [...keys].map((key) => {
    const { present, leaf } = tree.locate(key);
    const own = transactions.map((changes) => changes.findLast((change) => change.key === key));
    const last = own.findLast((change) => change !== undefined);
    const birth = present ? 0 : 1 + own.findIndex((change) => change !== undefined && !change.isEmpty);
    const before = present ? leaf.valueHash : 0n;
    const isChanged = last !== undefined;
    const after = last?.valueHash ?? before;
    return { key, active: true, present, before, after, isChanged, isInserted: birth > 0, birth };
  });
}

export const accessOf = ({ key, present, isChanged, isInserted, after, birth }: Touched): TreeAccess =>
  (present && isChanged) || isInserted ? { key, write: { valueHash: after, birth } } : { key };

export const accessesOf = (table: readonly Touched[]): TreeAccess[] =>
  table.filter(({ active }) => active).map(accessOf);

export interface Settlement {
  readonly root: Field;
  readonly leafCount: number;
  readonly shape: TreeAccessShape;
  readonly table: readonly Touched[];
  readonly plan: TreeAccessPlan;
}

export const settle = ({ root, leafCount, shape, table, plan }: Settlement, b: Builder = new Builder()) =>
  buildGadget((b) => {
    const previous = { root: b.witness("root", () => root), leafCount: b.witness("count", () => BigInt(leafCount)) }; // prettier-ignore
    const accesses = new TreeAccesses(b, previous, shape, () => plan, "tree");
    table.forEach((touched, i) =>
      b.scope(`leaf[${i}]`, () => {
        const field = (name: "key" | "before" | "after") => b.witness(name, () => touched[name]);
        const flag = (name: "active" | "present" | "isChanged" | "isInserted") => witnessBool(b, name, () => touched[name]); // prettier-ignore
        const birth = witnessU16(b, "birth", () => BigInt(touched.birth));
        const fields = { key: field("key"), before: field("before"), after: field("after"), birth };
        const flags = { active: flag("active"), present: flag("present"), isChanged: flag("isChanged"), isInserted: flag("isInserted") }; // prettier-ignore
        accesses.access(b, { ...fields, ...flags }, "claim");
      }),
    );
    return accesses.finish(b);
  }, b);

export function treeOf(keys: readonly Field[], random: Random): IndexedTree {
  const tree = new IndexedTree(new MemoryTreeStore());
  for (const key of keys) tree.insert(key, random.field());
  tree.commit();
  return tree;
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
