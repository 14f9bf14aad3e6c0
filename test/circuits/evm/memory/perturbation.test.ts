/** Every kind of wire is changed, one at a time. What may change unnoticed is listed with the argument. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { mod } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import { everything, worldOf } from "./demoWorld.ts";
import { buildWorld } from "./memoryWorld.ts";

const random = new Random();
const SAMPLES = 4;

const FREE: readonly { readonly name: RegExp; readonly because: string }[] = [
  { name: /\.inverse$/, because: "of a zero: free, and the flag is fixed by the other equation" },
];
/** The pool of hashes and the stand-ins: other tests'. */
const OTHERS =
  /^(constants\.|pool\.|shift\[|codeWord\[|code\[|stream\.|literal\[|row\[|return\[|lastLog|data\[)/;

describe(`chips of memory under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  it("notice a change of any kind of wire", () => {
    const world = worldOf(everything);
    const { circuit, witness } = buildWorld(world.book.capacities, world);
    const kinds = new Map<string, number[]>();
    for (let wire = 0; wire < circuit.wireCount; wire++) {
      const kind = circuit.wireName(wire).replace(/\[\d+\]/g, "[]");
      kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
    }
    const unnoticed = new Set<string>();
    const forged = [...witness];
    for (const [kind, wires] of kinds) {
      if (OTHERS.test(kind) || FREE.some(({ name }) => name.test(kind))) continue;
      for (const wire of Array.from({ length: SAMPLES }, () => random.pick(wires))) {
        const honest = witness[wire]!;
        for (const lie of [honest ^ 1n, mod(honest + 2n ** 64n)]) {
          forged[wire] = mod(lie);
          if (check(circuit, forged, 1).broken.length === 0) unnoticed.add(circuit.wireName(wire));
        }
        forged[wire] = honest;
      }
    }
    expect([...unnoticed]).to.deep.equal([]);
  });
});
