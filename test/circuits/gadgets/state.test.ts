import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { witnessWord } from "../../../circuits/builder/ranges.ts";
import {
  accountKeyOf,
  leafHashOf,
  plainAccountHash,
  stateRootOfWires,
} from "../../../circuits/gadgets/account.ts";
import { splitField } from "../../../circuits/gadgets/canonicalField.ts";
import { creditAccount, type CreditHint } from "../../../circuits/gadgets/creditAccount.ts";
import { debitAccount, type DebitHint } from "../../../circuits/gadgets/debitAccount.ts";
import { nextReceiptsHeadOf } from "../../../circuits/gadgets/receipts.ts";
import { LeafReplacements, type Replacement } from "../../../circuits/gadgets/leafReplacements.ts";
import type { Address } from "../../../protocol/address.ts";
import { TREE_DEPTH } from "../../../protocol/constants.ts";
import { Domain } from "../../../protocol/domains.ts";
import { hash } from "../../../protocol/hash.ts";
import { accountValueHash, type AccountState, EMPTY_ACCOUNT } from "../../../protocol/state/account.ts";
import { nextReceiptsHead } from "../../../protocol/state/receipts.ts";
import { IndexedTree, stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { accountKey } from "../../../protocol/state/keys.ts";
import { leafHash } from "../../../protocol/state/leaf.ts";
import { proveInsert, proveKey, proveUpdate } from "../../../protocol/state/proofs.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";
import { Random } from "../../protocol/random.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, input } from "./buildGadget.ts";
import { type Lie, LyingBuilder } from "./lyingBuilder.ts";

const random = new Random();
const address = (i: number): Address => `0x${(0x1000 + i).toString(16).padStart(40, "0")}`;
const rich = (nonce: bigint, balance: bigint): AccountState => ({ ...EMPTY_ACCOUNT, nonce, balance });

describe(`accounts (seed ${random.seed})`, () => {
  it("have the protocol's keys, values and leaves", () => {
    const account = rich(random.bits(64), random.bits(256));
    const leaf = { key: random.field(), nextKey: random.field(), nextIndex: 7, valueHash: random.field() };
    const built = buildGadget((b) => {
      const balance = witnessWord(b, "balance", () => account.balance);
      const field = (name: string, value: bigint) => b.witness(name, () => value);
      return {
        key: accountKeyOf(b, field("address", BigInt(address(5))), "key"),
        value: plainAccountHash(b, { nonce: input(b, "nonce", 64, account.nonce), balance }, "value"),
        leaf: leafHashOf(
          b,
          {
            key: field("k", leaf.key),
            nextKey: field("n", leaf.nextKey),
            nextIndex: field("i", 7n),
            valueHash: field("v", leaf.valueHash),
          },
          "leaf",
        ),
        root: stateRootOfWires(
          b,
          { root: field("root", 5n), leafCount: field("count", 6n), receiptsHead: field("head", 7n) },
          "root",
        ),
        receipts: nextReceiptsHeadOf(
          b,
          field("receipts", 8n),
          {
            blockNumber: field("number", 9n),
            outcome: field("outcome", 42_001n),
            logsHead: field("logs", 0n),
          },
          "receipt",
        ),
      };
    });
    expectSound(built);
    expect(built.value(built.out.key)).to.equal(accountKey(address(5)));
    expect(built.value(built.out.value)).to.equal(accountValueHash(account));
    expect(built.value(built.out.leaf)).to.equal(leafHash(leaf));
    expect(built.value(built.out.root)).to.equal(stateRootOf(5n, 6, 7n));
    const receipt = { status: 1, gasUsed: 21_000n, logs: [] } as const;
    expect(built.value(built.out.receipts)).to.equal(nextReceiptsHead(8n, 9n, receipt));
  });
});

describe("LeafReplacements", () => {
  /** A plain Merkle tree of depth 3. */
  class SmallTree {
    readonly leaves = Array.from({ length: 8 }, () => random.field());

    levels(): bigint[][] {
      const levels = [[...this.leaves]];
      while (levels.at(-1)!.length > 1) {
        const below = levels.at(-1)!;
        levels.push(
          Array.from({ length: below.length / 2 }, (_, i) =>
            hash(Domain.NODE, [below[2 * i]!, below[2 * i + 1]!]),
          ),
        );
      }
      return levels;
    }

    root = (): bigint => this.levels()[3]![0]!;

    replace(index: number, newLeaf: bigint): Replacement {
      const levels = this.levels();
      const siblings = [0, 1, 2].map((level) => levels[level]![(index >> level) ^ 1]!);
      const oldLeaf = this.leaves[index]!;
      this.leaves[index] = newLeaf;
      return { index: BigInt(index), oldLeaf, newLeaf, siblings };
    }
  }

  type Options = {
    lies?: Record<string, Lie>;
    capacity?: number;
    claims?: readonly (Replacement & { used?: boolean })[];
  };
  const run = (indices: readonly number[], { lies = {}, capacity = 4, claims }: Options = {}) => {
    const tree = new SmallTree();
    const before = tree.root();
    const steps = indices.map((index) => tree.replace(index, random.field()));
    const built = buildGadget((b) => {
      const root = b.witness("root", () => before);
      const list = b.scope("tree", () => new LeafReplacements(b, root, { depth: 3, capacity }, () => steps));
      (claims ?? steps).forEach((claim, i) => {
        const wire = (name: string, value: bigint) => b.witness(`${name}[${i}]`, () => value);
        list.claim(
          b,
          {
            used: input(b, `used[${i}]`, 1, "used" in claim && claim.used === false ? 0n : 1n),
            oldLeaf: wire("old", claim.oldLeaf),
            newLeaf: wire("new", claim.newLeaf),
            index: wire("index", claim.index),
          },
          `claim[${i}]`,
        );
      });
      return list.finish(b, "tree");
    }, new LyingBuilder(lies));
    return { built, after: tree.root(), steps };
  };

  it("takes a root to another, one leaf twice too", () => {
    for (const indices of [[], [0], [7, 7], [1, 2, 3, 4], [5, 0, 5]]) {
      const { built, after } = run(indices);
      expectSound(built);
      expect(built.value(built.out)).to.equal(after);
    }
  });

  it("skips unused claims", () => {
    const none = { index: 0n, oldLeaf: 1n, newLeaf: 2n, siblings: [], used: false };
    const one = run([3]);
    const { built } = run([3], { claims: [none, ...one.steps, none] });
    // Another tree's leaves: the claim between the unused ones is refused, they are not.
    expectBroken(built, {}, "claim[1].oldLeaf");
    expect(() => expectBroken(built, {}, "claim[0].oldLeaf")).to.throw();
  });

  it("refuses wrong paths, wrong places, wrong turns", () => {
    const lie = (lies: Record<string, Lie>, broken: string) =>
      expectBroken(run([1, 6], { lies }).built, {}, broken);
    const flip: Lie = (x) => x ^ 1n;
    lie({ "tree.replacement[0].sibling[1]": flip }, "tree.replacement[0].before.isRoot");
    lie({ "tree.replacement[1].index": 3n }, "tree.replacement[1].before.isRoot");
    lie({ "tree.replacement[1].turn[0]": 1n }, "tree.replacement[1].turn.sum");
    lie({ "tree.replacement[0].index": 9n }, "tree.replacement[0].turn.sum");
    lie({ "tree.replacement[0].oldLeaf": flip }, "claim[0].oldLeaf");
    lie({ "tree.replacement[0].newLeaf": flip }, "claim[0].newLeaf");
    lie({ "old[1]": flip }, "claim[1].oldLeaf");
    lie({ "new[1]": flip }, "claim[1].newLeaf");
    lie({ "index[1]": flip }, "claim[1].index");
  });

  it("refuses a replacement that nobody claims, and a claim that is not replaced", () => {
    const { steps } = run([1, 6]);
    expectBroken(run([1, 6], { claims: steps.slice(0, 1) }).built, {}, "tree.allClaimed");
    expectBroken(run([1, 6], { lies: { "tree.replacement[1].active": 0n } }).built, {}, "tree.allClaimed");
    expectBroken(
      run([1], { lies: { "tree.replacement[2].active": 1n } }).built,
      {},
      "tree.replacement[2].active.prefix",
    );
    expectBroken(
      run([1, 6], { lies: { "tree.replacement[0].active": 0n } }).built,
      {},
      "tree.replacement[1].active.prefix",
    );
    expectBroken(run([1, 2, 3], { capacity: 2 }).built, {}, "claim[2].oldLeaf");
  });
});

/** A tree of accounts 0, 2, 4, .. with 100 each. */
function accountTree(): IndexedTree {
  const tree = new IndexedTree(new MemoryTreeStore());
  for (let i = 0; i < 10; i += 2) tree.insert(accountKey(address(i)), accountValueHash(rich(5n, 100n)));
  tree.commit();
  return tree;
}

type World = { b: Builder; list: LeafReplacements; count: number };

function inTree<T>(
  tree: IndexedTree,
  steps: readonly Replacement[],
  before: { root: bigint; count: number },
  body: (world: World) => T,
  lies: Record<string, Lie> = {},
) {
  void tree;
  return buildGadget((b) => {
    const root = b.witness("root", () => before.root);
    const list = b.scope(
      "tree",
      () => new LeafReplacements(b, root, { depth: TREE_DEPTH, capacity: 3 }, () => steps),
    );
    const out = body({ b, list, count: before.count });
    return { out, root: list.finish(b, "tree") };
  }, new LyingBuilder(lies));
}

describe("creditAccount", () => {
  type Case = {
    hint: CreditHint;
    steps: Replacement[];
    before: { root: bigint; count: number };
    tree: IndexedTree;
  };
  const NONE = { isAbsent: false, lowKey: 0n, lowValueHash: 0n };

  const update = (i: number, amount: bigint, balance = 100n): Case => {
    const tree = accountTree();
    const before = { root: tree.root(), count: tree.leafCount };
    const proof = proveUpdate(tree, accountKey(address(i)), accountValueHash(rich(5n, balance + amount)));
    const { leaf, index, siblings, valueHash } = proof;
    const step = {
      index: BigInt(index),
      oldLeaf: leafHash(leaf),
      newLeaf: leafHash({ ...leaf, valueHash }),
      siblings,
    };
    const hint = { ...NONE, nextKey: leaf.nextKey, nextIndex: BigInt(leaf.nextIndex), nonce: 5n, balance };
    return { hint, steps: [step], before, tree };
  };

  const insert = (i: number, amount: bigint): Case => {
    const tree = accountTree();
    const before = { root: tree.root(), count: tree.leafCount };
    const key = accountKey(address(i));
    const { low, index, leaf, siblings } = proveInsert(tree, key, accountValueHash(rich(0n, amount)));
    const linked = { ...low.leaf, nextKey: key, nextIndex: index };
    const steps = [
      {
        index: BigInt(low.index),
        oldLeaf: leafHash(low.leaf),
        newLeaf: leafHash(linked),
        siblings: low.siblings,
      },
      { index: BigInt(index), oldLeaf: 0n, newLeaf: leafHash(leaf), siblings },
    ];
    const { key: lowKey, valueHash: lowValueHash, nextKey, nextIndex } = low.leaf;
    const hint = {
      isAbsent: true,
      lowKey,
      lowValueHash,
      nextKey,
      nextIndex: BigInt(nextIndex),
      nonce: 0n,
      balance: 0n,
    };
    return { hint, steps, before, tree };
  };

  const credit = (
    i: number,
    amount: bigint,
    { hint, steps, before, tree }: Case,
    lies: Record<string, Lie> = {},
    active = 1n,
  ) =>
    inTree(
      tree,
      steps,
      before,
      ({ b, list, count }) => {
        const key = accountKeyOf(
          b,
          b.witness("address", () => BigInt(address(i))),
          "key",
        );
        const entry = {
          active: input(b, "active", 1, active),
          key,
          keyWord: splitField(b, key, "keyWord"),
          amount: witnessWord(b, "amount", () => amount),
        };
        return creditAccount(
          b,
          list,
          b.witness("count", () => BigInt(count)),
          entry,
          () => hint,
          "credit",
        );
      },
      lies,
    );

  it("updates an account", () => {
    const one = update(4, 33n);
    const built = credit(4, 33n, one);
    expectSound(built);
    expect(built.value(built.out.root)).to.equal(one.tree.root());
    expect(built.value(built.out.out)).to.equal(6n);
  });

  it("makes an account: below all, between two, above all", () => {
    const taken = [0, 2, 4, 6, 8].map((i) => accountKey(address(i)));
    const above = (i: number): number => taken.filter((key) => key < accountKey(address(i))).length;
    const free = Array.from({ length: 200 }, (_, i) => 10 + i);
    const keys = [0, 2, 5].map((rank) => free.find((i) => above(i) === rank)!);
    const places = new Set<string>();
    for (const i of keys) {
      const one = insert(i, 44n);
      const built = credit(i, 44n, one);
      expectSound(built);
      expect(built.value(built.out.root)).to.equal(one.tree.root());
      expect(built.value(built.out.out)).to.equal(7n);
      places.add(one.hint.lowKey === 0n ? "first" : one.hint.nextKey === 0n ? "last" : "between");
    }
    expect(places.size).to.equal(3);
  });

  /** What shows that account i is not there: the low leaf, replaced by itself. */
  const absent = (i: number): Case => {
    const tree = accountTree();
    const before = { root: tree.root(), count: tree.leafCount };
    const { index, leaf, siblings } = proveKey(tree, accountKey(address(i)));
    const hash = leafHash(leaf);
    const { key: lowKey, valueHash: lowValueHash, nextKey, nextIndex } = leaf;
    const low = { lowKey, lowValueHash, nextKey, nextIndex: BigInt(nextIndex) };
    return {
      hint: { isAbsent: true, ...low, nonce: 0n, balance: 0n },
      steps: [{ index: BigInt(index), oldLeaf: hash, newLeaf: hash, siblings }],
      before,
      tree,
    };
  };

  it("changes nothing for nothing: an account stays as it is, none is made", () => {
    for (const [i, one] of [
      [4, update(4, 0n)],
      [3, absent(3)],
    ] as const) {
      // prettier-ignore
      const built = credit(i, 0n, one);
      expectSound(built);
      expect(built.value(built.out.root)).to.equal(one.before.root);
      expect(built.value(built.out.out)).to.equal(6n);
    }
  });

  it("refuses to say nothing of an account, also for nothing", () => {
    expectBroken(credit(4, 0n, { ...update(4, 0n), steps: [] }), {}, "tree.allClaimed");
    // An account that is there is not absent, one that is absent is not there, and code is in the leaf.
    const { hint } = insertOver(4, accountKey(address(4)));
    expectBroken(credit(4, 0n, { ...update(4, 0n), hint }), {}, "credit.isAbsent.aboveLow");
    expectBroken(credit(3, 0n, update(4, 0n)), {}, "credit.replaced.oldLeaf");
    const contract = accountTree();
    const code = { ...rich(5n, 100n), codeSize: 1n, codeHash: 5n, codeCommitment: 7n };
    contract.update(accountKey(address(4)), accountValueHash(code));
    const { index, leaf, siblings } = proveKey(contract, accountKey(address(4)));
    const step = { index: BigInt(index), oldLeaf: leafHash(leaf), newLeaf: leafHash(leaf), siblings };
    const before = { root: contract.root(), count: contract.leafCount };
    const one = { ...update(4, 0n), steps: [step], before, tree: contract };
    expectBroken(credit(4, 0n, one), {}, "credit.replaced.oldLeaf");
  });

  it("does nothing when it is not active", () => {
    const hint = { ...NONE, nextKey: 0n, nextIndex: 0n, nonce: 0n, balance: 0n };
    const idle = { ...update(4, 33n), steps: [], hint };
    for (const amount of [0n, 5n]) {
      const built = credit(4, amount, idle, {}, 0n);
      expectSound(built);
      expect(built.value(built.out.root)).to.equal(idle.before.root);
    }
  });

  it("refuses to make an account that exists", () => {
    // The account's own leaf as the low leaf: its key is not below itself.
    const own = insertOver(4, accountKey(address(4)));
    expectBroken(credit(4, 44n, own), {}, "credit.isAbsent.aboveLow");
    // The leaf before it: the next key is not above the account's.
    const tree = accountTree();
    const before = tree.leafAt(0);
    const chain = [before];
    while (chain.at(-1)!.nextKey !== 0n && chain.at(-1)!.nextKey !== accountKey(address(4)))
      chain.push(tree.leafAt(chain.at(-1)!.nextIndex));
    expectBroken(credit(4, 44n, insertOver(4, chain.at(-1)!.key)), {}, "credit.isAbsent.belowNext");
  });

  /** What a prover would have to show to insert account i after the leaf of `lowKey`. */
  function insertOver(i: number, lowKey: bigint): Case {
    const tree = accountTree();
    const before = { root: tree.root(), count: tree.leafCount };
    const low = lowKey === 0n ? { index: 0, leaf: tree.leafAt(0) } : tree.locate(lowKey);
    const key = accountKey(address(i));
    const steps = [
      {
        index: BigInt(low.index),
        oldLeaf: leafHash(low.leaf),
        newLeaf: leafHash({ ...low.leaf, nextKey: key, nextIndex: tree.leafCount }),
        siblings: tree.siblings(low.index),
      },
    ];
    const { valueHash, nextKey, nextIndex } = low.leaf;
    return {
      hint: {
        isAbsent: true,
        lowKey,
        lowValueHash: valueHash,
        nextKey,
        nextIndex: BigInt(nextIndex),
        nonce: 0n,
        balance: 0n,
      },
      steps,
      before,
      tree,
    };
  }

  it("refuses to update an account that does not exist", () => {
    const ghost = { ...update(4, 33n) };
    expectBroken(credit(3, 33n, ghost), {}, "credit.replaced.oldLeaf");
  });

  it("refuses a new account at another place, with a past, or that nobody pays", () => {
    const one = insert(3, 44n);
    const wrongPlace = {
      ...one,
      steps: [one.steps[0]!, { ...one.steps[1]!, index: one.steps[1]!.index + 1n }],
    };
    expectBroken(credit(3, 44n, wrongPlace), {}, "credit.added.index");
    expectBroken(
      credit(3, 44n, { ...one, hint: { ...one.hint, balance: 7n } }),
      {},
      "credit.isAbsent.isEmpty",
    );
    expectBroken(credit(3, 44n, { ...one, hint: { ...one.hint, nonce: 1n } }), {}, "credit.isAbsent.isEmpty");
    expectBroken(credit(3, 0n, one), {}, "credit.replaced.newLeaf");
    expectBroken(credit(3, 0n, one), {}, "tree.allClaimed");
    expectBroken(credit(3, 0n, one, { "credit.inserts": 1n }), {}, "credit.inserts");
    expectBroken(credit(3, 44n, one, {}, 0n), {}, "credit.isAbsent.active");
    expectBroken(credit(3, 44n, one, { count: 5n }), {}, "credit.replaced.newLeaf");
    expectBroken(
      credit(3, 44n, { ...one, hint: { ...one.hint, nextIndex: 99n } }),
      {},
      "credit.replaced.oldLeaf",
    );
  });

  it("refuses another amount, a skipped credit and a sum of 2^256", () => {
    expectBroken(credit(4, 34n, update(4, 33n)), {}, "credit.replaced.newLeaf");
    expectBroken(credit(4, 33n, { ...update(4, 33n), steps: [] }), {}, "tree.allClaimed");
    expectBroken(credit(4, 33n, update(4, 33n), { "credit.isNothing": 1n }), {}, "credit.isNothing.zero");
    const full = update(4, 33n);
    expectBroken(
      credit(4, 33n, { ...full, hint: { ...full.hint, balance: (1n << 256n) - 33n } }),
      {},
      "credit.credited.hi",
    );
  });
});

describe("debitAccount", () => {
  const debit = (
    fields: {
      balance?: bigint;
      required?: bigint;
      paid?: bigint;
      nonce?: bigint;
      claimed?: Partial<DebitHint>;
      result?: bigint;
    },
    lies: Record<string, Lie> = {},
    active = 1n,
  ) => {
    const {
      balance = 100n,
      required = 90n,
      paid = 60n,
      nonce = 5n,
      claimed = {},
      result = balance - paid,
    } = fields;
    const tree = new IndexedTree(new MemoryTreeStore());
    tree.insert(accountKey(address(0)), accountValueHash(rich(nonce, balance)));
    const before = { root: tree.root(), count: tree.leafCount };
    const after = { nonce: BigInt.asUintN(64, nonce + 1n), balance: BigInt.asUintN(256, result) };
    const proof = proveUpdate(tree, accountKey(address(0)), accountValueHash({ ...EMPTY_ACCOUNT, ...after }));
    const { leaf, index, siblings, valueHash } = proof;
    const step = {
      index: BigInt(index),
      oldLeaf: leafHash(leaf),
      newLeaf: leafHash({ ...leaf, valueHash }),
      siblings,
    };
    const hint = { balance, nextKey: leaf.nextKey, nextIndex: BigInt(leaf.nextIndex), ...claimed };
    return inTree(
      tree,
      active === 1n ? [step] : [],
      before,
      ({ b, list }) => {
        const key = accountKeyOf(
          b,
          b.witness("address", () => BigInt(address(0))),
          "key",
        );
        const [asked, taken] = [
          witnessWord(b, "required", () => required),
          witnessWord(b, "paid", () => paid),
        ];
        const entry = {
          active: input(b, "active", 1, active),
          key,
          nonce: input(b, "nonce", 64, nonce),
          required: [asked],
          paid: [taken],
        };
        debitAccount(b, list, entry, () => hint, "debit");
        return tree.root();
      },
      lies,
    );
  };

  it("takes what is paid and counts the nonce", () => {
    for (const fields of [
      {},
      { required: 100n, paid: 100n },
      { balance: 1n << 200n, required: 1n << 130n, paid: (1n << 129n) + 1n },
    ]) {
      const built = debit(fields);
      expectSound(built);
      expect(built.value(built.out.root)).to.equal(built.out.out);
    }
  });

  it("does nothing when it is not active", () => expectSound(debit({}, {}, 0n)));

  it("refuses what the balance does not cover", () => {
    expectBroken(debit({ required: 101n }), {}, "debit.covers.hi");
    expectBroken(debit({ paid: 101n, required: 0n }), {}, "debit.rest.hi");
    expectBroken(debit({ required: 1n << 200n }), {}, "debit.covers.hi");
  });

  it("refuses another balance, nonce or account", () => {
    expectBroken(debit({ claimed: { balance: 1_000n } }), {}, "debit.leaf.oldLeaf");
    expectBroken(debit({}, { nonce: 6n }), {}, "debit.leaf.oldLeaf");
    expectBroken(debit({}, { address: 9n }), {}, "debit.leaf.oldLeaf");
    expectBroken(debit({ result: 41n }), {}, "debit.leaf.newLeaf");
    expectBroken(debit({ nonce: (1n << 64n) - 1n }), {}, "debit.nextNonce");
  });
});
