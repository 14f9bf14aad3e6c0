import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { witnessWord } from "../../../../circuits/builder/ranges.ts";
import { lintUsage } from "../../../../circuits/builder/usageLint.ts";
import type { Wire, Word } from "../../../../circuits/builder/wire.ts";
import { byteLength } from "../../../../circuits/gadgets/alu/byteLength.ts";
import { byteCount, BytePowers, byteShift } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import { joinWords } from "../../../../circuits/gadgets/alu/joinWords.ts";
import { lowBitsCore } from "../../../../circuits/gadgets/alu/lowBitsCore.ts";
import { mergeWords } from "../../../../circuits/gadgets/alu/mergeWords.ts";
import { smallIndex } from "../../../../circuits/gadgets/alu/smallIndex.ts";
import { isEqualWord, isZeroWord, magnitudeOf } from "../../../../circuits/gadgets/alu/words.ts";
import { byteLengthOf } from "../../../../protocol/evm/arithmetic.ts";
import { Random } from "../../../protocol/random.ts";
import { expectBroken, expectSound } from "../../builder/expectBroken.ts";
import { buildGadget, type Gadget, input } from "../buildGadget.ts";
import { LyingBuilder, type Lie } from "../lyingBuilder.ts";
import { EDGES, HALF, MAX } from "./coreCases.ts";

const random = new Random();
const word = (b: Builder, name: string, value: bigint): Word => witnessWord(b, name, () => value);
const bytes = (value: bigint): string => value.toString(16).padStart(64, "0");
const integer = (text: string): bigint => BigInt(`0x${text}`);
const pick = (): bigint => random.pick([...EDGES, random.bits(256), random.bits(256)]);

const tied = (b: Builder, { hi, lo }: Word): void => [hi, lo].forEach((wire) => b.publicInput(wire, "out"));
const join = (x: bigint, y: bigint, s: number, b?: Builder): Gadget<Word> =>
  buildGadget((b) => {
    const [first, second] = [word(b, "x", x), word(b, "y", y)];
    const shift = byteShift(b, new BytePowers(b), input(b, "s", 5, BigInt(s)), "shift");
    const out = joinWords(b, [first, second], shift, "join");
    tied(b, out);
    return out;
  }, b);
const merge = (x: bigint, y: bigint, s: number, upTo32: boolean, b?: Builder): Gadget<Word> =>
  buildGadget((b) => {
    const [first, second] = [word(b, "x", x), word(b, "y", y)];
    const powers = new BytePowers(b);
    const count = upTo32
      ? byteCount(b, powers, input(b, "s", 6, BigInt(s)), "count")
      : byteShift(b, powers, input(b, "s", 5, BigInt(s)), "count");
    const out = mergeWords(b, [first, second], count, "merge");
    tied(b, out);
    return out;
  }, b);

const joined = (x: bigint, y: bigint, s: number): bigint =>
  integer((bytes(x) + bytes(y)).slice(2 * s, 2 * s + 64));
const merged = (x: bigint, y: bigint, s: number): bigint =>
  integer(bytes(x).slice(0, 2 * s) + bytes(y).slice(2 * s));

const LIES: readonly Lie[] = [
  0n,
  1n,
  (v) => v + 1n,
  (v) => v - 1n,
  (v) => v ^ 256n,
  (v) => v + HALF,
  () => random.bits(119),
];

/** No lie about a wire of these scopes gives another result. */
function expectNoLie(build: (b?: Builder) => Gadget<Word>, scopes: RegExp): void {
  const honest = build();
  expectSound(honest);
  for (let wire = 0; wire < honest.circuit.wireCount; wire++) {
    const name = honest.circuit.wireName(wire);
    if (!scopes.test(name)) continue;
    for (const lie of LIES) {
      const built = build(new LyingBuilder({ [name]: lie }));
      if (built.witness[wire] === honest.witness[wire]) continue;
      expect(check(built.circuit, built.witness).broken, name).to.not.be.empty;
    }
  }
  expect(freeWires(honest, (wire) => scopes.test(honest.circuit.wireName(wire)))).to.deep.equal([]);
}

