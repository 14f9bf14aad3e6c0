/** What a prover may try: each lie is told consistently as far as it goes, and fails at the constraint that is there for it. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { FIELD_MODULUS } from "../../../../protocol/field.ts";
import type { Field } from "../../../../protocol/field.ts";
import { type StateChange } from "../../../../protocol/state/changes.ts";
import type { IndexedTree } from "../../../../protocol/state/indexedTree.ts";
import { planTreeAccesses, type TreeAccessPlan } from "../../../../protocol/state/treeAccessPlan.ts";
import type { TreeAccessShape } from "../../../../protocol/state/treeAccessShape.ts";
import { Random } from "../../../protocol/random.ts";
import { expectSound } from "../../builder/expectBroken.ts";
import { type Lie, LyingBuilder } from "../lyingBuilder.ts";
import { accessesOf, settle, type Touched, touchedBy, treeOf, UNUSED } from "./workload.ts";

const random = new Random();
const change = (key: Field, valueHash: Field, isEmpty = false): StateChange => ({ key, valueHash, isEmpty });
const SHAPE: TreeAccessShape = { height: 6, reads: 3, writes: 5, insertions: 4, absences: 2 };
/** Numbers of the places. */
const [WRITES, INSERTIONS, ABSENCES] = [3, 8, 12];

/** Updates 20, inserts 15 in the first transaction and 35, 37 in the second; reads 10 and 40, and that 25 is absent. */
const HONEST = {
  keys: [10n, 20n, 30n, 40n, 50n],
  transactions: [
    [change(20n, 222n), change(15n, 150n)],
    [change(37n, 370n), change(35n, 350n)],
  ],
  reads: [10n, 40n, 25n],
};

interface Lies {
  /** What the prover's plan is made from, the table when not given. */
  readonly planned?: (table: Touched[]) => Touched[];
  readonly plan?: (plan: TreeAccessPlan) => TreeAccessPlan;
  /** What the chunk says it touched. */
  readonly table?: (table: Touched[]) => Touched[];
  readonly leafCount?: (honest: number) => number;
  readonly root?: Field;
  readonly wires?: Record<string, Lie>;
  readonly scenario?: { keys: Field[]; transactions: StateChange[][]; reads: Field[] };
  readonly shape?: TreeAccessShape;
  /** What the plan is made for. */
  readonly planShape?: TreeAccessShape;
}

function brokenBy(lies: Lies): string[] {
  const { keys, transactions, reads } = lies.scenario ?? HONEST;
  const tree: IndexedTree = treeOf(keys, new Random("lies"));
  const honest = touchedBy(tree, transactions, reads);
  const shape = lies.shape ?? SHAPE;
  const plan = planTreeAccesses(tree, accessesOf(lies.planned?.(honest) ?? honest), lies.planShape ?? shape);
  const builder = new LyingBuilder(lies.wires ?? {});
  const built = settle(
    {
      ...{ root: lies.root ?? tree.root(), leafCount: lies.leafCount?.(tree.leafCount) ?? tree.leafCount },
      ...{ shape, table: lies.table?.(honest) ?? honest, plan: lies.plan?.(plan) ?? plan },
    },
    builder,
  );
  expect([...builder.told].sort()).to.deep.equal(Object.keys(lies.wires ?? {}).sort());
  return [...new Set(check(built.circuit, built.witness, 1000).broken.map(({ name }) => name))];
}

/** These constraints break and no other. */
function refuses(lies: Lies, ...names: string[]): void {
  expect(brokenBy(lies).map(withoutEntry)).to.have.members(names);
}
/** This constraint breaks, among others. */
function refusesAt(lies: Lies, name: string): void {
  expect(brokenBy(lies).map(withoutEntry)).to.include(name);
}
/** Which entry of the table it is does not matter. */
const withoutEntry = (name: string): string => name.replace(/^leaf\[\d+\]/, "leaf[]");

const only =
  (key: Field, change: Partial<Touched>) =>
  (table: Touched[]): Touched[] =>
    table.map((one) => (one.key === key ? { ...one, ...change } : one));
const without =
  (key: Field) =>
  (table: Touched[]): Touched[] =>
    table.filter((one) => one.key !== key);
