/**
 * The witnesses of consecutive blocks, each under the root before its own block, as one witness under the root before the first.
 *
 * A leaf or node that no earlier witness knows is as it was before the first block: a block changes only leaves that its witness
 * holds, the nodes above them, and unused ones. So each is taken from the first witness that knows it. What this leads to is
 * checked by whoever opens it, against the root (I-STATE-04).
 */
import { StackError } from "../errors.ts";
import type { Field } from "../field.ts";
import { codeHashOf, EMPTY_CODE_HASH } from "./code.ts";
import { accountKey, storageKey } from "./keys.ts";
import type { Leaf } from "./leaf.ts";
import { siblingPositions, type TreeWitness, witnessNodes } from "./treeWitness.ts";
import type { StateWitness } from "./witness.ts";

export type JoinError =
  | { code: "WITNESSES_NONE" }
  /** The witnesses are not those of consecutive blocks. */
  | { code: "WITNESS_NODE_UNKNOWN"; level: number; index: number };

const fail = (type: JoinError): never => {
  throw new StackError(type, "fatal");
};

/** Throws `WITNESSES_NONE`, `WITNESS_NODE_UNKNOWN`, `WITNESS_LEAF_ORDER`, `WITNESS_NODE_COUNT`. */
export function joinWitnesses(witnesses: readonly StateWitness[]): StateWitness {
  const [first, ...later] = witnesses;
  if (first === undefined) return fail({ code: "WITNESSES_NONE" });
  if (later.length === 0) return first;
  const tree = joinTrees(
    first.tree,
    witnesses.map((witness) => witness.tree),
  );
  const present = new Set(tree.leaves.map(({ leaf }) => leaf.key));
  const accounts = firstOf(
    witnesses.flatMap((witness) => witness.accounts),
    ({ address }) => accountKey(address),
    present,
  );
  const slots = firstOf(
    witnesses.flatMap((witness) => witness.slots),
    ({ address, slot }) => storageKey(address, slot),
    present,
  );
  return { tree, accounts, slots, codes: joinCodes(witnesses, accounts) };
}

function joinTrees({ leafCount, receiptsHead }: TreeWitness, trees: readonly TreeWitness[]): TreeWitness {
  const known = new Map<number, Leaf>();
  for (const { index, leaf } of trees.flatMap((tree) => tree.leaves))
    if (index < leafCount && !known.has(index)) known.set(index, leaf);
  const leaves = [...known].map(([index, leaf]) => ({ index, leaf })).sort((a, b) => a.index - b.index);
  const nodes = trees.map((tree) => witnessNodes(tree).levels);
  const nodeAt = ({ level, index }: { level: number; index: number }): Field => {
    for (const levels of nodes) {
      const node = levels[level]?.get(index);
      if (node !== undefined) return node;
    }
    return fail({ code: "WITNESS_NODE_UNKNOWN", level, index });
  };
  return { leafCount, receiptsHead, leaves, nodes: siblingPositions({ leafCount, leaves }).map(nodeAt) };
}

/** Of each key that is in the tree before the first block, the first entry. */
function firstOf<T>(
  entries: readonly T[],
  keyOf: (entry: T) => Field,
  present: ReadonlySet<Field>,
): readonly T[] {
  const found = new Map<Field, T>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (present.has(key) && !found.has(key)) found.set(key, entry);
  }
  return [...found.values()];
}

/** Codes that one of the accounts has before the first block; others were made since. */
function joinCodes(witnesses: readonly StateWitness[], accounts: StateWitness["accounts"]): Uint8Array[] {
  const needed = new Set(accounts.map(({ account }) => account.codeHash));
  needed.delete(EMPTY_CODE_HASH);
  const found = new Map<bigint, Uint8Array>();
  for (const code of witnesses.flatMap(({ codes }) => codes)) {
    const codeHash = codeHashOf(code);
    if (needed.has(codeHash) && !found.has(codeHash)) found.set(codeHash, code);
  }
  return [...found.values()];
}