describe(`bytes of words (seed ${random.seed})`, () => {
  it("joins two words at every byte", () => {
    for (let s = 0; s < 32; s++)
      for (let i = 0; i < 12; i++) {
        const [x, y] = i === 0 ? [MAX, 0n] : i === 1 ? [0n, MAX] : [pick(), pick()];
        const built = join(x, y, s);
        expectSound(built);
        expect(built.word(built.out)).to.equal(joined(x, y, s));
      }
  });

  it("merges two words at every byte, the last included", () => {
    for (let s = 0; s <= 32; s++)
      for (let i = 0; i < 12; i++) {
        const [x, y] = i === 0 ? [MAX, 0n] : i === 1 ? [0n, MAX] : [pick(), pick()];
        for (const upTo32 of s < 32 ? [true, false] : [true]) {
          const built = merge(x, y, s, upTo32);
          expectSound(built);
          expect(built.word(built.out)).to.equal(merged(x, y, s));
        }
      }
  });

  it("gives no other join and no other merge", () => {
    for (const s of [0, 1, 7, 15, 16, 17, 31]) {
      const [x, y] = [random.bits(256), random.bits(256)];
      expectNoLie((b) => join(x, y, s, b), /^(join|shift)\./);
      expectNoLie((b) => merge(x, y, s, false, b), /^(merge|count)\./);
      expectNoLie((b) => merge(x, y, s, true, b), /^(merge|count)\./);
    }
    expectNoLie((b) => merge(MAX, 5n, 32, true, b), /^(merge|count)\./);
  });

  it("refuses another position, more than 32 bytes, and all bytes where it is not all", () => {
    expectBroken(join(MAX, 5n, 7), { "shift.half": 1n }, "shift.split");
    expectBroken(merge(MAX, 5n, 33, true), {}, "count.wholeHasNoRest");
    expectBroken(merge(MAX, 5n, 17, true), { "count.whole": 1n, "count.half": 0n }, "count.wholeIsHalf");
    expect(() => buildGadget((b) => byteShift(b, new BytePowers(b), input(b, "s", 6, 1n), "s"))).to.throw(
      "BOUND_TOO_LARGE",
    );
    expect(() => buildGadget((b) => byteCount(b, new BytePowers(b), input(b, "s", 7, 1n), "s"))).to.throw(
      "BOUND_TOO_LARGE",
    );
    expect(() => buildGadget((b) => new BytePowers(b).read(b, input(b, "s", 5, 1n), "s"))).to.throw(
      "BOUND_TOO_LARGE",
    );
  });

  const lengthOf = (value: bigint, b?: Builder) =>
    buildGadget((b) => {
      const x = word(b, "x", value);
      const length = byteLength(b, new BytePowers(b), x, "length");
      b.publicInput(length, "out");
      return length;
    }, b);

  it("counts significant bytes", () => {
    const powers = [...Array(33).keys()].flatMap((k) => [256n ** BigInt(k) - 1n, 256n ** BigInt(k)]);
    for (const value of [...powers, ...EDGES, random.bits(256), random.bits(100)].filter((v) => v <= MAX)) {
      const built = lengthOf(value);
      expectSound(built);
      expect(built.value(built.out)).to.equal(BigInt(byteLengthOf(value)));
    }
  });

  it("has no other count; where the word is 0 the shift is free", () => {
    for (const value of [1n, 255n, 256n, HALF - 1n, HALF, MAX, random.bits(200), 0n]) {
      const honest = lengthOf(value);
      for (let wire = 0; wire < honest.circuit.wireCount; wire++) {
        const name = honest.circuit.wireName(wire);
        if (!name.startsWith("length.")) continue;
        for (const lie of LIES) {
          const built = lengthOf(value, new LyingBuilder({ [name]: lie }));
          if (check(built.circuit, built.witness).broken.length === 0)
            expect(built.value(built.out), name).to.equal(BigInt(byteLengthOf(value)));
        }
      }
    }
    const shifted = lengthOf(0n, new LyingBuilder({ "length.shift": 3n }));
    expectSound(shifted);
    expectBroken(lengthOf(1n, new LyingBuilder({ "length.shift": 14n })), {}, "length.emptyIsZero");
    expectBroken(lengthOf(255n << 248n, new LyingBuilder({ "length.shift": 1n })), {}, "length.byte");
  });
});

