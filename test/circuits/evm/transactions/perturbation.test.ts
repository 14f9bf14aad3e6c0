/**
 * Every kind of wire is changed, one at a time, and the constraints asked whether they notice. What may change unnoticed is listed
 * with the argument; anything else is a hole.
 */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { mod } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import { buildSample, samplePlan, sign } from "./sample.ts";

const PARAMETERS = {
  blocks: 2,
  ancestors: 1,
  transactions: 2,
  streamBytes: 480,
  hashRows: 8,
  dataWords: 4,
  payloadWords: 12,
  accessEntries: 3,
};
const random = new Random();

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
];

/** Wires that decide nothing where they stand. */
const UNUSED: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /^previous\.stateRoot$/, because: "of the statement: the executor's" },
  {
    name: /^(dataWord|payloadWord|accessEntry)\[\d+\]\.owner$/,
    because: "of a row that is not active: nothing is read from it",
  },
];

describe(`evm: transactions under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  it("notice a change of any kind of wire", async () => {
    const list = [{ address: `0x${"11".repeat(20)}`, storageKeys: [`0x${"21".repeat(32)}`] }];
    const raws = [
      await sign(2, { data: `0x1234${"00".repeat(40)}56`, accessList: list }),
      await sign(0, { to: null, data: "0x600035" }, 1),
    ];
    const { circuit, witness } = buildSample(samplePlan([[raws[0]!], [raws[1]!]]), {
      parameters: PARAMETERS,
    });
    expect(check(circuit, witness).broken).to.deep.equal([]);
    const kinds = new Map<string, number[]>();
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
      kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
    }
    const unnoticed: string[] = [];
    const forged = [...witness];
    for (const [kind, wires] of kinds) {
      if (kind.startsWith("constants.") || FREE.some(({ name }) => name.test(kind))) continue;
      for (const wire of new Set([random.pick(wires), random.pick(wires)])) {
        const honest = witness[wire]!;
        for (const lie of [honest ^ 1n, mod(honest + 2n ** 64n)]) {
          forged[wire] = mod(lie);
          if (check(circuit, forged, 1).broken.length === 0) unnoticed.push(circuit.wireName(wire));
        }
        forged[wire] = honest;
      }
    }
    expect(unnoticed.filter((wire) => !UNUSED.some(({ name }) => name.test(wire)))).to.deep.equal([]);
  });
});
