/** What transactions change in the state, in the protocol's canonical order. */
import type { Address } from "../address.ts";
import type { Field } from "../field.ts";
import type { AccountState } from "./account.ts";
import { accountValueHash, isEmptyAccount, storageValueHash } from "./account.ts";
import type { IndexedTree } from "./indexedTree.ts";
import { accountKey, storageKey } from "./keys.ts";

/** The value of a key at the end of a transaction. */
export type StateChange = {
  readonly key: Field;
  readonly valueHash: Field;
  /** An empty account or a zero slot: changes a leaf that exists, never makes one. */
  readonly isEmpty: boolean;
};

export type OrderedChanges = {
  /** Leaves that exist, with their last value. */
  readonly updates: readonly StateChange[];
  /** New leaves in the order in which they take indices, with their last value. */
  readonly insertions: readonly StateChange[];
};

export const accountChange = (address: Address, account: AccountState): StateChange => ({
  key: accountKey(address),
  valueHash: accountValueHash(account),
  isEmpty: isEmptyAccount(account),
});

export const storageChange = (address: Address, slot: bigint, value: bigint): StateChange => ({
  key: storageKey(address, slot),
  valueHash: storageValueHash(value),
  isEmpty: value === 0n,
});

/**
 * Merges the changes of consecutive transactions (or system operations) into one change a key (I-STATE-03). Keys that
 * become non-empty for the first time are inserted transaction by transaction, within one by ascending key.
 * `isPresent` answers for the tree before the first of them. Of two changes of a key in one transaction the last counts.
 */
export function orderChanges(
  transactions: Iterable<Iterable<StateChange>>,
  isPresent: (key: Field) => boolean,
): OrderedChanges {
  const updates = new Map<Field, StateChange>();
  const insertions = new Map<Field, StateChange>();
  for (const transaction of transactions) {
    const last = new Map<Field, StateChange>();
    for (const change of transaction) last.set(change.key, change);
    for (const change of [...last.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
      // A map keeps the place of a key's first insertion when its value is replaced.
      if (insertions.has(change.key)) insertions.set(change.key, change);
      else if (isPresent(change.key)) updates.set(change.key, change);
      else if (!change.isEmpty) insertions.set(change.key, change);
    }
  }
  return { updates: [...updates.values()], insertions: [...insertions.values()] };
}

/** Applies ordered changes; hashing waits for `commit` or a root. */
export function applyChanges(tree: IndexedTree, { updates, insertions }: OrderedChanges): void {
  for (const { key, valueHash } of updates) tree.update(key, valueHash);
  for (const { key, valueHash } of insertions) tree.insert(key, valueHash);
}

/** Orders and applies the changes of consecutive transactions. */
export const changeState = (tree: IndexedTree, transactions: Iterable<Iterable<StateChange>>): void =>
  applyChanges(
    tree,
    orderChanges(transactions, (key) => tree.locate(key).present),
  );
