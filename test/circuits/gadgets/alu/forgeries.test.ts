/** False results that hold in the field, or modulo a power of two, and the constraint that refuses each by name. */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import type { ArithmeticOpcode } from "../../../../protocol/evm/arithmetic.ts";
import { FIELD_MODULUS, inverse, mod } from "../../../../protocol/field.ts";
import { LyingBuilder, type Lie } from "../lyingBuilder.ts";
import { buildCore, CORES, HALF, MAX, type Stack } from "./coreCases.ts";

const coreOf = (name: string) => CORES.find((core) => core.name === name)!;

/** The constraints broken where the listed wires of the core lie and all else follows. */
function brokenBy(
  name: string,
  [opcode, ...stack]: readonly [ArithmeticOpcode, ...Stack],
  lies: Readonly<Record<string, Lie>>,
): string[] {
  const b = new LyingBuilder(
    Object.fromEntries(Object.entries(lies).map(([wire, lie]) => [`core.${wire}`, lie])),
  );
  const { circuit, witness } = buildCore(coreOf(name), opcode, stack, b);
  expect(b.told.size, "wires that lied").to.equal(Object.keys(lies).length);
  return check(circuit, witness, 50).broken.map((constraint) => constraint.name);
}

const limbs = (name: string, half: bigint): Record<string, bigint> => ({
  [`${name}.low`]: half % (1n << 64n),
  [`${name}.high`]: (half >> 64n) % (1n << 64n),
});

/** A quotient of 256 bits, and its remainder. */
const claim = (quotient: bigint, remainder: bigint): Record<string, bigint> => ({
  ...limbs("division.quotient.lo", quotient % HALF),
  "division.quotient.hi": quotient >> 128n,
  "division.remainder.lo": mod(remainder) === remainder ? remainder % HALF : mod(remainder),
  "division.remainder.hi": mod(remainder) === remainder ? remainder >> 128n : 0n,
});

/** Inverse of an odd number modulo 2^bits. */
function oddInverse(value: bigint, bits: number): bigint {
  let x = 1n;
  for (let i = 0; i < 10; i++) x = BigInt.asUintN(bits, x * (2n - value * x));
  return x;
}

