import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { assertDigits, joinDigits } from "../../../circuits/builder/digits.ts";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { constantBits, witnessBool, witnessU16, witnessU8 } from "../../../circuits/builder/ranges.ts";
import type { Wire } from "../../../circuits/builder/wire.ts";
import { expectCode } from "./expectCode.ts";

const LOW = { at: 0, bits: 10 } as const;
const HIGH = { at: 10, bits: 18 } as const;

/** x - y in the low place, s * u - u in the high one. */
function compared(low: bigint, high: bigint, [x, y, s, u]: readonly [bigint, bigint, bigint, bigint]) {
  const b = new Builder();
  const [first, second] = [witnessU8(b, "x", () => x), witnessU8(b, "y", () => y)];
  const [bit, wide] = [witnessBool(b, "s", () => s), witnessU16(b, "u", () => u)];
  const whole = b.constant(joinDigits([{ ...LOW, value: low }, { ...HIGH, value: high }])); // prettier-ignore
  const digits = [
    { ...LOW, terms: [[1n, first], [-1n, second]] as const },
    { ...HIGH, products: [[1n, bit, wide]] as const, terms: [[-1n, wide]] as const },
  ]; // prettier-ignore
  assertDigits(b, digits, whole, "digits");
  return b.finish();
}

describe("digits", () => {
  const isSatisfied = (...given: Parameters<typeof compared>): boolean => {
    const { circuit, witness } = compared(...given);
    return check(circuit, witness).broken.length === 0;
  };

  it("hold where every form is its digit, negative ones too", () => {
    expect(isSatisfied(-200n, -40_000n, [55n, 255n, 0n, 40_000n])).to.equal(true);
    expect(isSatisfied(255n, 0n, [255n, 0n, 1n, 40_000n])).to.equal(true);
  });

  it("do not borrow from one another", () => {
    // -200 = 824 - 1024: a form of 10 bits could be no 824.
    for (const [low, high] of [
      [-200n, -39_999n],
      [-199n, -40_000n],
      [200n, -40_000n],
      [-200n, 40_000n],
    ] as const)
      // prettier-ignore
      expect(isSatisfied(low, high, [55n, 255n, 0n, 40_000n])).to.equal(false);
  });

  it("are all determined: of all forms only those with its digits have a sum", () => {
    const bits = { at: 0, bits: 4 };
    const sums = new Map<bigint, string>();
    for (let x = -7n; x <= 7n; x++)
      for (let y = -7n; y <= 7n; y++) {
        const sum = joinDigits([{ ...bits, value: x }, { at: 4, bits: 4, value: y }]); // prettier-ignore
        expect(sums.get(sum), `${x} ${y}`).to.equal(undefined);
        sums.set(sum, `${x} ${y}`);
      }
  });

  it("refuse a form that could leave its place, and places that overlap or are too high", () => {
    const b = new Builder("shape");
    const x = witnessU8(b, "x", () => 0n);
    const whole = constantBits(b, 1, 0n);
    const of = (terms: readonly (readonly [bigint, Wire])[], at: number, bits: number) => ({
      at,
      bits,
      terms,
    });
    const fault = { code: "BOUND_TOO_LARGE", where: "d", wire: x.index, max: 256n, bits: 9 } as const;
    expectCode(() => assertDigits(b, [{ ...of([[1n, x]], 0, 9), constant: -1n }], whole, "d"), fault); // prettier-ignore
    expectCode(() => assertDigits(b, [of([[1n, x]], 0, 10), of([[1n, x]], 9, 10)], whole, "d"), { code: "FIELDS_OVERLAP", where: "d", at: 9, previousEnd: 10 }); // prettier-ignore
    expectCode(() => assertDigits(b, [of([[1n, x]], 243, 10)], whole, "d"), { code: "KEY_TOO_WIDE", where: "d", bits: 253, limit: 252 }); // prettier-ignore
    expect(() => joinDigits([{ at: 0, bits: 4, value: 8n }])).to.throw(RangeError);
  });

  it("rely on bounds that the lint proves: a cast is found", () => {
    const b = new Builder("shape");
    const [x, free] = [witnessU8(b, "x", () => 0n), b.witness("free", () => 0n)];
    assertDigits(b, [{ ...LOW, terms: [[1n, x], [-1n, { index: free.index, max: 255n }]] }], b.zero, "digits"); // prettier-ignore
    const faults = lintBounds(b.finish().circuit).faults.map(({ problem, where }) => `${problem} ${where}`);
    expect(faults).to.deep.equal(["CLAIM_NOT_PROVEN free"]);
  });
});
