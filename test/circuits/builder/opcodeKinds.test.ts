import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { recursiveAggregation } from "../../../circuits/builder/blackBoxes.ts";
import { expectBroken, expectSound } from "./expectBroken.ts";
import { OPCODE_KINDS } from "./opcodeKinds.ts";

describe("check", () => {
  for (const kind of OPCODE_KINDS)
    describe(kind.name, () => {
      const b = new Builder();
      kind.build(b);
      const built = b.finish();

      it("accepts the good witness", () => expectSound(built));

      for (const { wires, breaks } of kind.forgeries)
        it(`names ${breaks} when ${Object.keys(wires).join(", ")} is forged`, () =>
          expectBroken(built, wires, breaks));
    });

  it("stops at the first broken constraint and says its kind and place", () => {
    const b = new Builder();
    OPCODE_KINDS.slice(0, 3).forEach((kind) => kind.build(b));
    const { circuit, witness } = b.finish();
    const forged = witness.map((value) => value + 1n);
    expect(check(circuit, forged).broken).to.deep.equal([
      { name: "assertZero.z", kind: "ASSERT_ZERO", op: 0 },
    ]);
  });

  it("says which recursive verifications it did not recompute", () => {
    const b = new Builder();
    const zeros = (name: string, count: number) => b.witnesses(name, count, () => []);
    const inputs = { key: zeros("key", 115), proof: zeros("proof", 410), publicInputs: zeros("inputs", 15) };
    b.scope("left", () => recursiveAggregation(b, { ...inputs, keyHash: b.one }, "verify"));
    const { circuit, witness } = b.finish();
    expect(check(circuit, witness)).to.deep.equal({ broken: [], notRecomputed: ["left.verify"] });
  });
});
