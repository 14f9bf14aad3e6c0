/**
 * The state tree in memory: updates and insertions a second on one core, by the size of the batch that one commit hashes.
 * Usage: node test/bench/stateTree.ts [leaves, 2^18 by default]
 */
import { hash } from "../../protocol/hash.ts";
import { Domain } from "../../protocol/domains.ts";
import type { Field } from "../../protocol/field.ts";
import { IndexedTree } from "../../protocol/state/indexedTree.ts";
import { proveUpdate } from "../../protocol/state/proofs.ts";
import { MemoryTreeStore } from "../../protocol/state/treeStore.ts";
import { collectWitness, openWitness } from "../../protocol/state/treeWitness.ts";
import { bestMicroseconds, printTable } from "./table.ts";

const leaves = Number(process.argv[2] ?? 2 ** 18);
const keyOf = (i: number): Field => hash(Domain.ACCOUNT_KEY, [BigInt(i)]);

const tree = new IndexedTree(new MemoryTreeStore());
const keys = Array.from({ length: leaves }, (_, i) => keyOf(i));
const perLeaf = bestMicroseconds(1, leaves, () => {
  for (const key of keys) tree.insert(key, key);
  tree.commit();
});

let counter = 1n;
/** Keys spread evenly over the tree, others each time. */
const someKeys = (count: number): Field[] => {
  const offset = Number((counter++ * 7919n) % BigInt(leaves));
  const step = Math.max(1, Math.floor(leaves / count));
  return Array.from({ length: count }, (_, i) => keys[(offset + i * step) % leaves] as Field);
};
const updates = (count: number): number => {
  const chosen = Array.from({ length: 40 }, () => someKeys(count));
  let round = 0;
  return bestMicroseconds(Math.max(3, Math.ceil(4_000 / count / 8)), count, () => {
    for (const key of chosen[round++ % chosen.length] as Field[]) tree.update(key, counter);
    tree.commit();
  });
};
let fresh = leaves;
const insertions = (count: number): number =>
  bestMicroseconds(3, count, () => {
    for (let i = 0; i < count; i++) tree.insert(keyOf(fresh++), 1n);
    tree.commit();
  });

const perSecond = (what: string, microseconds: number) => ({ what, value: 1e6 / microseconds, unit: "/s" });
const rows = [
  perSecond("updates, 2,000 a commit", updates(2_000)),
  perSecond("updates, 200 a commit", updates(200)),
  perSecond("updates, 10,000 a commit", updates(10_000)),
  perSecond("updates, one a commit", updates(1)),
  perSecond("insertions, 2,000 a commit", insertions(2_000)),
  perSecond("insertions from empty, one commit", perLeaf),
];
const witnessKeys = someKeys(200);
const replay = openWitness(collectWitness(tree, 0n, witnessKeys), tree.stateRoot(0n));
rows.push(
  perSecond(
    "updates with a proof each, replayed from a witness",
    bestMicroseconds(3, 200, () => {
      for (const key of witnessKeys) proveUpdate(replay, key, counter++);
    }),
  ),
);
printTable(`State tree, ${leaves} leaves, depth 32, in memory`, rows);