const twice =
  (key: Field) =>
  (table: Touched[]): Touched[] => [...table, table.find((one) => one.key === key)!];
const placed = (plan: TreeAccessPlan, ...places: [Field, number][]): TreeAccessPlan => ({
  ...plan,
  places: new Map([...plan.places, ...places]),
});
const at = <T>(list: readonly T[], i: number, change: (item: T) => Partial<T>): T[] =>
  list.map((item, n) => (n === i ? { ...item, ...change(item) } : item));

describe("TreeAccesses against lies", () => {
  it("takes the truth", () => {
    expect(brokenBy({})).to.deep.equal([]);
    expect(brokenBy({ table: (table) => [UNUSED, ...table] })).to.deep.equal([]);
    expectSound(settleHonest());
  });

  const settleHonest = () => {
    const tree = treeOf(HONEST.keys, random);
    const table = touchedBy(tree, HONEST.transactions, HONEST.reads);
    const plan = planTreeAccesses(tree, accessesOf(table), SHAPE);
    return settle({ root: tree.root(), leafCount: tree.leafCount, shape: SHAPE, table, plan });
  };

  it("refuses changes that nobody asked for", () => {
    refuses({ table: without(15n) }, "tree.insertions.allClaimed");
    refuses({ table: without(20n) }, "tree.updates.allClaimed");
    // The chunk read it, or did not touch it at all, and the prover changes it.
    refusesAt({ table: only(20n, { isChanged: false }) }, "tree.updates.allClaimed");
    refuses({ table: only(20n, { isChanged: false }) }, "leaf[].claim.isAfter", "leaf[].claim.isKind", "tree.updates.allClaimed"); // prettier-ignore
    refusesAt({ table: only(15n, { isInserted: false }) }, "tree.insertions.allClaimed");
    // A link to a leaf that is not there.
    const scenario = { ...HONEST, transactions: [[change(20n, 222n)]] };
    const dangling = (plan: TreeAccessPlan): TreeAccessPlan => ({
      ...plan,
      writes: at(plan.writes, 0, ({ after }) => ({
        isLinked: true,
        after: { ...after, nextKey: 21n, nextIndex: 6 },
      })),
    });
    refuses({ scenario, plan: dangling }, "tree.links.allNew");
  });

  it("refuses changes that were asked for and not made", () => {
    const forget = (key: Field) => (table: Touched[]) => only(key, { isChanged: false, isInserted: false })(table); // prettier-ignore
    refuses({ planned: forget(20n) }, "leaf[].claim.isAfter", "leaf[].claim.isKind", "tree.updates.allClaimed"); // prettier-ignore
    // Shown absent instead.
    refuses({ planned: forget(35n) }, "leaf[].claim.isAfter", "leaf[].claim.isKind", "tree.insertions.allClaimed"); // prettier-ignore
    refusesAt({ planned: without(15n) }, "leaf[].claim.isKey");
  });

  it("refuses that one place serves twice", () => {
    refuses({ table: twice(20n) }, "tree.updates.allClaimed");
    refuses({ table: twice(15n) }, "tree.insertions.allClaimed");
    // One claim twice for another that is missing: the caller's distinct keys are what excludes it.
    const swap = (table: Touched[]) => table.map((one) => (one.key === 35n ? table.find(({ key }) => key === 37n)! : one)); // prettier-ignore
    expect(brokenBy({ table: swap })).to.deep.equal([]);
    // With distinct keys the second claim has another key than the place.
    const steal = (plan: TreeAccessPlan) => placed(plan, [35n, INSERTIONS + 2]);
    refuses({ plan: steal }, "leaf[].claim.isKey", "leaf[].claim.isAfter");
  });

  it("refuses values that are not in the tree before, and values after that are not those claimed", () => {
    const tree = treeOf(HONEST.keys, new Random("lies"));
    refuses({ table: only(10n, { before: 1n }) }, "leaf[].claim.isBefore");
    refuses({ table: only(20n, { before: 222n }) }, "leaf[].claim.isBefore");
    refuses({ table: only(20n, { after: 223n }) }, "leaf[].claim.isAfter");
    refuses({ table: only(35n, { after: 351n }) }, "leaf[].claim.isAfter");
    const stale = (index: number, valueHash: Field) => (plan: TreeAccessPlan) => ({
      ...plan,
      reads: plan.reads.map((read) => (read.index === index ? { ...read, leaf: { ...read.leaf, valueHash } } : read)), // prettier-ignore
    });
    expect(tree.locate(40n).index).to.equal(4);
    refuses({ plan: stale(4, 9n), table: only(40n, { before: 9n }) }, "tree.read[0].isInTree");
    refusesAt({ wires: { "tree.write[1].valueHash": 9n }, table: only(20n, { before: 9n }) }, "tree.write[1].isInTree"); // prettier-ignore
    // The value after an update, read from a second opening: the tree's leaf of the update's turn.
    const again = (plan: TreeAccessPlan): TreeAccessPlan => {
      const [ten, twenty, thirty] = plan.writes as [TreeAccessPlan["writes"][0], TreeAccessPlan["writes"][0], TreeAccessPlan["writes"][0]]; // prettier-ignore
      const opened = { ...twenty, leaf: twenty.after, isUpdated: false };
      return placed({ ...plan, writes: [ten, twenty, opened, thirty], insertions: plan.insertions.map((one) => (one.predecessor === 2 ? { ...one, predecessor: 3 } : one)) }, [20n, WRITES + 2]); // prettier-ignore
    };
    refuses({ plan: again, table: only(20n, { before: 222n, isChanged: false }) }, "tree.write[2].later", "tree.updates.allClaimed"); // prettier-ignore
  });

  it("refuses to change a leaf twice, or leaves out of order", () => {
    const swapped = (plan: TreeAccessPlan): TreeAccessPlan => {
      const [ten, twenty, thirty] = plan.writes as [TreeAccessPlan["writes"][0], TreeAccessPlan["writes"][0], TreeAccessPlan["writes"][0]]; // prettier-ignore
      return { ...plan, writes: [twenty, ten, thirty] };
    };
    refusesAt({ plan: swapped }, "tree.write[1].later");
    refusesAt({ wires: { "tree.write[1].turn[0]": 1n } }, "tree.write[1].isInTree");
    refusesAt({ wires: { "tree.write[1].subtree": 2n } }, "tree.write[1].isInTree");
    refusesAt({ wires: { "tree.write[1].subtree": 99n } }, "tree.write[1].isInTree.now");
    refusesAt({ wires: { "tree.read[0].subtree": 99n } }, "tree.read[0].isInTree");
  });

  it("refuses to insert a key that is present", () => {
    const present = { ...HONEST, transactions: [[change(45n, 1n)]], reads: [] };
    const claims: Partial<Touched> = { key: 40n };
    const forged = (low: Field, wires: Record<string, Lie> = {}): Lies => ({
      scenario: { ...present, reads: low === 30n ? [30n] : [] },
      table: only(45n, claims),
      plan: (plan) => {
        const predecessor = plan.writes.findIndex(({ leaf }) => leaf.key === low);
        const linked = plan.writes.map((write) =>
          write.leaf.key === low
            ? { ...write, isLinked: true, after: { ...write.after, nextKey: 40n, nextIndex: 6 } }
            : write,
        );
        const gap = linked[predecessor]!.leaf;
        const insertions = at(plan.insertions, 0, ({ leaf }) => ({ leaf: { ...leaf, key: 40n, nextKey: gap.nextKey, nextIndex: gap.nextIndex }, predecessor, gap })); // prettier-ignore
        return placed({ ...plan, writes: linked, insertions }, [40n, INSERTIONS]);
      },
      wires,
    });
    // After its own leaf: not above it.
    refusesAt(forged(40n), "tree.insertion[0].gap.aboveLow.high");
    // After the leaf below: not below the next.
    const below: Lies = { ...forged(30n), shape: { ...SHAPE, reads: 0 } };
    refusesAt({ ...below, plan: (plan) => ({ ...forged(30n).plan!(plan), places: new Map([[40n, INSERTIONS - WRITES], [30n, 0]]) }) }, "tree.insertion[0].gap.belowNext.high"); // prettier-ignore
    // With another end of the gap than the leaf has.
    refusesAt({ wires: { "tree.insertion[0].gapKey": 0n } }, "tree.insertion[0].sameGapKey");
    refusesAt({ wires: { "tree.insertion[0].gapIndex": 9n } }, "tree.insertion[0].sameGapIndex");
    // Claimed by one that says it is there.
    refusesAt({ table: only(15n, { present: true, before: 0n }) }, "leaf[].claim.inserted.isAbsent");
    refuses({ table: only(15n, { present: true, isInserted: false, isChanged: true, before: 0n }) }, "leaf[].claim.isKind", "tree.updates.allClaimed", "tree.insertions.allClaimed"); // prettier-ignore
  });

  it("refuses an absence of a key that is present", () => {
    const claims = { ...HONEST, reads: [10n, 40n, 25n, 50n] };
    const absent = (low: number): Lies => ({
      scenario: claims,
      table: only(50n, { present: false, before: 0n }),
      plan: (plan) => placed({ ...plan, absences: [...plan.absences, { key: 50n, low }] }, [50n, ABSENCES + 1]), // prettier-ignore
    });
    const fifty = 1; // reads: 40, 50
    refuses(absent(fifty), "tree.absence[1].gap.aboveLow.high");
    refuses(absent(0), "tree.absence[1].gap.belowNext.high");
    // The leaf that opens nothing, and places that are no old leaves.
    refuses(absent(2), "tree.absence[1].gap.belowNext.high");
    refusesAt(absent(INSERTIONS), "tree.absence[1].low.nextKey");
    refusesAt(absent(ABSENCES), "tree.absence[1].low.nextKey");
    // Claimed by one that says it is there, and the other way round.
    refuses({ table: only(25n, { present: true, before: 0n }) }, "leaf[].claim.isKind");
    refuses({ table: only(40n, { present: false }) }, "leaf[].claim.isBefore", "leaf[].claim.isKind");
    refuses({ wires: { "tree.absence[0].active": 0n } }, "leaf[].claim.isKind");
  });

  it("refuses integers that are a key's residue but not the key", () => {
    // 25 + p is above 20 and would be above any next key but p itself; 30 + p as the end of the gap leaves room for all.
    const split = (x: bigint) => [x >> 128n, x & ((1n << 128n) - 1n)] as const;
    const as = (name: string, x: bigint): Record<string, Lie> => ({
      [`tree.absence[0].gap.${name}.hi`]: split(x)[0],
      [`tree.absence[0].gap.${name}.lo`]: split(x)[1],
    });
    refuses({ wires: as("key", 25n + FIELD_MODULUS) }, "tree.absence[0].gap.belowNext.high");
    refuses({ wires: as("low", 20n + FIELD_MODULUS) }, "tree.absence[0].gap.aboveLow.high");
    refuses({ wires: as("next", 30n + FIELD_MODULUS) }, "tree.absence[0].gap.next.limit.high");
    refuses({ wires: as("next", 31n) }, "tree.absence[0].gap.next.split");
  });

  it("refuses another order of insertions, and another birth", () => {
    const reborn = (key: Field, birth: number) => only(key, { birth });
    // Told of the plan alone: the table's birth is not that of the place.
    refuses({ planned: reborn(15n, 2) }, "leaf[].claim.isKind");
    refuses({ table: reborn(15n, 2) }, "leaf[].claim.isKind");
    // The leaves in another order, with their own births: by birth and within one by key.
    refuses({ planned: reborn(15n, 3), wires: { "tree.insertion[2].birth": 1n } }, "tree.insertion[2].later.high"); // prettier-ignore
    refuses({ planned: reborn(35n, 3), wires: { "tree.insertion[2].birth": 2n } }, "tree.insertion[2].later.high"); // prettier-ignore
    refusesAt({ wires: { "tree.insertion[0].birth": 1n << 16n } }, "tree.insertion[0].birth");
  });

  it("refuses links that do not lead to the next key", () => {
    const link = (wires: Record<string, Lie>, name: string) => refusesAt({ wires }, name);
    link({ "tree.write[0].nextKey.new": 16n }, "tree.insertion[0].isLinkedByKey");
    link({ "tree.write[0].nextIndex.new": 7n }, "tree.insertion[0].isLinkedByIndex");
    link({ "tree.write[0].isLinked": 0n }, "tree.insertion[0].isLinkedByKey");
    link({ "tree.insertion[1].nextKey.new": 36n }, "tree.insertion[2].isLinkedByKey");
    link({ "tree.insertion[1].isLinked": 0n }, "tree.insertion[2].isLinkedByKey");
    link({ "tree.insertion[3].isLinked": 1n }, "tree.insertion[3].isLinked.active");
    link({ "tree.insertion[0].predecessor": 5n }, "tree.insertion[0].isLinkedByKey");
    link({ "tree.insertion[0].predecessor": 99n }, "tree.insertion[0].linkKey");
  });

  it("refuses an update after an insertion: what is new is not in the tree before", () => {
    // 15 is inserted, and then said to be present and updated.
    refuses({ table: (table) => [...table, { ...only(15n, { present: true, before: 150n, isInserted: false })(table).find(({ key }) => key === 15n)! }] }, "leaf[].claim.isBefore", "leaf[].claim.isKind", "tree.updates.allClaimed"); // prettier-ignore
    // The new leaf among those written, at its place and its turn.
    const written = (plan: TreeAccessPlan): TreeAccessPlan => {
      const { leaf } = plan.insertions[0]!;
      const siblings = plan.frontier.slice(0, plan.writes[0]!.siblings.length);
      return { ...plan, writes: [...plan.writes, { index: 6, leaf, siblings, after: { ...leaf, valueHash: 1n }, isUpdated: true, isLinked: false }] }; // prettier-ignore
    };
    refusesAt({ plan: written }, "tree.write[3].isInTree");
  });

  it("refuses another leaf count, another root, places taken out of turn", () => {
    // Fewer: the place is not unused. (More than the tree has is the state root's to exclude.)
    refusesAt({ leafCount: (count) => count - 1 }, "tree.append.frontier.isRoot");
    refusesAt({ root: 1n }, "tree.previous.isRoot");
    refusesAt({ wires: { "tree.append.frontier[1]": 1n } }, "tree.append.frontier.isRoot");
    refusesAt({ wires: { "tree.append.turn[0]": 1n } }, "tree.append.turn.sum");
    refusesAt({ wires: { "tree.insertion[1].active": 0n } }, "tree.insertion[2].active.prefix");
    refusesAt({ wires: { "tree.insertion[2].active": 0n } }, "tree.insertions.allClaimed");
  });

  it("refuses a tree that outgrows its height", () => {
    const keys = Array.from({ length: 62 }, (_, i) => BigInt(10 * (i + 1)));
    const scenario = { keys, transactions: [[change(15n, 1n)]], reads: [] };
    // 63 leaves and one more fit. A second is linked after it and appended at 64, where no level is left.
    const more: Touched = { key: 16n, active: true, present: false, before: 0n, after: 2n, isChanged: true, isInserted: true, birth: 1 }; // prettier-ignore
    const grown = (plan: TreeAccessPlan): TreeAccessPlan => {
      const [first] = plan.insertions as [TreeAccessPlan["insertions"][0]];
      const second = {
        ...first,
        leaf: { ...first.leaf, key: 16n, valueHash: 2n },
        predecessor: SHAPE.writes,
      };
      const linked = { ...first, isLinked: true, leaf: { ...first.leaf, nextKey: 16n, nextIndex: 64 } };
      return placed({ ...plan, insertions: [linked, second] }, [16n, INSERTIONS + 1]);
    };
    refuses({ scenario, plan: grown, table: (table) => [...table, more] }, "tree.append.room");
    // A tree of more leaves than the height has: what is beyond is not unused.
    const full = { keys: Array.from({ length: 65 }, (_, i) => BigInt(i + 1)), transactions: [], reads: [5n] };
    refusesAt({ scenario: full, planShape: { ...SHAPE, height: 7 } }, "tree.previous.isRoot");
  });

  it("refuses openings that no open node leads to", () => {
    const closed = "tree.top.node[1][0].isOpen";
    refusesAt({ wires: { [closed]: 0n } }, "tree.read[0].isInTree");
    refusesAt({ wires: { "tree.top.node[2][0].isOpen": 0n } }, "tree.top.node[1][0].isOpen.parent");
    refusesAt({ wires: { "tree.top.subtree[0]": 5n } }, "tree.previous.isRoot");
    refusesAt({ wires: { "tree.top.node[1][1].kept": 5n } }, "tree.previous.isRoot");
  });
});
