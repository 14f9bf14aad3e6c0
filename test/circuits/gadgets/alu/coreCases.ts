/** The cores of the arithmetic chips, each as a circuit of one entry, for tests. */
import { Builder } from "../../../../circuits/builder/builder.ts";
import { witnessWord } from "../../../../circuits/builder/ranges.ts";
import type { Bool, Word } from "../../../../circuits/builder/wire.ts";
import { bitwiseCore } from "../../../../circuits/gadgets/alu/bitwiseCore.ts";
import { byteCore } from "../../../../circuits/gadgets/alu/byteCore.ts";
import { BytePowers } from "../../../../circuits/gadgets/alu/bytePowers.ts";
import type { Choice } from "../../../../circuits/gadgets/alu/choice.ts";
import { compareCore } from "../../../../circuits/gadgets/alu/compareCore.ts";
import { divCore } from "../../../../circuits/gadgets/alu/divCore.ts";
import { expCore } from "../../../../circuits/gadgets/alu/expCore.ts";
import { lowBitsCore } from "../../../../circuits/gadgets/alu/lowBitsCore.ts";
import { mulCore } from "../../../../circuits/gadgets/alu/mulCore.ts";
import { signedCompareCore } from "../../../../circuits/gadgets/alu/signedCompareCore.ts";
import { signedCore } from "../../../../circuits/gadgets/alu/signedCore.ts";
import { sumCore } from "../../../../circuits/gadgets/alu/sumCore.ts";
import { wideCore } from "../../../../circuits/gadgets/alu/wideCore.ts";
import { ARITHMETIC, type ArithmeticOpcode } from "../../../../protocol/evm/arithmetic.ts";
import { buildGadget, type Gadget } from "../buildGadget.ts";

export const MAX = (1n << 256n) - 1n;
export const HALF = 1n << 128n;
const SIGN = 1n << 255n;

/** Words at which something turns. */
export const EDGES: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 255n, (1n << 64n) - 1n, 1n << 64n, 1n << 127n, HALF - 1n, HALF, HALF + 1n],
  ...[(1n << 192n) - 1n, SIGN - 1n, SIGN, SIGN + 1n, MAX - HALF, MAX - HALF + 1n, MAX - 1n, MAX],
];

/** Operands in the order of the stack. */
export type Stack = readonly bigint[];
/** A core, whichever opcodes it serves. */
export interface AnyCore extends Pick<Choice<ArithmeticOpcode>, "active" | "opcode"> {
  readonly flags: Readonly<Partial<Record<ArithmeticOpcode, Bool>>>;
  readonly result: Word;
}
type Build = (b: Builder, words: readonly Word[], choose: () => never) => AnyCore;

export interface CoreCase {
  readonly name: string;
  readonly opcodes: readonly ArithmeticOpcode[];
  /** Gates an entry, as the core's comment rounds it. */
  readonly gates: number;
  readonly build: Build;
  /** From the operands of the stack to those of the core. */
  readonly words: (opcode: ArithmeticOpcode, stack: Stack) => readonly bigint[];
}

const asTheyAre = (_: ArithmeticOpcode, stack: Stack): readonly bigint[] => stack.slice(0, 2);
/** x and the power of the shift. */
const byPower = (opcode: ArithmeticOpcode, [x, y]: Stack): readonly bigint[] =>
  opcode.startsWith("SH") || opcode === "SAR" ? [y!, x! < 256n ? 1n << x! : 0n] : [x!, y!];
/** base, exponent, half, base^half; 7 where nothing is to be looked up. */
const asStep = (_: ArithmeticOpcode, [base, exponent]: Stack): readonly bigint[] => {
  const half = exponent! >> 1n;
  return [base!, exponent!, half, half === 0n ? 7n : ARITHMETIC.EXP(base!, half)];
};