describe(`questions about words (seed ${random.seed})`, () => {
  it("tells zero, equal and negative words", () => {
    for (const x of EDGES)
      for (const y of EDGES) {
        const built = buildGadget((b) => {
          const [u, v] = [word(b, "x", x), word(b, "y", y)];
          const { negative, hi } = magnitudeOf(b, u.hi, "sign");
          return { zero: isZeroWord(b, u, "zero"), equal: isEqualWord(b, u, v, "equal"), negative, hi };
        });
        expectSound(built);
        const { zero, equal, negative, hi } = built.out;
        const flags = [zero, equal, negative].map((flag) => built.value(flag) === 1n);
        expect(flags).to.deep.equal([x === 0n, x === y, x >> 255n === 1n]);
        expect(built.value(hi)).to.equal(x >> 255n === 1n ? HALF - 1n - (x >> 128n) : x >> 128n);
      }
  });

  it("refuses the other answer", () => {
    const zero = buildGadget((b) => isZeroWord(b, word(b, "x", HALF), "zero"));
    expectBroken(zero, { zero: 1n, "zero.inverse": 0n }, "zero.zero");
    const equal = buildGadget((b) => isEqualWord(b, word(b, "x", HALF), word(b, "y", 1n), "equal"));
    expectBroken(equal, { equal: 1n }, "equal");
    const sign = buildGadget((b) => magnitudeOf(b, word(b, "x", MAX).hi, "sign"));
    expectBroken(sign, { "sign.negative": 0n }, "sign.magnitude");
  });

  it("tells small words, and their value", () => {
    const small = (value: bigint, b?: Builder) =>
      buildGadget((b) => smallIndex(b, word(b, "x", value), 8, "index"), b);
    for (const value of [...EDGES, 254n, 255n, 256n, 257n, HALF + 5n]) {
      const built = small(value);
      expectSound(built);
      expect(built.value(built.out.isSmall)).to.equal(value < 256n ? 1n : 0n);
      expect(built.value(built.out.low)).to.equal(value % 256n);
    }
    expectBroken(small(HALF + 5n), { "index.isSmall": 1n }, "index.isSmall.zero");
    expectBroken(small(256n, new LyingBuilder({ "index.low": 256n, "index.rest": 0n })), {}, "index.low");
    expect(() => buildGadget((b) => smallIndex(b, word(b, "x", 1n), 12, "index"))).to.throw("BAD_BITS");
  });

  it("keeps low bits by a mask of any width", () => {
    for (const bits of [1, 8, 32, 64, 112, 127, 129, 160, 248, 255]) {
      const mask = (1n << BigInt(bits)) - 1n;
      for (const x of [...EDGES, random.bits(256)]) {
        const built = buildGadget((b) => {
          const operands = { x: word(b, "x", x), mask: word(b, "mask", mask) };
          return lowBitsCore(b, operands, bits, () => "AND", "core").result;
        });
        expectSound(built);
        expect(built.word(built.out)).to.equal(x & mask);
      }
    }
    for (const bits of [0, 128, 256, 1.5])
      expect(() =>
        buildGadget((b) => {
          const operands = { x: word(b, "x", 1n), mask: word(b, "mask", 1n) };
          return lowBitsCore(b, operands, bits, () => "AND", "core");
        }),
      ).to.throw("BAD_BITS");
  });

  it("passes both lints, as the same circuit without a witness", () => {
    const all = (b: Builder): void => {
      const [x, y] = [word(b, "x", 3n), word(b, "y", 4n)];
      const powers = new BytePowers(b);
      const s = input(b, "s", 5, 9n);
      const results: Wire[] = [byteLength(b, powers, x, "length"), isEqualWord(b, x, y, "equal")];
      const shift = byteShift(b, powers, s, "shift");
      const count = byteCount(b, powers, s, "count");
      const words = [joinWords(b, [x, y], shift, "join"), mergeWords(b, [x, y], count, "merge")];
      const { isSmall, low } = smallIndex(b, x, 8, "index");
      results.push(isSmall, low, magnitudeOf(b, x.hi, "sign").hi, ...words.flatMap(({ hi, lo }) => [hi, lo]));
      for (const wire of results) b.publicInput(wire, "out");
    };
    const [shape, proven] = [new Builder("shape"), new Builder()];
    for (const b of [shape, proven]) all(b);
    const { circuit } = shape.finish();
    expect(circuitDigest(circuit)).to.equal(circuitDigest(proven.finish().circuit));
    expect(lintBounds(circuit).faults).to.deep.equal([]);
    const exceptions = [
      { name: /^join\.out$/, because: "the bytes before the join's end, the remainder of a division" },
      { name: /^join\.hi\.up$/, because: "the bytes before its start, the quotient of a division" },
      { name: /^merge\.(upper|lower\.up)$/, because: "the bytes each word does not give" },
      { name: /^sign\.negative$/, because: "the sign, fixed by the range of the magnitude" },
      { name: /^length\.rest$/, because: "the bytes below the first, the remainder of a division" },
    ];
    expect(lintUsage(circuit, exceptions)).to.deep.equal({ faults: [], unusedExceptions: [] });
  });
});
