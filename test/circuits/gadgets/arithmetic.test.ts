import { expect } from "chai";
import type { Builder } from "../../../circuits/builder/builder.ts";
import { witnessWord } from "../../../circuits/builder/ranges.ts";
import { splitField } from "../../../circuits/gadgets/canonicalField.ts";
import { addWords, isLessWord, subtractWords, toWord } from "../../../circuits/gadgets/word.ts";
import { hashFields } from "../../../circuits/gadgets/sponge.ts";
import { gasTarget, nextBaseFeeOf } from "../../../circuits/gadgets/baseFee.ts";
import { nextBaseFee } from "../../../protocol/block.ts";
import { Domain } from "../../../protocol/domains.ts";
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import { hash } from "../../../protocol/hash.ts";
import { Random } from "../../protocol/random.ts";
import { expectBroken, expectSound } from "../builder/expectBroken.ts";
import { buildGadget, type Gadget, input } from "./buildGadget.ts";

const random = new Random();
const MAX = (1n << 256n) - 1n;
const HALF = 1n << 128n;
const EDGES = [0n, 1n, HALF - 1n, HALF, HALF + 1n, MAX - 1n, MAX, 1n << 255n];
const words = [...EDGES, ...Array.from({ length: 12 }, () => random.bits(256))];
const pairs = words.flatMap((x) => words.map((y) => [x, y] as const));

const binary = <T>(gadget: (b: Builder, x: never, y: never) => T, x: bigint, y: bigint): Gadget<T> =>
  buildGadget((b) => gadget(b, witnessWord(b, "x", () => x) as never, witnessWord(b, "y", () => y) as never));

describe(`words (seed ${random.seed})`, () => {
  const sums = (x: bigint, y: bigint) => binary((b, u, v) => addWords(b, u, v, "sum"), x, y);
  const differences = (x: bigint, y: bigint) => binary((b, u, v) => subtractWords(b, u, [v], "rest"), x, y);
  const orders = (x: bigint, y: bigint) => binary((b, u, v) => isLessWord(b, u, v, "less"), x, y);

  it("add as integers, and have no sum of 2^256", () => {
    for (const [x, y] of pairs) {
      const built = sums(x, y);
      if (x + y > MAX) expectBroken(built, {}, "sum.hi");
      else {
        expectSound(built);
        expect(built.word(built.out)).to.equal(x + y);
      }
    }
  });

  it("subtract as integers, and have no difference below 0", () => {
    for (const [x, y] of pairs) {
      const built = differences(x, y);
      if (x < y) expectBroken(built, {}, "rest.hi");
      else {
        expectSound(built);
        expect(built.word(built.out)).to.equal(x - y);
      }
    }
  });

  it("subtract several at once, borrowing up to two", () => {
    const [x, y, z] = [2n * HALF, HALF - 1n, HALF - 1n];
    const built = buildGadget((b) => {
      const [u, v, w] = [x, y, z].map((n, i) => witnessWord(b, `x${i}`, () => n));
      return subtractWords(b, u!, [v!, w!], "rest");
    });
    expectSound(built);
    expect(built.word(built.out)).to.equal(x - y - z);
  });

  it("order as integers", () => {
    for (const [x, y] of pairs) {
      const built = orders(x, y);
      expectSound(built);
      expect(built.value(built.out)).to.equal(x < y ? 1n : 0n);
    }
  });

  it("refuse forged results", () => {
    expectBroken(sums(5n, 6n), { "sum.carry": 1n }, "sum.lo");
    expectBroken(sums(5n, 6n), { "sum.carry": 2n }, "sum.carry");
    expectBroken(differences(5n, 6n), { "rest.borrow": 0n }, "rest.lo");
    expectBroken(orders(5n, 6n), { less: 0n }, "less.high");
    expectBroken(orders(6n, 5n), { less: 1n }, "less.high");
    expectBroken(orders(6n, 5n), { "less.borrow": 1n }, "less.low");
  });

  it("split small fields only", () => {
    const built = buildGadget((b) => toWord(b, input(b, "x", 253, (1n << 252n) + 7n), "word"));
    expectSound(built);
    expect(built.word(built.out)).to.equal((1n << 252n) + 7n);
    expectBroken(built, { "word.hi": 0n }, "word.split");
  });
});

