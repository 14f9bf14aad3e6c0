import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import type { Circuit } from "../../../../circuits/builder/circuit.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { lintUsage, type UsageException } from "../../../../circuits/builder/usageLint.ts";
import type { ArithmeticOpcode } from "../../../../protocol/evm/arithmetic.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { Random } from "../../../protocol/random.ts";
import { expectSound } from "../../builder/expectBroken.ts";
import { expectSnapshot } from "../../builder/expectSnapshot.ts";
import { buildCore, CORES, type CoreCase, EDGES, expected, HALF, type Stack } from "./coreCases.ts";

const random = new Random();
const SMALL = [...Array(34).keys()].map(BigInt);
const SHIFTS = [0n, 1n, 2n, 63n, 64n, 126n, 127n, 128n, 129n, 191n, 254n, 255n, 256n, 257n, HALF, HALF + 3n];
const MODULI = [0n, 1n, 2n, 3n, HALF - 1n, HALF, HALF + 1n, 1n << 255n, (1n << 256n) - 1n];

/** Random words of random length, so that halves and limbs are zero now and then. */
const word = (): bigint => random.bits(1 + random.below(256));

function stacksOf({ name }: CoreCase): Stack[] {
  const firsts = name === "byteCore" ? [...SMALL, ...EDGES] : EDGES;
  const pairs: Stack[] = firsts.flatMap((x) => EDGES.map((y) => [x, y] as const));
  if (name === "wideCore")
    pairs.splice(0, pairs.length, ...MODULI.flatMap((n) => pairs.map((p) => [...p, n])));
  if (name === "divCore" || name === "mulCore" || name === "signedCore")
    pairs.push(...SHIFTS.flatMap((x) => EDGES.map((y) => [x, y] as const)));
  return [...pairs, ...Array.from({ length: 150 }, () => [word(), word(), word()])];
}

const REMAINDER_RANGE = "d - r - 1: its range is what it is for";
const ORDER_RANGE = "its range is what fixes the sign";

/** Ends of chains: what a division leaves over goes nowhere, and is fixed by the division and its range. */
const EXCEPTIONS: Readonly<Record<string, readonly UsageException[]>> = {
  sumCore: [{ name: /^core\.hi\.turn$/, because: "the carry out of 2^256, fixed by the range of hi" }],
  compareCore: [{ name: /^core\.less\.size$/, because: ORDER_RANGE }],
  signedCompareCore: [
    { name: /^core\.less\.size$/, because: ORDER_RANGE },
    { name: /^core\.[xy]\.negative$/, because: "the sign, fixed by the range of the shifted half" },
  ],
  mulCore: [
    { name: /^core\.result\.(crossHigh|out)$/, because: "multiples of 2^256, quotients of divisions" },
  ],
  divCore: [{ name: /^core\.division\.remainder\.below$/, because: REMAINDER_RANGE }],
  signedCore: [
    { name: /^core\.division\.remainder\.below$/, because: REMAINDER_RANGE },
    { name: /^core\.hi\.borrow$/, because: "the borrow from 2^256, fixed by the range of hi" },
  ],
  wideCore: [{ name: /^core\.remainder\.below$/, because: REMAINDER_RANGE }],
  byteCore: [{ name: /^core\.cut\.rest$/, because: "the bytes below, the remainder of the cut" }],
  expCore: [{ name: /^core\.(square|product)\.(crossHigh|out)$/, because: "as in mulCore" }],
  lowBitsCore: [{ name: /^core\.cut\.high$/, because: "the bits above, the quotient of the cut" }],
};

describe(`arithmetic cores (seed ${random.seed})`, () => {
  it("have the sizes of their snapshot", () => {
    const shapeOf = (core: CoreCase) =>
      buildCore(core, undefined, [0n, 0n, 0n], new Builder("shape")).circuit;
    expectSnapshot("alu", Object.fromEntries(CORES.map((core) => [core.name, shapeOf(core)])));
  });

  for (const core of CORES)
    describe(core.name, () => {
      const shape = (): Builder => new Builder("shape");

      for (const opcode of core.opcodes)
        it(`computes ${opcode}`, () => {
          for (const stack of stacksOf(core)) {
            const built = buildCore(core, opcode, stack);
            expectSound(built);
            const of = `${opcode} of ${stack.map((x) => x.toString(16)).join(", ")}`;
            expect(built.word(built.out.result), of).to.equal(expected(core, opcode, stack));
            expect(built.value(built.out.opcode)).to.equal(BigInt(OPCODE[opcode]!));
            expect(built.value(built.out.active)).to.equal(1n);
            expect(built.value(built.out.flags[opcode]!)).to.equal(1n);
          }
        });

      it("has a bounded result where it is inactive, for any operands", () => {
        for (const stack of stacksOf(core).filter((_, i) => i % 7 === 0)) {
          const built = buildCore(core, undefined, stack);
          expectSound(built);
          expect([built.value(built.out.active), built.value(built.out.opcode)]).to.deep.equal([0n, 0n]);
          for (const half of [built.out.result.hi, built.out.result.lo])
            expect(built.value(half) < HALF).to.equal(true);
        }
      });

      it("refuses two opcodes at once, and one twice", () => {
        const [first, second] = core.opcodes as readonly [ArithmeticOpcode, ArithmeticOpcode?];
        const { circuit, witness, out } = buildCore(core, first, [5n, 3n, 7n]);
        const forgedFlags = [...witness];
        forgedFlags[out.flags[second ?? first]!.index] = second === undefined ? 2n : 1n;
        expect(brokenNames(circuit, forgedFlags)).to.include(
          second === undefined ? `core.is.${first}` : "core.active",
        );
      });

      it("is the same circuit without a witness, and passes both lints", () => {
        const proven = buildCore(core, core.opcodes[0], [9n, 4n, 3n]);
        const { circuit } = buildCore(core, undefined, [0n, 0n, 0n], shape());
        expect(circuitDigest(circuit)).to.equal(circuitDigest(proven.circuit));
        expect(lintBounds(circuit).faults).to.deep.equal([]);
        const { faults, unusedExceptions } = lintUsage(circuit, EXCEPTIONS[core.name] ?? []);
        expect(faults).to.deep.equal([]);
        expect(unusedExceptions).to.deep.equal([]);
      });
    });
});

const brokenNames = (circuit: Circuit, witness: readonly bigint[]): string[] =>
  check(circuit, witness, 20).broken.map(({ name }) => name);
