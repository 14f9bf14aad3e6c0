import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { witnessWord } from "../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { accountKeyOf, leafHashOf, stateRootOfWires } from "../../../circuits/gadgets/account.ts";
import { splitField } from "../../../circuits/gadgets/canonicalField.ts";
import { creditAccount } from "../../../circuits/gadgets/creditAccount.ts";
import { debitAccount } from "../../../circuits/gadgets/debitAccount.ts";
import { LeafReplacements } from "../../../circuits/gadgets/leafReplacements.ts";
import { merkleRoot } from "../../../circuits/gadgets/merkleRoot.ts";
import { wireNamed } from "../../../circuits/builder/forge.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { type Leaf, leafHash } from "../../../protocol/state/leaf.ts";
import { expectOnlyBroken } from "../builder/expectBroken.ts";
import { buildGadget, input } from "../gadgets/buildGadget.ts";
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
const { accountKeys } = readVectors<{ accountKeys: { address: string; key: string }[] }>("state");

const leafOf = ({ key, nextKey, nextIndex, valueHash }: LeafText): Leaf => ({
  ...{ key: BigInt(key), nextKey: BigInt(nextKey), nextIndex, valueHash: BigInt(valueHash) },
});

/** A leaf in one place becomes another; `before` is absent where there was none. */
type Change = { index: bigint; before?: Leaf; after: Leaf; siblings: bigint[] };

/** What a step of the vectors does to leaves: an insertion links the low leaf, then fills the unused one. */
function changesOf(step: Step): Change[] {
  const place = ({ index, siblings }: Place) => ({ index: BigInt(index), siblings: siblings.map(BigInt) });
  const leaf = leafOf(step.leaf);
  if (step.operation === "update")
    return [{ ...place(step), before: leaf, after: { ...leaf, valueHash: BigInt(step.valueHash) } }];
  const low = leafOf(step.low.leaf);
  const linked = { ...low, nextKey: leaf.key, nextIndex: step.index };
  return [
    { ...place(step.low), before: low, after: linked },
    { ...place(step), after: leaf },
  ];
}

const leafWire = (b: Builder, { key, nextKey, nextIndex, valueHash }: Leaf, name: string): Wire => {
  const wires = fieldInputs(b, name, [key, nextKey, BigInt(nextIndex), valueHash]);
  const [k, n, i, v] = wires as [Wire, Wire, Wire, Wire];
  return leafHashOf(b, { key: k, nextKey: n, nextIndex: i, valueHash: v }, `${name}.hash`);
};

/** The tree of the vectors before any step, to be changed by `changes`. */
function openTree(b: Builder, changes: readonly Change[]): LeafReplacements {
  const replacements = changes.map(({ index, before, after, siblings }) => ({
    ...{ index, siblings, newLeaf: leafHash(after) },
    oldLeaf: before === undefined ? 0n : leafHash(before),
  }));
  const root = b.witness("root", () => BigInt(initial.root));
  const shape = { depth: TREE_DEPTH, capacity: changes.length };
  return b.scope("tree", () => new LeafReplacements(b, root, shape, () => replacements));
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
    const changes = steps.flatMap(changesOf);
    const last = changes.length - 1;
    const built = expectComputes(
      (b) => {
        const tree = openTree(b, changes);
        changes.forEach(({ index, before, after }, i) => {
          const oldLeaf = before === undefined ? b.zero : leafWire(b, before, `old[${i}]`);
          const newLeaf = leafWire(b, after, `new[${i}]`);
          tree.claim(
            b,
            { used: b.one, oldLeaf, newLeaf, index: input(b, `at[${i}]`, 32, index) },
            `claim[${i}]`,
          );
        });
        return [tree.finish(b, "tree")];
      },
      [BigInt(steps.at(-1)!.root)],
      () => `tree.replacement[${last}].root`,
    );
    let done = 0;
    for (const step of steps) {
      done += changesOf(step).length;
      const [name, next] = [`tree.replacement[${done - 1}].root`, `tree.replacement[${done}].before.isRoot`];
      const root = BigInt(step.root);
      expect(built.witness[wireNamed(built.circuit, name)]).to.equal(root);
      if (done <= last) expectOnlyBroken(built, { [name]: root ^ 1n }, [name, next]);
    }
  });

  const PAID = 9n * 10n ** 17n;
  /** The first three steps as what accounts did: alice is credited, bob is credited `amount`, alice pays. */
  const accounts = (amount: bigint) => (b: Builder) => {
    const [toAlice, toBob, byAlice] = steps.slice(0, 3).map(changesOf) as [Change[], Change[], Change[]];
    const tree = openTree(b, [...toAlice, ...toBob, ...byAlice]);
    const [alice, bob] = accountKeys
      .slice(0, 2)
      .map(({ address }, i) =>
        accountKeyOf(b, input(b, `address[${i}]`, 160, BigInt(address)), `key[${i}]`),
      ) as [Wire, Wire];
    const credit = (count: Wire, key: Wire, amountWei: bigint, low: Leaf, name: string) => {
      const { key: lowKey, valueHash: lowValueHash, nextKey, nextIndex } = low;
      const hint = {
        isAbsent: true,
        lowKey,
        lowValueHash,
        nextKey,
        nextIndex: BigInt(nextIndex),
        nonce: 0n,
        balance: 0n,
      };
      const keyWord = splitField(b, key, `${name}.keyWord`);
      const word = witnessWord(b, `${name}.amount`, () => amountWei);
      return creditAccount(b, tree, count, { active: b.one, key, keyWord, amount: word }, () => hint, name);
    };
    let count: Wire = input(b, "count", 32, BigInt(initial.leafCount));
    count = credit(count, alice, 10n ** 18n, toAlice[0]!.before!, "alice");
    count = credit(count, bob, amount, toBob[0]!.before!, "bob");
    const paid = [witnessWord(b, "paid", () => PAID)];
    const { nextKey, nextIndex } = byAlice[0]!.before!;
    const hint = { balance: 10n ** 18n, nextKey, nextIndex: BigInt(nextIndex) };
    const debit = { active: b.one, key: alice, nonce: input(b, "nonce", 64, 0n), required: paid, paid };
    debitAccount(b, tree, debit, () => hint, "pays");
    const receiptsHead = b.witness("head", () => BigInt(steps[2]!.receiptsHead));
    return [stateRootOfWires(b, { root: tree.finish(b, "tree"), leafCount: count, receiptsHead }, "state")];
  };

  it("the first steps as two credits that make accounts, and a debit", () => {
    expectComputes(accounts(1n), [BigInt(steps[2]!.stateRoot)], () => "state.permutation[0]");
    expectOnlyBroken(buildGadget(accounts(2n)), {}, ["bob.added.newLeaf"]);
  });
});
