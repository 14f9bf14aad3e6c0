/** What all accesses of a chunk together make of the leaves: old ones as they are after, new ones in their places. */
import type { Field } from "../field.ts";
import type { Located } from "./indexedTree.ts";
import type { Leaf } from "./leaf.ts";

/** A key that a chunk touched: each once. */
export type TreeAccess = {
  readonly key: Field;
  /** Absent when the key is only read. An absent key that stays empty is only read. */
  readonly write?: {
    /** At the end of the chunk. */
    readonly valueHash: Field;
    /** Of a key that is inserted: number of the transaction at whose end it first was not empty. */
    readonly birth: number;
  };
};

/** An access with the leaf of its key, or its low leaf. */
export type LocatedAccess = TreeAccess & Located;

export type OldLeaf = {
  readonly index: number;
  readonly leaf: Leaf;
  readonly after: Leaf;
  readonly isUpdated: boolean;
  /** A new leaf follows it in the list of keys. */
  readonly isLinked: boolean;
};

export type NewLeaf = {
  readonly index: number;
  readonly leaf: Leaf;
  readonly birth: number;
  readonly isLinked: boolean;
  /** The old leaf below it, before. */
  readonly low: { readonly index: number; readonly leaf: Leaf };
  /** The new leaf that follows the same old leaf and precedes this one, if any. */
  readonly previousKey: Field | undefined;
};

export const isInsertion = ({ present, write }: LocatedAccess): boolean => !present && write !== undefined;

/** The new leaves by index: ascending by (birth, key) from `leafCount`. */
export function newLeaves(accesses: readonly LocatedAccess[], leafCount: number): NewLeaf[] {
  const inserted = accesses.filter(isInsertion);
  const birthOf = ({ write }: LocatedAccess): number => write?.birth ?? 0;
  const byIndex = inserted.toSorted((a, b) => birthOf(a) - birthOf(b) || byKey(a, b));
  const indexOf = new Map(byIndex.map(({ key }, i) => [key, leafCount + i]));
  const ascending = inserted.toSorted(byKey);
  const leaves = ascending.map((one, i): NewLeaf => {
    const inGap = (other: LocatedAccess | undefined): LocatedAccess | undefined =>
      other?.index === one.index ? other : undefined;
    const [previous, next] = [inGap(ascending[i - 1]), inGap(ascending[i + 1])];
    const { nextKey, nextIndex } = one.leaf;
    const links = next
      ? { nextKey: next.key, nextIndex: indexOf.get(next.key) ?? 0 }
      : { nextKey, nextIndex };
    return {
      index: indexOf.get(one.key) ?? 0,
      leaf: { key: one.key, ...links, valueHash: one.write?.valueHash ?? 0n },
      birth: birthOf(one),
      isLinked: next !== undefined,
      low: { index: one.index, leaf: one.leaf },
      previousKey: previous?.key,
    };
  });
  return leaves.sort((a, b) => a.index - b.index);
}

/** The old leaves that accesses open, each once, ascending by index. */
export function oldLeaves(accesses: readonly LocatedAccess[], added: readonly NewLeaf[]): OldLeaf[] {
  const leaves = new Map<number, OldLeaf>();
  for (const { index, leaf } of accesses)
    leaves.set(index, { index, leaf, after: leaf, isUpdated: false, isLinked: false });
  const change = (index: number, after: Partial<Leaf>, flag: Partial<OldLeaf>): void => {
    const old = leaves.get(index) as OldLeaf;
    leaves.set(index, { ...old, ...flag, after: { ...old.after, ...after } });
  };
  for (const { index, present, write } of accesses)
    if (present && write) change(index, { valueHash: write.valueHash }, { isUpdated: true });
  for (const { index, leaf, low, previousKey } of added)
    if (previousKey === undefined)
      change(low.index, { nextKey: leaf.key, nextIndex: index }, { isLinked: true });
  return [...leaves.values()].sort((a, b) => a.index - b.index);
}

const byKey = (a: { readonly key: Field }, b: { readonly key: Field }): number => (a.key < b.key ? -1 : 1);
