/**
 * The cheating prover: every wire of every core takes other values, and everything after is filled from the lie. Either a
 * constraint notices, or the entry still gives what the opcode it then claims must give.
 */
import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { FIELD_MODULUS } from "../../../../protocol/field.ts";
import { Random } from "../../../protocol/random.ts";
import { LyingBuilder, type Lie } from "../lyingBuilder.ts";
import { buildCore, CORES, type CoreCase, EDGES, expected, HALF, type Stack } from "./coreCases.ts";

const random = new Random();
const MAX = (1n << 256n) - 1n;

const LIES: readonly Lie[] = [
  0n,
  1n,
  (honest) => honest + 1n,
  (honest) => honest - 1n,
  (honest) => honest ^ (1n << 63n),
  (honest) => honest + (1n << 64n),
  (honest) => HALF - 1n - honest,
  (honest) => honest + HALF,
  (honest) => honest - HALF,
  () => random.bits(120),
  () => FIELD_MODULUS - random.bits(64) - 1n,
];

const STACKS: readonly Stack[] = [
  [0n, 0n, 0n],
  [5n, 3n, 7n],
  [3n, 5n, 1n],
  [MAX, MAX, MAX - 1n],
  [200n, MAX - 5n, HALF],
  [30n, (1n << 255n) + 0x80n, (1n << 200n) + 9n],
  [random.bits(256), random.bits(256), random.bits(256)],
  [random.bits(256), random.bits(130), random.bits(129)],
  [random.pick(EDGES), random.pick(EDGES), random.pick(EDGES)],
];

/** The inverse of zero is free (arithmetic.ts): the only wires that may take another value. */
const HARMLESS = /\.inverse$/;

/** What the entry that was forged claims, and whether it is so. */
function isTrue(core: CoreCase, stack: Stack, built: ReturnType<typeof buildCore>): boolean {
  const claimed = core.opcodes.filter((name) => built.value(built.out.flags[name]!) === 1n);
  if (claimed.length === 0)
    return built.value(built.out.active) === 0n && built.value(built.out.opcode) === 0n;
  return claimed.length === 1 && built.word(built.out.result) === expected(core, claimed[0]!, stack);
}

describe(`lies to arithmetic cores (seed ${random.seed})`, () => {
  for (const core of CORES) {
    it(`${core.name} gives no wrong result`, () => {
      const harmless = new Set<string>();
      for (const stack of STACKS)
        for (const opcode of core.opcodes) {
          // The operands were chosen for this opcode: a shift's are not those of a product.
          const others = core.opcodes.filter((other) => other !== opcode);
          const { circuit, witness } = buildCore(core, opcode, stack);
          for (let wire = 0; wire < circuit.wireCount; wire++) {
            const name = circuit.wireName(wire);
            if (!name.startsWith("core.")) continue;
            for (const lie of LIES) {
              const built = buildCore(core, opcode, stack, new LyingBuilder({ [name]: lie }));
              if (built.witness[wire] === witness[wire]) continue;
              if (check(built.circuit, built.witness).broken.length > 0) continue;
              const where = `${opcode} of ${stack.join(", ")}: ${name}`;
              const switched = others.some((other) => built.value(built.out.flags[other]!) === 1n);
              expect(switched || isTrue(core, stack, built), where).to.equal(true);
              if (!name.startsWith("core.is.")) harmless.add(name);
            }
          }
        }
      expect([...harmless].filter((name) => !HARMLESS.test(name))).to.deep.equal([]);
    });

    it(`${core.name} notices a change of any one wire`, () => {
      for (const stack of STACKS)
        for (const opcode of core.opcodes) {
          const built = buildCore(core, opcode, stack);
          const isOwn = (wire: number): boolean => built.circuit.wireName(wire).startsWith("core.");
          const free = freeWires(built, isOwn).filter((name) => !HARMLESS.test(name));
          expect(free, `${opcode} of ${stack.join(", ")}`).to.deep.equal([]);
        }
    });
  }
});
