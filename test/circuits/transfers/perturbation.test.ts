/**
 * Every kind of wire is changed, one at a time, and the constraints asked whether they notice. What may change unnoticed is
 * listed with the argument; anything else is a hole.
 */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { mod } from "../../../protocol/field.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { planTransfers } from "../../../circuits/programs/transfers/plan.ts";
import { Random } from "../../protocol/random.ts";
import { addressOf, DemoChain } from "./demoChain.ts";

const PARAMETERS = { transfers: 2, blocks: 2, depth: 32 };
const random = new Random();

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
  {
    name: /^transfer\[\]\.credit\[\]\.lowValueHash$/,
    because:
      "of a credit to an account that is there: its own value is hashed instead (lies.test.ts has the other)",
  },
];

/** Wires of an unused part: in no state, no hash and no public input. */
const UNUSED: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /^byte\[\]$/, because: "after the last transfer: hashed and read by nothing" },
];

describe(`transfers under perturbation (seed ${random.seed})`, function () {
  this.timeout(300_000);

  it("notices a change of any kind of wire", async () => {
    const blocks = [{ transfers: [{ from: 0, to: addressOf(1), value: 5n }] }];
    const { plan } = planTransfers(PARAMETERS, await new DemoChain().input(blocks));
    const { circuit, witness } = buildTransfers(PARAMETERS, plan);
    const kinds = new Map<string, number[]>();
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
      kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
    }
    const unnoticed: string[] = [];
    const forged = [...witness];
    for (const [kind, wires] of kinds) {
      if (kind.startsWith("constants.") || [...FREE, ...UNUSED].some(({ name }) => name.test(kind))) continue;
      const wire = random.pick(wires);
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
