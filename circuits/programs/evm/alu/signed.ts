/**
 * SDIV, SMOD, SAR, SIGNEXTEND and BYTE, by facts of other opcodes.
 *
 *   SDIV, SMOD     DIV, MOD of the magnitudes, negated (SUB from 0) where the signs say so
 *   SAR            SHR; of a negative word NOT of SHR of NOT
 *   SIGNEXTEND     SAR of SHL, both by 248 - 8k, where k < 31; else the word itself
 *   BYTE           SHR by 248 - 8i, AND 255, where i < 32; else 0
 *
 * Proves: z of an entry's key is the id of what its opcode gives for words a and b.
 * Assumes: the facts looked up. SIGNEXTEND looks up SAR facts of this very chip, which look up none of its own.
 * Enforces: one opcode; the signs of both words; the facts above, each where its opcode and sign ask for it.
 * Sound because: each line is an identity of two's complement (division rounds to zero, -2^255 / -1 wraps, by zero is 0), the
 *   conditions are functions of the words.
 * Cost: 130 gates.
 */
import { combine, mux, sum } from "../../../builder/arithmetic.ts";
import { and, xorBool } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { chooseOpcode } from "../../../gadgets/alu/choice.ts";
import { magnitudeOf } from "../../../gadgets/alu/words.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import {
  type BinaryEntry,
  SIGNED_OPCODES,
  type SignedOpcode,
} from "../../../../protocol/evm/plan/alu/aluPlan.ts";
import type { Facts } from "../facts/facts.ts";
import { type Ids, witnessIds } from "./coreChips.ts";

const code = (name: string): bigint => BigInt(OPCODE[name]!);
const ALL_BYTE = 255n;
/** Id of the word 0. */
const ZERO = 0n;

type Flags = Readonly<Record<SignedOpcode, Bool>>;

export function signedChip(
  b: Builder,
  facts: Facts,
  count: number,
  entry: (i: number) => BinaryEntry<SignedOpcode> | undefined,
): void {
  for (let i = 0; i < count; i++) b.scope(`signed[${i}]`, () => signed(b, facts, i, () => entry(i)));
}

function signed(
  b: Builder,
  facts: Facts,
  i: number,
  entry: () => BinaryEntry<SignedOpcode> | undefined,
): void {
  const ids = witnessIds(b, entry);
  const { flags, active, opcode } = chooseOpcode(b, SIGNED_OPCODES, () => entry()?.name);
  const [x, y] = [facts.word(ids.a, "x"), facts.word(ids.b, "y")];
  const negative = { x: magnitudeOf(b, x.hi, "x").negative, y: magnitudeOf(b, y.hi, "y").negative };
  const parts = [
    b.scope("division", () => division(b, facts, ids, flags, negative)),
    b.scope("shift", () => shiftRight(b, facts, ids, flags.SAR, negative.y)),
    ...b.scope("bytes", () => byBytes(b, facts, ids, flags, x)),
  ];
  // All but the part of the entry's opcode are 0.
  const z = assertBits(b, sum(b, parts.map((part): Term => [1n, part]), 0n, "z"), 20, "z.id"); // prettier-ignore
  facts.defineKey("signed", i, active, { op: opcode, ...ids, z }, "key");
}

/** condition ? the id of 0 - word : the id itself. */
function negatedIf(b: Builder, facts: Facts, condition: Bool, id: Wire, name: string): Wire {
  const negated = facts.answer({ op: code("SUB"), a: ZERO, b: id }, `${name}.negated`, condition);
  return mux(b, condition, negated, id, name);
}

function division(
  b: Builder,
  facts: Facts,
  { a, b: second }: Ids,
  { SDIV, SMOD }: Flags,
  negative: { readonly x: Bool; readonly y: Bool },
): Wire {
  const divides = assertBits(b, sum(b, [[1n, SDIV], [1n, SMOD]], 0n, "divides"), 1, "divides.bool"); // prettier-ignore
  const dividend = negatedIf(b, facts, and(b, divides, negative.x, "dividend.flips"), a, "dividend");
  const divisor = negatedIf(b, facts, and(b, divides, negative.y, "divisor.flips"), second, "divisor");
  const op = sum(b, [[code("DIV"), SDIV], [code("MOD"), SMOD]], 0n, "op"); // prettier-ignore
  const result = facts.answer({ op, a: dividend, b: divisor }, "result", divides);
  const differs = xorBool(b, negative.x, negative.y, "signs.differ");
  const flips = combine(b, [[1n, SDIV, differs], [1n, SMOD, negative.x]], [], 0n, "flips"); // prettier-ignore
  return negatedIf(b, facts, assertBits(b, flips, 1, "flips.bool"), result, "quotient");
}

function shiftRight(b: Builder, facts: Facts, { a, b: word }: Ids, isSar: Bool, isNegative: Bool): Wire {
  const flips = and(b, isSar, isNegative, "flips");
  const flipped = facts.answer({ op: code("NOT"), a: word, b: ZERO }, "flipped", flips);
  const shifted = facts.answer(
    { op: code("SHR"), a, b: mux(b, flips, flipped, word, "operand") },
    "shifted",
    isSar,
  );
  const back = facts.answer({ op: code("NOT"), a: shifted, b: ZERO }, "back", flips);
  return mux(b, flips, back, shifted, "result");
}

/** SIGNEXTEND and BYTE. */
function byBytes(
  b: Builder,
  facts: Facts,
  { b: word }: Ids,
  { SIGNEXTEND, BYTE }: Flags,
  count: Word,
): Wire[] {
  const small = belowLimit(b, count, sum(b, [[31n, SIGNEXTEND], [32n, BYTE]], 0n, "limit"), "small"); // prettier-ignore
  const extends_ = and(b, SIGNEXTEND, small, "extends");
  const takes = and(b, BYTE, small, "takes");
  const uses = assertBits(b, sum(b, [[1n, extends_], [1n, takes]], 0n, "uses"), 1, "uses.bool"); // prettier-ignore
  // Ids up to 255 are numbers: the shift is its own id.
  const shift = assertBits(b, combine(b, [[-8n, uses, count.lo]], [[248n, uses]], 0n, "shift"), 8, "shift.id"); // prettier-ignore
  const up = facts.answer({ op: code("SHL"), a: shift, b: word }, "up", extends_);
  const extended = facts.answer({ op: code("SAR"), a: shift, b: up }, "extended", extends_);
  const down = facts.answer({ op: code("SHR"), a: shift, b: word }, "down", takes);
  const byte = facts.answer({ op: code("AND"), a: down, b: ALL_BYTE }, "byte", takes);
  const kept = combine(b, [[-1n, extends_, word], [1n, SIGNEXTEND, word]], [], 0n, "kept"); // prettier-ignore
  return [extended, byte, kept];
}

/** 1 iff the word is below `limit` (at most 32): at least limit - 1 - word or word - limit is not negative. */
function belowLimit(b: Builder, { hi, lo }: Word, limit: Wire, name: string): Bool {
  const isBelow = witnessBool(b, name, () => b.value(hi) === 0n && b.value(lo) < b.value(limit));
  // 32 * hi is 0 or at least 32.
  const size = sum(b, [[1n, lo], [32n, hi]], 0n, `${name}.size`); // prettier-ignore
  const gap = sum(b, [[1n, size], [-1n, limit]], 0n, `${name}.gap`); // prettier-ignore
  const room = combine(b, [[-2n, isBelow, gap]], [[1n, gap], [-1n, isBelow]], 0n, `${name}.room`); // prettier-ignore
  assertBits(b, room, 135, `${name}.room`);
  return isBelow;
}
