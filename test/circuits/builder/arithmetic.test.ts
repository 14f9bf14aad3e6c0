import { expect } from "chai";
import * as arithmetic from "../../../circuits/builder/arithmetic.ts";
import * as bool from "../../../circuits/builder/bool.ts";
import { Builder } from "../../../circuits/builder/builder.ts";
import { assertAtMost, assertLess, isLess, toBits } from "../../../circuits/builder/compare.ts";
import * as ranges from "../../../circuits/builder/ranges.ts";
import { type Bool, MAX_FIELD, type U32, type U64, type Wire } from "../../../circuits/builder/wire.ts";
import { brokenBy } from "../../../circuits/builder/forge.ts";
import { expectCode } from "./expectCode.ts";
import { expectBroken, expectSound } from "./expectBroken.ts";

const FIELDS = [0n, 1n, 2n, 1n << 64n, 1n << 253n, MAX_FIELD - 1n, MAX_FIELD];
const U64S = [0n, 1n, 2n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 2n, (1n << 64n) - 1n];
const pairs = <T>(values: readonly T[]): [T, T][] => values.flatMap((x) => values.map((y): [T, T] => [x, y]));

/** The value `body` makes of two inputs; the circuit must hold. */
function result<T extends Wire>(
  inputs: [bigint, bigint],
  type: (b: Builder, x: Wire) => T,
  body: (b: Builder, x: T, y: T) => Wire,
) {
  const b = new Builder();
  const [x, y] = inputs.map((value, i) =>
    type(
      b,
      b.witness(`in[${i}]`, () => value),
    ),
  ) as [T, T];
  const out = body(b, x, y);
  const built = b.finish();
  expectSound(built);
  const value = built.witness[out.index]!;
  expect(value <= out.max, "the bound holds").to.equal(true);
  return value;
}
const field = (_: Builder, x: Wire) => x;
const u64 = (b: Builder, x: Wire): U64 => ranges.assertBits(b, x, 64, "range");
const bit = (b: Builder, x: Wire): Bool => ranges.assertBits(b, x, 1, "bool");
const p = MAX_FIELD + 1n;

describe("arithmetic", () => {
  it("equals the native functions on edge values", () => {
    for (const [x, y] of pairs(FIELDS)) {
      expect(result([x, y], field, (b, l, r) => arithmetic.add(b, l, r, "out"))).to.equal((x + y) % p);
      expect(result([x, y], field, (b, l, r) => arithmetic.sub(b, l, r, "out"))).to.equal((x - y + p) % p);
      expect(result([x, y], field, (b, l, r) => arithmetic.mul(b, l, r, "out"))).to.equal((x * y) % p);
      expect(result([x, y], field, (b, l, r) => arithmetic.isEqual(b, l, r, "out"))).to.equal(
        BigInt(x === y),
      );
      expect(result([x, y], field, (b, l) => arithmetic.isZero(b, l, "out"))).to.equal(BigInt(x === 0n));
      expect(result([x, y], field, (b, l, r) => arithmetic.mux(b, b.one, l, r, "out"))).to.equal(x);
      expect(result([x, y], field, (b, l, r) => arithmetic.mux(b, b.zero, l, r, "out"))).to.equal(y);
    }
  });

  it("states a bound only where nothing can wrap", () => {
    const b = new Builder("shape");
    const [x, wide] = [ranges.witnessU64(b, "x", () => 0n), ranges.witnessBits(b, 253, "wide", () => 0n)];
    const max = (1n << 64n) - 1n;
    expect(arithmetic.add(b, x, x, "sum").max).to.equal(2n * max);
    expect(arithmetic.mul(b, x, x, "product").max).to.equal(max * max);
    expect(arithmetic.sub(b, x, x, "difference").max).to.equal(MAX_FIELD);
    expect(arithmetic.add(b, wide, wide, "sum").max).to.equal(MAX_FIELD);
    expect(arithmetic.mul(b, wide, x, "product").max).to.equal(MAX_FIELD);
  });

  it("enforces equality, constants and inequality with zero, each by name", () => {
    const b = new Builder();
    const [x, s] = [b.witness("x", () => 5n), ranges.witnessBool(b, "s", () => 1n)];
    const y = b.witness("y", () => 5n);
    arithmetic.assertEqual(b, x, y, "equal");
    arithmetic.assertEqualIf(b, s, x, y, "equal if s");
    arithmetic.assertConstant(b, x, 5n, "five");
    arithmetic.assertNotZero(b, y, "not zero");
    const built = b.finish();
    expectSound(built);
    expect(brokenBy(built, { y: 6n, s: 0n }).map(({ name }) => name)).to.deep.equal(["equal", "not zero"]);
    expectBroken(built, { y: 6n }, "equal if s");
    expectBroken(built, { x: 6n }, "five");
    expectBroken(built, { y: 0n }, "not zero");
  });
});

