/**
 * Wires are changed, one at a time, and the constraints asked whether they notice. What may change unnoticed is listed with the
 * argument; anything else is a hole.
 */
import { expect } from "chai";
import type { Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { mod } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import { buildSample, samplePlan, sign } from "./sample.ts";

/** A chunk with a place, a row of each kind and a block to spare. */
const PARAMETERS = {
  blocks: 3,
  ancestors: 1,
  transactions: 3,
  streamBytes: 472,
  hashRows: 8,
  dataWords: 4,
  payloadWords: 12,
  accessEntries: 3,
};
const random = new Random();

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
  { name: /^previous\.stateRoot$/, because: "of the statement: the executor's" },
  {
    name: /^transaction\[2\]\.oracle\[[45]\]\.digest\.(hi|lo)$/,
    because: "of an unused place, whose digest is a constant and whose sender acts on nothing",
  },
  { name: /^executor\.gasUsed\[2\]$/, because: "of an unused place: counted as 0" },
];

const isFree = (wire: string): boolean => FREE.some(({ name }) => name.test(wire));

describe(`evm: transactions under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  const sample = async (signers: boolean): Promise<Built> => {
    const list = [{ address: `0x${"11".repeat(20)}`, storageKeys: [`0x${"21".repeat(32)}`] }];
    const raws = [
      await sign(2, { data: `0x1234${"00".repeat(40)}56`, accessList: list }),
      await sign(0, { to: null, data: "0x600035" }, 1),
    ];
    const built = buildSample(samplePlan([[raws[0]!], [raws[1]!]]), { parameters: PARAMETERS, signers });
    expect(check(built.circuit, built.witness).broken).to.deep.equal([]);
    return built;
  };

  it("notice a change of any wire, signatures aside", async () => {
    const built = await sample(false);
    const name = (wire: number): string => built.circuit.wireName(wire);
    const changes = [(value: bigint): bigint => value ^ 1n];
    const chosen = (wire: number): boolean => !name(wire).startsWith("constants.") && !isFree(name(wire));
    expect(freeWires(built, chosen, changes)).to.deep.equal([]);
  });

  it("notice a change of any kind of wire", async () => {
    const { circuit, witness } = await sample(true);
    const kinds = new Map<string, number[]>();
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
      kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
    }
    const unnoticed: string[] = [];
    const forged = [...witness];
    for (const [kind, wires] of kinds) {
      const wire = random.pick(wires);
      if (kind.startsWith("constants.") || isFree(circuit.wireName(wire))) continue;
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
