import { expect } from "chai";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { witnessU128 } from "../../../../circuits/builder/ranges.ts";
import { BytePowers } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import { coreChips } from "../../../../circuits/programs/evm/alu/coreChips.ts";
import { maskChip } from "../../../../circuits/programs/evm/alu/masks.ts";
import { exponentiationChip, powerChip } from "../../../../circuits/programs/evm/alu/powers.ts";
import { Facts } from "../../../../circuits/programs/evm/facts/facts.ts";
import { ARITHMETIC, type ArithmeticOpcode } from "../../../../protocol/evm/arithmetic.ts";
import { type Capacities, CHIP_FACTS, TABLES } from "../../../../protocol/evm/capacities.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { ADDRESS_MASK, AluPlan, CORE_CHIPS } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import { FactBook } from "../../../../protocol/evm/plan/factBook.ts";

const MAX = 2n ** 256n - 1n;
const VALUES = [0n, 1n, 2n, 31n, 32n, 255n, 256n, ADDRESS_MASK, 2n ** 128n, 2n ** 255n, 2n ** 255n - 1n, MAX, MAX - 6n, 0x1234567890abcdef1234567890abcdefn ** 2n]; // prettier-ignore
const CAPACITIES: Capacities = {
  ...(Object.fromEntries([...Object.keys(CHIP_FACTS), ...TABLES].map((name) => [name, 0])) as Record<keyof Capacities, number>),
  ...{ literals: 120, sums: 260, compares: 900, signedCompares: 460, bitwise: 900, masks: 60, products: 900, divisions: 900 },
  ...{ signed: 700, bytes: 460, powers: 260, exponentiations: 40 },
}; // prettier-ignore

const BINARY = Object.values(CORE_CHIPS).flat() as ArithmeticOpcode[];

interface Planned {
  readonly book: FactBook;
  readonly alu: AluPlan;
  readonly questions: {
    readonly op: number;
    readonly a: number;
    readonly b: number;
    readonly value: bigint;
  }[];
}

/** Every opcode on a third of all pairs of values, another third each run. */
function plan(offset: number): Planned {
  const book = new FactBook(CAPACITIES);
  const alu = new AluPlan(book);
  const questions: Planned["questions"] = [];
  let turn = offset;
  for (const name of BINARY)
    for (const x of VALUES)
      for (const y of VALUES) {
        if (turn++ % 7 !== 0) continue;
        const [a, b, op] = [book.literal(x), book.literal(y), OPCODE[name]!];
        alu.result(op, a, b);
        questions.push({ op, a, b, value: ARITHMETIC[name](x, y, 0n) });
      }
  for (const [x, y] of [[3n, 0n], [3n, 5n], [10n, 18n], [2n, 255n], [MAX, 2n], [0n, 0n], [0n, 7n], [7n, 2n ** 200n]] as const) {
    const [a, b] = [book.literal(x), book.literal(y)];
    alu.power({ op: OPCODE.EXP!, a, b });
    questions.push({ op: OPCODE.EXP!, a, b, value: ARITHMETIC.EXP(x, y) });
  } // prettier-ignore
  return { book, alu, questions };
}

function build(planned: Planned | undefined): Built {
  const b = new Builder(planned === undefined ? "shape" : "prove");
  const { alu, book } = planned ?? ({} as Partial<Planned>);
  const facts = new Facts(b, CAPACITIES, () => book!);
  const half = 2n ** 128n;
  for (let i = 0; i < CAPACITIES.literals; i++) {
    const value = (): bigint => book!.value(Number(facts.wordId("literals", i)));
    facts.defineWord("literals", i, {
      lo: witnessU128(b, `literal[${i}].lo`, () => value() % half),
      hi: witnessU128(b, `literal[${i}].hi`, () => value() / half),
    });
  }
  const powers = new BytePowers(b);
  coreChips(b, facts, powers, CAPACITIES, (chip, i) => alu!.core[chip][i]);
  maskChip(b, facts, CAPACITIES.masks, (i) => alu!.masks[i]);
  powerChip(b, facts, CAPACITIES.powers, (i) => alu!.powers[i]);
  exponentiationChip(b, facts, powers, CAPACITIES.exponentiations, (i) => alu!.exponentiations[i]);
  facts.close();
  return b.finish();
}

describe("Arithmetic chips", function () {
  this.timeout(120_000);

  for (const offset of [0, 3])
    it(`answer every opcode with the word it gives (${offset})`, () => {
      const planned = plan(offset);
      expect(planned.book.shortages()).to.deep.equal([]);
      const { circuit, witness } = build(planned);
      expect(check(circuit, witness, 5).broken).to.deep.equal([]);
      for (const { op, a, b, value } of planned.questions) {
        const key = planned.book.answerTo(
          (BigInt(op) << 204n) + (1n << 217n) + BigInt(a) + (BigInt(b) << 20n),
        );
        expect(key, `${op} ${a} ${b}`).to.not.equal(undefined);
        expect(planned.book.value(Number((key! >> 40n) & 0xfffffn)), `${op} ${a} ${b}`).to.equal(value);
      }
    });

  it("have bounds that are proven, and one circuit", () => {
    const built = build(plan(5));
    expect(lintBounds(built.circuit).faults).to.deep.equal([]);
    expect(circuitDigest(built.circuit)).to.equal(circuitDigest(build(undefined).circuit));
  });
});
