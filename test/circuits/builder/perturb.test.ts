import { expect } from "chai";
import { isZero, mul } from "../../../circuits/builder/arithmetic.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import { freeWires } from "../../../circuits/builder/perturb.ts";
import { OPCODE_KINDS } from "./opcodeKinds.ts";

describe("one changed wire", () => {
  /** What those circuits leave open on purpose: any cell will do, and more than one x has the same x & y. */
  const open: Record<string, string[]> = {
    ramRead: ["ramRead.index"],
    ramIndex: ["ramIndex.index"],
    and: ["and.x", "and.y"],
  };

  for (const kind of OPCODE_KINDS)
    it(`of ${kind.name} is noticed`, () => {
      const b = new Builder();
      kind.build(b);
      expect(freeWires(b.finish())).to.deep.equal(open[kind.name] ?? []);
    }).timeout(20_000);

  it("is not noticed where it changes nothing: the inverse of zero", () => {
    const b = new Builder();
    const x = b.witness("x", () => 0n);
    b.assertZero([], [[1n, x]], 0n, "x is 0");
    isZero(b, x, "zero");
    expect(freeWires(b.finish())).to.deep.equal(["zero.inverse"]);
  });

  it("is told by name when it is a hole", () => {
    const b = new Builder();
    b.scope("row", () => {
      const [x, y] = [b.witness("x", () => 0n), b.witness("y", () => 7n)];
      mul(b, x, y, "product");
    });
    expect(freeWires(b.finish())).to.deep.equal(["row.y"]);
  });
});