describe("splitField", () => {
  const split = (x: bigint) =>
    buildGadget((b) =>
      splitField(
        b,
        b.witness("x", () => x),
        "word",
      ),
    );

  it("gives the integer of an element", () => {
    for (const x of [0n, 1n, HALF - 1n, HALF, FIELD_MODULUS - 1n, random.field(), random.field()]) {
      const built = split(x);
      expectSound(built);
      expect(built.word(built.out)).to.equal(x);
    }
  });

  it("refuses the other split of the same element, x + p", () => {
    for (const x of [0n, 5n, HALF]) {
      const [hi, lo] = [(x + FIELD_MODULUS) >> 128n, (x + FIELD_MODULUS) % HALF];
      const forged = { "word.hi": hi, "word.lo": lo };
      const built = split(x);
      expectBroken(built, forged, "word.canonical.low");
      expect(() => expectBroken(built, forged, "word.split")).to.throw();
      const low = ((FIELD_MODULUS - 1n) % HALF) - lo;
      const patched = {
        ...forged,
        "word.canonical.borrow": low < 0n ? 1n : 0n,
        "word.canonical.low": low < 0n ? low + HALF : low,
      };
      const rest = ((FIELD_MODULUS - 1n) >> 128n) - hi - patched["word.canonical.borrow"];
      expectBroken(built, { ...patched, "word.canonical.high": rest }, "word.canonical.high");
    }
  });
});

describe("hashFields", () => {
  it("is the protocol's hash for every number of inputs", () => {
    for (let n = 0; n <= 10; n++) {
      const values = Array.from({ length: n }, () => random.field());
      const wires = (b: Builder) => values.map((v, i) => b.witness(`in[${i}]`, () => v));
      const built = buildGadget((b) => hashFields(b, Domain.LEAF, wires(b), "hash"));
      expectSound(built);
      expect(built.value(built.out)).to.equal(hash(Domain.LEAF, values));
    }
  });

  it("refuses another permutation", () => {
    const built = buildGadget((b) => hashFields(b, Domain.NODE, [b.one, b.zero], "hash"));
    expectBroken(built, { "hash.permutation[0][0]": 1n }, "hash.permutation[0]");
  });
});

describe("nextBaseFeeOf", () => {
  const step = (baseFee: bigint, gasUsed: bigint, gasLimit: bigint) =>
    buildGadget((b) => {
      const target = gasTarget(b, input(b, "limit", 64, gasLimit), "target");
      const parent = {
        baseFee: input(b, "fee", 64, baseFee),
        gasUsed: input(b, "used", 64, gasUsed),
        target,
      };
      return nextBaseFeeOf(b, parent, "next");
    });

  it("is the protocol's step", () => {
    const limits = [2n, 3n, 5_000n, 30_000_000n, (1n << 64n) - 1n];
    const fees = [0n, 1n, 6n, 7n, 8n, 9n, 1_000_000_000n, 1n << 60n];
    for (const gasLimit of limits)
      for (const baseFee of [...fees, random.bits(50)]) {
        const half = gasLimit / 2n;
        for (const gasUsed of [0n, 1n, half - 1n, half, half + 1n, gasLimit, random.bits(64) % gasLimit]) {
          const built = step(baseFee, gasUsed, gasLimit);
          expectSound(built);
          expect(built.value(built.out)).to.equal(nextBaseFee({ baseFee, gasUsed, gasLimit }));
        }
      }
  });

  it("has no answer without a target", () =>
    expectBroken(step(7n, 0n, 1n), {}, "next.remainder.belowDivisor"));

  it("refuses another step", () => {
    const built = step(1_000_000_000n, 20_000_000n, 30_000_000n);
    expectBroken(built, { "next.step": 1n }, "next.division");
    expectBroken(built, { "next.rises": 0n }, "next.rises.split");
    expectBroken(built, { "next.isLow": 1n }, "next.isLow.split");
    expectBroken(built, { "target.odd": 1n }, "target.halves");
    expectBroken(built, { "next.least": 1n }, "next.least");
  });
});
