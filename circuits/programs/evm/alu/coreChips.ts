/**
 * The arithmetic chips whose entries compute from the words themselves.
 *
 * Proves: z of an entry's key is the id of what its opcode gives for words a and b.
 * Assumes: nothing; the cores of circuits/gadgets/alu prove their results.
 * Enforces: the operands are the words of ids a and b; the key's opcode is the one the core executes. The second factor of
 *   SHL, the divisor of SHR and SAR, is word 256 + n where word a is n < 256, else word 0.
 * Sound because: ids 256 to 511 are the powers of two by construction.
 * Cost: 8 gates and the key beyond the core's: ADD 46, LT 42, SLT 54, AND 120, MUL 90, DIV 110, SDIV 155, BYTE 100 (12 of them the table's entries).
 */
import { mul, mux, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits } from "../../../builder/ranges.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { bitwiseCore } from "../../../gadgets/alu/bitwiseCore.ts";
import type { Choose, Core } from "../../../gadgets/alu/choice.ts";
import { byteCore } from "../../../gadgets/alu/byteCore.ts";
import type { BytePowers } from "../../../gadgets/alu/bytePowers.ts";
import { compareCore } from "../../../gadgets/alu/compareCore.ts";
import { divCore } from "../../../gadgets/alu/divCore.ts";
import { mulCore } from "../../../gadgets/alu/mulCore.ts";
import { signedCore } from "../../../gadgets/alu/signedCore.ts";
import { signedCompareCore } from "../../../gadgets/alu/signedCompareCore.ts";
import { smallIndex } from "../../../gadgets/alu/smallIndex.ts";
import { sumCore } from "../../../gadgets/alu/sumCore.ts";
import { CONSTANT_WORDS } from "../../../../protocol/evm/capacities.ts";
import type { BinaryEntry, CoreChip, CoreOpcode } from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import type { Facts } from "../facts/facts.ts";

type Entry = () => BinaryEntry | undefined;

export interface Ids {
  readonly a: Wire;
  readonly b: Wire;
}

export const witnessIds = (
  b: Builder,
  entry: () => { readonly a: number; readonly b: number } | undefined,
): Ids => ({
  a: witnessBits(b, 20, "a", () => BigInt(entry()?.a ?? 0)),
  b: witnessBits(b, 20, "b", () => BigInt(entry()?.b ?? 0)),
});

/** The chips in order; `entries` of each, `counts` their capacities. */
export function coreChips(
  b: Builder,
  facts: Facts,
  powers: BytePowers,
  counts: Readonly<Record<CoreChip, number>>,
  entries: (chip: CoreChip, i: number) => BinaryEntry | undefined,
): void {
  for (const chip of Object.keys(CHIPS) as CoreChip[])
    for (let i = 0; i < counts[chip]; i++)
      b.scope(`${chip}[${i}]`, () => CHIPS[chip](b, facts, i, () => entries(chip, i), powers));
}

type DefineEntry = (b: Builder, facts: Facts, i: number, entry: Entry, powers: BytePowers) => void;

