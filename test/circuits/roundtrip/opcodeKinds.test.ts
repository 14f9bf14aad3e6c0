import { expect } from "chai";
import { mul } from "../../../circuits/builder/arithmetic.ts";
import { bitAnd, ecdsaSecp256k1 } from "../../../circuits/builder/blackBoxes.ts";
import { Builder, type Built } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { forge } from "../../../circuits/builder/forge.ts";
import { witnessU32 } from "../../../circuits/builder/ranges.ts";
import {
  type ReferenceString,
  getReferenceString,
} from "../../../proving/referenceString/referenceString.ts";
import { OPCODE_KINDS, type SignatureCase, ecdsaInputs } from "../builder/opcodeKinds.ts";
import { CircuitProver } from "./prover.ts";

/** What needs tables or tens of thousands of gates has a circuit of its own, so that the rest stays quick. */
const HEAVY = new Set(["keccak", "sha256", "ecdsa"]);
const CIRCUITS = { light: 2 ** 14 + 1, heavy: 2 ** 17 + 1 };

const buildKinds = (heavy: boolean): Built => {
  const b = new Builder();
  for (const kind of OPCODE_KINDS) if (HEAVY.has(kind.name) === heavy) kind.build(b);
  b.publicInput(b.one, "one");
  return b.finish();
};

const ABOVE_ORDER = new Uint8Array(32).fill(255);

describe("bb and the Solidity verifier agree with check", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(1_800_000);

  for (const [name, points] of Object.entries(CIRCUITS))
    describe(`on ${name} operations`, () => {
      const built = buildKinds(name === "heavy");
      let prover: CircuitProver;
      before(async () => {
        const referenceString = await getReferenceString("local", { points });
        prover = await CircuitProver.create(`${name}Kinds`, "evm-no-zk", built.circuit, referenceString);
      });

      it("accepts the good witness", async () =>
        expect(await prover.judge(built.witness)).to.equal("accepted"));

      for (const kind of OPCODE_KINDS)
        if (HEAVY.has(kind.name) === (name === "heavy"))
          for (const { wires, breaks } of kind.forgeries)
            it(`refuses the forgery of ${breaks}`, async () => {
              const forged = forge(built, wires);
              expect(check(built.circuit, forged).broken).to.have.length(1);
              const verdict = kind.bbRefuses ? "no proof" : "refused by the verifier";
              expect(await prover.judge(forged)).to.equal(verdict);
            });
    });

  describe("on what a signature check answers", () => {
    const build = (options: SignatureCase): Built => {
      const b = new Builder();
      b.publicInput(ecdsaSecp256k1(b, ecdsaInputs(b, options), "valid"), "valid");
      return b.finish();
    };
    let prover: CircuitProver;
    before(async () => {
      const referenceString = await getReferenceString("local", { points: CIRCUITS.heavy });
      prover = await CircuitProver.create("signature", "evm-no-zk", build({}).circuit, referenceString);
    });

    const cases = {
      "a good signature": [{}, 1n],
      "its high-s twin": [{ high: true }, 0n],
      "a key off the curve": [{ offCurve: true }, 0n],
      "another digest": [{ hash: new Uint8Array(32).fill(9) }, 0n],
      "a signature of a digest above the order": [{ hash: ABOVE_ORDER, signed: ABOVE_ORDER }, 1n],
      "r of zero": [{ zeroR: true }, 0n],
      "s above the order": [{ unreduced: true }, 0n],
    } as const;
    for (const [name, [options, answer]] of Object.entries(cases))
      it(`${name}: ${answer}, and nothing else`, async () => {
        const built = build(options);
        const { proof, publicInputs } = await prover.prove(built.witness);
        expect(publicInputs).to.deep.equal([answer]);
        expect(await prover.verify(proof, publicInputs)).to.equal(true);
        expect(await prover.verify(proof, [1n - answer])).to.equal(false);
      });

    it("a lie about it in the witness: bb puts its own answer over it", async () => {
      const { proof, publicInputs } = await prover.prove(forge(build({ high: true }), { valid: 1n }));
      expect(publicInputs).to.deep.equal([0n]);
      expect(await prover.verify(proof, publicInputs)).to.equal(true);
    });
  });

  describe("except where bb says less", () => {
    let referenceString: ReferenceString;
    before(async () => (referenceString = await getReferenceString("local", { points: CIRCUITS.light })));

    it("an output used nowhere is replaced in silence: only check sees the lie", async () => {
      const b = new Builder();
      const x = witnessU32(b, "x", () => 0xf0f0n);
      bitAnd(b, x, x, 32, "unused");
      b.publicInput(mul(b, x, b.one, "y"), "y");
      const built = b.finish();
      const forged = forge(built, { unused: 1n });
      expect(check(built.circuit, forged).broken).to.deep.equal([{ name: "unused", kind: "AND", op: 1 }]);
      const prover = await CircuitProver.create("unused", "evm-no-zk", built.circuit, referenceString);
      expect(await prover.judge(forged)).to.equal("accepted");
    });

    it("a public input no constraint mentions still belongs to the proof", async () => {
      const b = new Builder();
      b.publicInput(b.witness("free", () => 5n), "free"); // prettier-ignore
      b.publicInput(mul(b, b.one, b.one, "y"), "y");
      const built = b.finish();
      const prover = await CircuitProver.create("free", "evm-no-zk", built.circuit, referenceString);
      const { proof, publicInputs } = await prover.prove(built.witness);
      expect(await prover.verify(proof, publicInputs)).to.equal(true);
      expect(await prover.verify(proof, [6n, publicInputs[1]!])).to.equal(false);
    });
  });
});