describe("forged arithmetic", () => {
  it("of sums: another carry, also one that makes any half in the field", () => {
    expect(brokenBy("sumCore", ["ADD", MAX, 1n], { "lo.turn": 1n })).to.include("core.lo");
    expect(brokenBy("sumCore", ["SUB", 0n, 1n], { "hi.turn": 0n })).to.include("core.hi");
    const turn = mod(1n - inverse(HALF) * 5n);
    expect(brokenBy("sumCore", ["ADD", 5n, 7n], { "lo.turn": turn })).to.include("core.lo.turn");
  });

  it("of comparisons: the wrong order, sign, or a difference of p", () => {
    expect(brokenBy("compareCore", ["LT", 5n, 6n], { less: 0n })).to.include("core.less.size");
    expect(brokenBy("compareCore", ["GT", 5n, 6n], { less: 0n, result: 1n })).to.include("core.less.size");
    expect(brokenBy("compareCore", ["LT", 6n, 5n], { less: 1n })).to.include("core.less.size");
    // In the field, p + 3 and 3 would be the same word.
    const built = buildCore(coreOf("compareCore"), "EQ", [FIELD_MODULUS + 3n, 3n]);
    expect(built.word(built.out.result)).to.equal(0n);
    expect(brokenBy("compareCore", ["EQ", FIELD_MODULUS + 3n, 3n], { equal: 1n })).to.include(
      "core.equal.zero",
    );
    const sameHi = { "difference.sameHi": 1n };
    expect(brokenBy("compareCore", ["LT", HALF, 1n], sameHi)).to.include("core.difference.sameHi.zero");
    expect(brokenBy("signedCompareCore", ["SLT", MAX, 1n], { "x.negative": 0n })).to.include(
      "core.x.shifted",
    );
    expect(brokenBy("signedCompareCore", ["SGT", 1n, MAX], { "y.negative": 0n })).to.include(
      "core.y.shifted",
    );
  });

  it("of products: a carry that makes any half in the field", () => {
    const stack = ["MUL", (1n << 200n) + 77n, 99n] as const;
    const target = 12_345n;
    const carry = mod((77n * 99n - target) * inverse(HALF));
    expect(brokenBy("mulCore", stack, { "result.lo": target, "result.carry": carry })).to.include(
      "core.result.carry",
    );
    expect(brokenBy("mulCore", stack, { "result.hi": 5n })).to.include("core.result.hi.product");
    const crossHigh = mod(-inverse(1n << 64n));
    const cross = { "result.crossLow": 1n, "result.crossHigh": crossHigh };
    expect(brokenBy("mulCore", ["MUL", 7n, 9n], cross)).to.include("core.result.crossHigh");
  });

  it("of quotients: one less, one more, and one that is right modulo 2^256", () => {
    expect(brokenBy("divCore", ["DIV", 17n, 5n], claim(2n, 7n))).to.deep.equal([
      "core.division.remainder.below",
    ]);
    expect(brokenBy("divCore", ["DIV", 17n, 5n], claim(4n, -3n))).to.include("core.division.remainder.lo");
    // 3 * wrapped = 5 modulo 2^256.
    const wrapped = BigInt.asUintN(256, 5n * oddInverse(3n, 256));
    expect(brokenBy("divCore", ["DIV", 5n, 3n], claim(wrapped, 0n))).to.include("core.division.hi.equation");
    const large = HALF + 3n;
    const wrappedLarge = BigInt.asUintN(256, 5n * oddInverse(large, 256));
    expect(brokenBy("divCore", ["DIV", 5n, large], claim(wrappedLarge, 0n))).to.include(
      "core.division.noProductOfUpperHalves",
    );
    // One upper half alone: what would leave 256 bits stands in `cross`.
    const top = brokenBy("divCore", ["DIV", 5n, 1n << 190n], claim(1n << 100n, 5n));
    expect(top).to.include("core.division.cross");
  });

  it("of quotients by zero, and of the zero itself", () => {
    expect(brokenBy("divCore", ["DIV", 17n, 0n], claim(16n, 1n))).to.include("core.division.remainder.below");
    const denied = { byZero: 0n, ...limbs("divisor", 0n), ...claim(0n, 17n) };
    expect(brokenBy("divCore", ["MOD", 17n, 0n], denied)).to.include("core.byZero.one");
  });

  it("of signed quotients: signs and the negation", () => {
    expect(brokenBy("signedCore", ["SDIV", MAX - 9n, 3n], { "x.negative": 0n })).to.include(
      "core.x.magnitude",
    );
    expect(brokenBy("signedCore", ["SDIV", 9n, MAX], { "y.negative": 0n })).to.include("core.y.magnitude");
    expect(brokenBy("signedCore", ["SMOD", MAX - 9n, 3n], { "lo.borrow": 0n })).to.include("core.lo");
    expect(brokenBy("signedCore", ["SAR", 1n, MAX - 9n], { "hi.borrow": 0n })).to.include("core.hi");
    expect(brokenBy("signedCore", ["SDIV", 9n, MAX], { "divisor.carry": 1n })).to.include(
      "core.divisor.split",
    );
  });

  it("of moduli: a quotient that is right modulo 2^512", () => {
    const wrapped = BigInt.asUintN(512, 35n * oddInverse(3n, 512));
    const quarters = [0, 1, 2, 3].map((i) =>
      limbs(`quotient[${i}]`, BigInt.asUintN(128, wrapped >> BigInt(128 * i))),
    );
    const lies = Object.assign({ "remainder.lo": 0n }, ...quarters) as Record<string, bigint>;
    expect(brokenBy("wideCore", ["MULMOD", 5n, 7n, 3n], lies)).to.include("core.line[3]");
    const top = Object.assign({}, limbs("quotient[3]", 1n << 127n));
    expect(brokenBy("wideCore", ["MULMOD", 5n, 7n, 1n << 127n], top)).to.include("core.quotient.top");
    expect(brokenBy("wideCore", ["MULMOD", 5n, 7n, HALF], top)).to.include(
      "core.quotient.noProductOfUpperHalves",
    );
    expect(brokenBy("wideCore", ["ADDMOD", 5n, 7n, 3n], { "remainder.lo": 3n })).to.include(
      "core.remainder.below",
    );
    const carry = { "remainder.lo": 1n, "carry[0]": mod((1n << 69n) + inverse(HALF)) };
    expect(brokenBy("wideCore", ["MULMOD", 5n, 7n, 5n], carry)).to.include("core.carry[0]");
  });

  it("of bytes and steps of powers", () => {
    expect(brokenBy("byteCore", ["BYTE", 31n, 0xabn], { "cut.rest7": 1n })).to.include("core.cut.split");
    expect(brokenBy("byteCore", ["SIGNEXTEND", 0n, 0x80n], { "cut.sign": 0n })).to.include("core.cut.split");
    expect(brokenBy("byteCore", ["BYTE", 40n, 7n], { "index.low": 40n })).to.include("core.index.low");
    expect(brokenBy("byteCore", ["BYTE", 3n, 7n], { skipped: 4n })).to.include("core.place");
    expect(brokenBy("expCore", ["EXP", 3n, 5n], { bit: 0n })).to.include("core.halves.lo");
    expect(brokenBy("expCore", ["EXP", 3n, 5n], { isLast: 1n })).to.include("core.isLast.zero");
  });

  it("of masks that are none: an active entry has no witness, an inactive one does", () => {
    const core = { ...coreOf("lowBitsCore"), words: (_: ArithmeticOpcode, stack: Stack) => stack };
    for (const mask of [0n, 2n, 254n, MAX - 1n, (1n << 160n) - 2n, 0xff00n, HALF, (1n << 159n) - 1n]) {
      const broken = (opcode: "AND" | undefined): string[] => {
        const { circuit, witness } = buildCore(core, opcode, [MAX - 77n, mask]);
        return check(circuit, witness, 5).broken.map((constraint) => constraint.name);
      };
      expect(
        broken("AND").filter((constraint) => constraint.startsWith("core.mask.")),
        `${mask}`,
      ).to.not.be.empty;
      expect(broken(undefined), `${mask}`).to.deep.equal([]);
    }
  });
});
