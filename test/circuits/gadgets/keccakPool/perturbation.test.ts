import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { wireNamed } from "../../../../circuits/builder/forge.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { Random } from "../../../protocol/random.ts";
import { type PoolOptions, poolOf } from "./poolOf.ts";

const random = new Random();
const messages = [33, 136].map((length) => Uint8Array.from({ length }, (_, i) => i + 1));
/** One job, one word and one block are idle. */
const options: PoolOptions = { spare: { jobs: 1, words: 1, blocks: 1 } };
const IDLE_WORD = 7;

describe(`keccak pool under perturbation (seed ${random.seed})`, function () {
  this.timeout(120_000);

  it("notices a change of any wire, but for the inverses of zeros", () => {
    const built = poolOf(messages, options);
    for (const wire of freeWires(built)) {
      expect(wire).to.match(/\.inverse$/);
      const flag = wireNamed(built.circuit, wire.replace(/\.inverse$/, ""));
      expect(built.witness[flag], wire).to.equal(1n);
    }
  });

  /** Stronger: what follows from the changed wire is filled from the change, as a prover who means it would. */
  it("notices a lie about any kind of wire, or gives the same digests", () => {
    const honest = poolOf(messages, options);
    const kinds = new Map<string, string[]>();
    for (let wire = 0; wire < honest.circuit.wireCount; wire++) {
      const name = honest.circuit.wireName(wire);
      const kind = name.replace(/\[\d+\]/g, "[]");
      if (kind.startsWith("pool.")) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
    }
    const unnoticed: string[] = [];
    for (const names of kinds.values())
      for (const lie of [(v: bigint) => v ^ 1n, (v: bigint) => v + 2n ** 64n, () => 0n]) {
        const name = random.pick(names);
        const built = poolOf(messages, { ...options, lies: { [name]: lie } });
        const index = wireNamed(built.circuit, name);
        if (built.witness[index] === honest.witness[index]) continue;
        if (check(built.circuit, built.witness).broken.length > 0) continue;
        unnoticed.push(name);
        expect(built.out.map(built.word), name).to.deep.equal(honest.out.map(honest.word));
      }
    const idle = new RegExp(`\\.inverse$|^pool\\.word\\[${IDLE_WORD}\\]\\.byte\\[\\d+\\]$`);
    expect(unnoticed.filter((name) => !idle.test(name))).to.deep.equal([]);
  });
});