describe("booleans", () => {
  it("have the truth tables of their names", () => {
    for (const [x, y] of pairs([0n, 1n])) {
      expect(result([x, y], bit, (b, l, r) => bool.and(b, l, r, "out"))).to.equal(x & y);
      expect(result([x, y], bit, (b, l, r) => bool.or(b, l, r, "out"))).to.equal(x | y);
      expect(result([x, y], bit, (b, l, r) => bool.xorBool(b, l, r, "out"))).to.equal(x ^ y);
      expect(result([x, y], bit, (b, l) => bool.not(b, l, "out"))).to.equal(1n - x);
      expect(result([x, y], bit, (b, l, r) => bool.all(b, [l, r, l], "out"))).to.equal(x & y);
      expect(result([x, y], bit, (b, l, r) => bool.any(b, [l, r, l], "out"))).to.equal(x | y);
    }
  });

  it("are asserted by name", () => {
    const b = new Builder();
    const [x, y] = [ranges.witnessBool(b, "x", () => 1n), ranges.witnessBool(b, "y", () => 1n)];
    bool.assertTrue(b, x, "x holds");
    bool.assertImplies(b, x, y, "x implies y");
    bool.assertFalse(b, bool.not(b, x, "not x"), "not x is false");
    const built = b.finish();
    expectSound(built);
    expect(brokenBy(built, { y: 0n }).map(({ name }) => name)).to.deep.equal(["x implies y"]);
    expectBroken(built, { x: 0n }, "x holds");
    expectBroken(built, { "not x": 1n }, "not x is false");
    expectBroken(built, { x: 2n }, "x");
  });
});

describe("comparison", () => {
  it("equals the order of integers on edge values", () => {
    for (const [x, y] of pairs(U64S))
      expect(
        result([x, y], u64, (b, l, r) => isLess(b, l, r, 64, "out")),
        `${x} < ${y}`,
      ).to.equal(BigInt(x < y));
  });

  it("assertAtMost and assertLess hold exactly when they should", () => {
    for (const [x, y] of pairs(U64S)) {
      const b = new Builder();
      const [l, r] = [ranges.witnessU64(b, "x", () => x), ranges.witnessU64(b, "y", () => y)];
      assertAtMost(b, l, r, 64, "at most");
      assertLess(b, l, r, 64, "less");
      const expected = [...(x <= y ? [] : ["at most"]), ...(x < y ? [] : ["less"])];
      expect(brokenBy(b.finish(), {}).map(({ name }) => name)).to.deep.equal(expected);
    }
  });

  it("cannot be lied to", () => {
    const b = new Builder();
    const [x, y] = [ranges.witnessU64(b, "x", () => 7n), ranges.witnessU64(b, "y", () => 5n)];
    isLess(b, x, y, 64, "less");
    const built = b.finish();
    expectBroken(built, { less: 1n }, "less.split");
    expectBroken(built, { less: 1n, "less.low": 2n + (1n << 64n) }, "less.low");
  });

  it("refuses wires without the bound", () => {
    const b = new Builder("shape");
    const [free, x] = [b.witness("free", () => 0n), ranges.witnessU32(b, "x", () => 0n)];
    const unknown = { code: "BOUND_UNKNOWN", where: "less", wire: free.index };
    expectCode(() => isLess(b, free, x, 32, "less"), unknown);
    expectCode(() => assertLess(b, x, free, 32, "less"), unknown);
    expectCode(() => isLess(b, x, x, 253, "less"), {
      code: "BAD_BITS",
      where: "less",
      bits: 253,
      allowed: "1..252",
    });
  });

  it("toBits gives the binary digits and bounds what it splits", () => {
    const b = new Builder();
    const bits = toBits(
      b,
      b.witness("x", () => 0b1011n),
      6,
      "bits",
    );
    const built = b.finish();
    expectSound(built);
    expect(bits.map((wire) => built.witness[wire.index])).to.deep.equal([1n, 1n, 0n, 1n, 0n, 0n]);
    expectBroken(built, { x: 0b1011n + 64n }, "bits.sum");
  });
});

describe("types", () => {
  it("are made by checking constructors only", () => {
    const b = new Builder("shape");
    const free = b.witness("free", () => 0n);
    // @ts-expect-error a raw field is no boolean
    const notBool: Bool = free;
    // @ts-expect-error a wide integer is no narrow one
    const notNarrow: U32 = ranges.witnessU64(b, "wide", () => 0n);
    const narrowIsWide: U64 = ranges.witnessU32(b, "narrow", () => 0n);
    expect([notBool, notNarrow, narrowIsWide]).to.have.length(3);
    expectCode(() => ranges.promiseBits(b, free, 8, "promise"), {
      code: "BOUND_UNKNOWN",
      where: "promise",
      wire: free.index,
    });
    expectCode(() => ranges.constantBits(b, 8, 256n), {
      code: "BOUND_TOO_LARGE",
      where: "constant",
      wire: b.constant(256n).index,
      max: 256n,
      bits: 8,
    });
    expectCode(() => b.range(free, 254, "range"), {
      code: "BAD_BITS",
      where: "range",
      bits: 254,
      allowed: "1..253",
    });
  });

  it("cost nothing where the bound is already proven", () => {
    const b = new Builder("shape");
    const x = ranges.witnessU8(b, "x", () => 0n);
    const { opCount } = b.circuit;
    ranges.assertBits(b, x, 64, "again");
    expect(b.circuit.opCount).to.equal(opCount);
  });
});
