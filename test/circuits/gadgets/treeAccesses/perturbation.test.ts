/** Every kind of wire is changed, one at a time: what no constraint notices is listed with the reason, and nothing else may be. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { mod } from "../../../../protocol/field.ts";
import { planTreeAccesses } from "../../../../protocol/state/treeAccessPlan.ts";
import { Random } from "../../../protocol/random.ts";
import { accessesOf, settle, type Touched, touchedBy, treeOf } from "./workload.ts";

const random = new Random();

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  {
    name: /^tree\.top\.(node\[\]\[\]\.kept|subtree\[\])$/,
    because: "of a node that is open its hash is taken, and below one that is not nothing is",
  },
  {
    name: /^tree\.write\[\]\.(nextKey|nextIndex|valueHash)\.new$/,
    because: "of a leaf that keeps its links or its value",
  },
  {
    name: /^tree\.insertion\[\]\.(nextKey|nextIndex)\.new$/,
    because: "of a new leaf that is the last of its gap",
  },
  { name: /^tree\.append\.frontier\[\]$/, because: "of a level where the first new leaf is left" },
];

/** Fields of a touched leaf that say nothing of it. */
const isIdle = (name: string, table: readonly Touched[]): boolean => {
  const [, index, field] = /^leaf\[(\d+)\]\.(\w+)$/.exec(name) ?? [];
  const { present, isChanged, isInserted } = table[Number(index)] ?? {};
  if (field === "before" || field === "isChanged") return !present;
  if (field === "after") return !(present && isChanged) && !isInserted;
  return field === "birth" && !isInserted;
};

describe(`TreeAccesses under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  it("notices a change of any kind of wire", () => {
    const tree = treeOf([10n, 20n, 30n, 40n, 50n], random);
    const change = (key: bigint) => ({ key, valueHash: random.field(), isEmpty: false });
    const table = touchedBy(tree, [[change(20n), change(15n)], [change(35n), change(37n)]], [10n, 40n, 25n]); // prettier-ignore
    const shape = { height: 6, reads: 1, writes: 3, insertions: 3, absences: 1 };
    const plan = planTreeAccesses(tree, accessesOf(table), shape);
    const { circuit, witness } = settle({
      root: tree.root(),
      leafCount: tree.leafCount,
      shape,
      table,
      plan,
    });
    const unnoticed: string[] = [];
    const forged = [...witness];
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
      if (/^constants\.|permutation/.test(kind)) continue;
      if (FREE.some(({ name }) => name.test(kind))) continue;
      if (isIdle(circuit.wireName(wire), table)) continue;
      const honest = witness[wire]!;
      for (const lie of [honest ^ 1n, mod(honest + 2n ** 64n)]) {
        forged[wire] = mod(lie);
        if (check(circuit, forged, 1).broken.length === 0) unnoticed.push(circuit.wireName(wire));
      }
      forged[wire] = honest;
    }
    expect(unnoticed).to.deep.equal([]);
  });
});
