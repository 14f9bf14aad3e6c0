import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { leafHashOf, stateRootOfWires } from "../../../circuits/gadgets/account.ts";
import { merkleRoot } from "../../../circuits/gadgets/merkleRoot.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { changeState, type StateChange } from "../../../protocol/state/changes.ts";
import { IndexedTree } from "../../../protocol/state/indexedTree.ts";
import type { Leaf } from "../../../protocol/state/leaf.ts";
import { planTreeAccesses } from "../../../protocol/state/treeAccessPlan.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { expectOnlyBroken, expectSound } from "../builder/expectBroken.ts";
import { input } from "../gadgets/buildGadget.ts";
import { accessesOf, settle, touchedBy, type Transactions } from "../gadgets/treeAccesses/workload.ts";
import { expectComputes, fieldInputs, readVectors } from "./expectComputes.ts";

type LeafText = { key: string; nextKey: string; nextIndex: number; valueHash: string };
type Place = { index: number; leaf: LeafText; siblings: string[] };
type State = { root: string; leafCount: number; receiptsHead: string; stateRoot: string };
type Step = Place &
  State &
  ({ operation: "insert"; low: Place } | { operation: "update"; valueHash: string });
type TreeVectors = {
  emptySubtrees: string[];
  initial: State;
  steps: Step[];
  leaves: (LeafText & { hash: string })[];
};

const { emptySubtrees, initial, steps, leaves } = readVectors<TreeVectors>("tree");

const leafOf = ({ key, nextKey, nextIndex, valueHash }: LeafText): Leaf => ({
  ...{ key: BigInt(key), nextKey: BigInt(nextKey), nextIndex, valueHash: BigInt(valueHash) },
});

const leafWire = (b: Builder, { key, nextKey, nextIndex, valueHash }: Leaf, name: string): Wire => {
  const wires = fieldInputs(b, name, [key, nextKey, BigInt(nextIndex), valueHash]);
  const [k, n, i, v] = wires as [Wire, Wire, Wire, Wire];
  return leafHashOf(b, { key: k, nextKey: n, nextIndex: i, valueHash: v }, `${name}.hash`);
};

/** Each step is a transaction. */
const changes: StateChange[] = steps.map((step) => ({
  key: BigInt(step.leaf.key),
  valueHash: BigInt(step.operation === "update" ? step.valueHash : step.leaf.valueHash),
  isEmpty: false,
}));
const SHAPE = { height: TREE_DEPTH, reads: 2, writes: 4, insertions: 8, absences: 1 };

/** The circuit that takes `tree` through these transactions. */
function settled(tree: IndexedTree, transactions: Transactions) {
  const table = touchedBy(tree, transactions, []);
  const plan = planTreeAccesses(tree, accessesOf(table), SHAPE);
  return settle({ root: tree.root(), leafCount: tree.leafCount, shape: SHAPE, table, plan });
}

/** It gives this tree, and no other root. */
function expectTree(built: ReturnType<typeof settled>, { root, leafCount }: State): void {
  expectSound(built);
  expect(built.value(built.out.root)).to.equal(BigInt(root));
  expect(built.value(built.out.leafCount)).to.equal(BigInt(leafCount));
  const altered = new Map([[built.out.root, BigInt(root) ^ 1n]]);
  expectOnlyBroken(built, altered, ["tree.append.root"]);
}

describe("vectors through circuits: tree.json", () => {
  it("leaf hashes", () => {
    for (const item of leaves)
      expectComputes(
        (b) => [leafWire(b, leafOf(item), "leaf")],
        [BigInt(item.hash)],
        () => "leaf.hash.permutation[1]",
      );
  });

  it("empty subtrees, wherever the path turns, and the tree of the sentinel", () => {
    const path = (b: Builder, leaf: Wire, turns: readonly bigint[]) => {
      const siblings = fieldInputs(b, "sibling", emptySubtrees.slice(0, turns.length).map(BigInt));
      const bits = turns.map((turn, i) => input(b, `turn[${i}]`, 1, turn));
      return [merkleRoot(b, leaf, bits, siblings, "path")];
    };
    const top = (depth: number) => () => `path.node[${depth - 1}].permutation[0]`;
    for (let depth = 1; depth <= TREE_DEPTH; depth++) {
      const turns = Array.from({ length: depth }, (_, i) => BigInt(i % 2));
      const expected = [BigInt(emptySubtrees[depth]!)];
      expectComputes(
        (b) =>
          path(
            b,
            b.witness("leaf", () => 0n),
            turns,
          ),
        expected,
        top(depth),
      );
    }
    const sentinel: Leaf = { key: 0n, nextKey: 0n, nextIndex: 0, valueHash: 0n };
    const left = new Array<bigint>(TREE_DEPTH).fill(0n);
    const expected = [BigInt(initial.root)];
    expectComputes((b) => path(b, leafWire(b, sentinel, "leaf"), left), expected, top(TREE_DEPTH));
  });

  it("state roots", () => {
    for (const { root, leafCount, receiptsHead, stateRoot } of [initial, ...steps])
      expectComputes(
        (b) => [
          stateRootOfWires(
            b,
            {
              root: b.witness("root", () => BigInt(root)),
              leafCount: input(b, "count", 32, BigInt(leafCount)),
              receiptsHead: b.witness("head", () => BigInt(receiptsHead)),
            },
            "state",
          ),
        ],
        [BigInt(stateRoot)],
        () => "state.permutation[0]",
      );
  });

  it("the root after each of the insertions and updates", () => {
    const tree = new IndexedTree(new MemoryTreeStore());
    expect(tree.root()).to.equal(BigInt(initial.root));
    steps.forEach((step, i) => {
      expectTree(settled(tree, [[changes[i]!]]), step);
      changeState(tree, [[changes[i]!]]);
    });
  });

  it("the root after all of them, settled at once", () => {
    const all = changes.map((change) => [change]);
    expectTree(settled(new IndexedTree(new MemoryTreeStore()), all), steps.at(-1)!);
  });
});