export const CORES: readonly CoreCase[] = [
  {
    name: "sumCore",
    opcodes: ["ADD", "SUB"],
    gates: 24,
    build: (b, [x, y], choose) => sumCore(b, { x: x!, y: y! }, choose, "core"),
    words: asTheyAre,
  },
  {
    name: "compareCore",
    opcodes: ["LT", "GT", "EQ", "ISZERO"],
    gates: 30,
    build: (b, [x, y], choose) => compareCore(b, { x: x!, y: y! }, choose, "core"),
    words: asTheyAre,
  },
  {
    name: "signedCompareCore",
    opcodes: ["SLT", "SGT"],
    gates: 42,
    build: (b, [x, y], choose) => signedCompareCore(b, { x: x!, y: y! }, choose, "core"),
    words: asTheyAre,
  },
  {
    name: "bitwiseCore",
    opcodes: ["AND", "OR", "XOR", "NOT"],
    gates: 97,
    build: (b, [x, y], choose) => bitwiseCore(b, { x: x!, y: y! }, choose, "core"),
    words: asTheyAre,
  },
  {
    name: "mulCore",
    opcodes: ["MUL", "SHL"],
    gates: 57,
    build: (b, [x, y], choose) => mulCore(b, { x: x!, y: y! }, choose, "core"),
    words: byPower,
  },
  {
    name: "divCore",
    opcodes: ["DIV", "MOD", "SHR"],
    gates: 76,
    build: (b, [x, y], choose) => divCore(b, { x: x!, y: y! }, choose, "core"),
    words: byPower,
  },
  {
    name: "signedCore",
    opcodes: ["SDIV", "SMOD", "SAR"],
    gates: 119,
    build: (b, [x, y], choose) => signedCore(b, { x: x!, y: y! }, choose, "core"),
    words: byPower,
  },
  {
    name: "wideCore",
    opcodes: ["ADDMOD", "MULMOD"],
    gates: 155,
    build: (b, [x, y, n], choose) => wideCore(b, { x: x!, y: y!, n: n! }, choose, "core"),
    words: (_, stack) => stack,
  },
  {
    name: "byteCore",
    opcodes: ["BYTE", "SIGNEXTEND"],
    gates: 59,
    build: (b, [index, x], choose) => byteCore(b, powersOf(b), { index: index!, x: x!, choose }, "core"),
    words: asTheyAre,
  },
  {
    name: "expCore",
    opcodes: ["EXP"],
    gates: 114,
    build: (b, [base, exponent, half, power], choose) =>
      expCore(b, { base: base!, exponent: exponent!, half: half!, power: power! }, choose, "core"),
    words: asStep,
  },
  {
    name: "lowBitsCore",
    opcodes: ["AND"],
    gates: 12,
    build: (b, [x, mask], choose) => lowBitsCore(b, { x: x!, mask: mask! }, 160, choose, "core"),
    words: (_, [x]) => [x!, (1n << 160n) - 1n],
  },
];

const tables = new WeakMap<Builder, BytePowers>();
function powersOf(b: Builder): BytePowers {
  const table = tables.get(b) ?? new BytePowers(b);
  tables.set(b, table);
  return table;
}

/** One entry; operands and results are public inputs. */
export function buildCore(
  { build, words }: CoreCase,
  opcode: ArithmeticOpcode | undefined,
  stack: Stack,
  b: Builder = new Builder(),
): Gadget<AnyCore> {
  const operands = words(opcode ?? "ADD", stack);
  return buildGadget((b) => {
    const wires = operands.map((value, i) => witnessWord(b, `operand[${i}]`, () => value));
    const core = build(b, wires, () => opcode as never);
    for (const wire of [core.active, core.opcode, core.result.hi, core.result.lo]) b.publicInput(wire, "out");
    for (const { hi, lo } of wires) for (const wire of [hi, lo]) b.publicInput(wire, "in"); // prettier-ignore
    return core;
  }, b);
}

/** What the entry must give for these operands of the stack. */
export function expected(core: CoreCase, opcode: ArithmeticOpcode, stack: Stack): bigint {
  const { name, words } = core;
  const [x, y, n] = name === "lowBitsCore" ? words(opcode, stack) : stack;
  return (ARITHMETIC[opcode] as (...stack: bigint[]) => bigint)(x!, y!, n ?? 0n);
}