const CHIPS: Readonly<Record<CoreChip, DefineEntry>> = {
  sums: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    defineResult(facts, "sums", i, ids, sumCore(b, { x, y }, choose(entry), "core"));
  },
  compares: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    const { opcode, active, bit } = compareCore(b, { x, y }, choose(entry), "core");
    facts.defineKey("compares", i, active, { op: opcode, ...ids, z: bit }, "key");
  },
  signedCompares: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    const { opcode, active, bit } = signedCompareCore(b, { x, y }, choose(entry), "core");
    facts.defineKey("signedCompares", i, active, { op: opcode, ...ids, z: bit }, "key");
  },
  bitwise: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    defineResult(facts, "bitwise", i, ids, bitwiseCore(b, { x, y }, choose(entry), "core"));
  },
  products: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    // The flag of SHL decides which word is the factor, before the core makes its flags: tied to them below.
    const factor = shiftable(b, facts, ids.a, x, () => entry()?.name === "SHL");
    const core = mulCore(b, { x: y, y: factor.word }, choose(entry), "core");
    factor.assertIs(core.flags.SHL);
    defineResult(facts, "products", i, ids, core);
  },
  divisions: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    // DIV, MOD: word a by word b; SHR: word b by the power of word a.
    const divisor = shiftable(b, facts, ids.a, x, () => entry()?.name === "SHR", ids.b);
    const dividend = divisor.choose(y, x, "dividend");
    const core = divCore(b, { x: dividend, y: divisor.word }, choose(entry), "core");
    divisor.assertIs(core.flags.SHR);
    defineResult(facts, "divisions", i, ids, core);
  },
  signed: (b, facts, i, entry) => {
    const { ids, x, y } = operands(b, facts, entry);
    const divisor = shiftable(b, facts, ids.a, x, () => entry()?.name === "SAR", ids.b);
    const dividend = divisor.choose(y, x, "dividend");
    const core = signedCore(b, { x: dividend, y: divisor.word }, choose(entry), "core");
    divisor.assertIs(core.flags.SAR);
    defineResult(facts, "signed", i, ids, core);
  },
  bytes: (b, facts, i, entry, powers) => {
    const { ids, x, y } = operands(b, facts, entry);
    const core = byteCore(b, powers, { index: x, x: y, choose: choose(entry) }, "core");
    // A half of the result may be one of word b, which is read from the table it goes into: bounded again.
    const bounded = (half: "hi" | "lo"): U128 => ({ ...core.result[half], index: b.range(core.result[half], 128, half).index }); // prettier-ignore
    defineResult(facts, "bytes", i, ids, { ...core, result: { hi: bounded("hi"), lo: bounded("lo") } });
  },
};

/** The entry's opcode, for a core that serves a part of all. */
const choose =
  <Name extends CoreOpcode>(entry: Entry): Choose<Name> =>
  () =>
    entry()?.name as Name | undefined;

function operands(b: Builder, facts: Facts, entry: Entry): { ids: Ids; x: Word; y: Word } {
  const ids = witnessIds(b, entry);
  return { ids, x: facts.word(ids.a, "x"), y: facts.word(ids.b, "y") };
}

function defineResult(
  facts: Facts,
  chip: "sums" | "bitwise" | "products" | "divisions" | "signed" | "bytes",
  i: number,
  ids: Ids,
  { opcode, active, result }: Pick<Core<never>, "opcode" | "active" | "result">,
): void {
  facts.defineWord(chip, i, result);
  facts.defineKey(chip, i, active, { op: opcode, ...ids, z: facts.wordId(chip, i) }, "key");
}

interface Shiftable {
  /** 2^shift (0 from 256 on) where it is a shift, else the word of `plain`. */
  readonly word: Word;
  choose(ifShift: Word, ifNot: Word, name: string): Word;
  /** Ties the choice made here to the core's flag. */
  assertIs(flag: Bool): void;
}

/** `shift`: the word of id `a`, the count of a shift; `plain`: id of the word to use otherwise. */
function shiftable(
  b: Builder,
  facts: Facts,
  a: Wire,
  shift: Word,
  isShiftValue: () => boolean,
  plain: Wire = a,
): Shiftable {
  const isShift = witnessBits(b, 1, "isShift", () => BigInt(isShiftValue()));
  const { isSmall, low } = smallIndex(b, shift, 8, "shift");
  const power = sum(b, [[1n, mul(b, isSmall, low, "shift.low")], [BigInt(CONSTANT_WORDS), isSmall]], 0n, "power.id"); // prettier-ignore
  const id = mux(b, isShift, power, plain, "operand.id");
  return {
    word: facts.word(id, "operand"),
    choose: (ifShift, ifNot, name) => ({
      hi: mux(b, isShift, ifShift.hi, ifNot.hi, `${name}.hi`),
      lo: mux(b, isShift, ifShift.lo, ifNot.lo, `${name}.lo`),
    }),
    assertIs: (flag) => b.assertZero([], [[1n, isShift], [-1n, flag]], 0n, "isShift.isFlag"), // prettier-ignore
  };
}
