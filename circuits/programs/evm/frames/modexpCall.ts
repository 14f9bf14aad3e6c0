/**
 * Modular exponentiation (EIP-198, EIP-2565) on operands of up to 32 bytes, from the words of the call's input.
 *
 * Proves: where `isCall` is 1, the lengths are at most 32, `gas` is the call's, and, where `answers` is 1, the first `outputLength` bytes
 *   of the word `output` are the result.
 * Assumes: `words` are ids of the first seven words of the input, with zeros after its end; the pool proves its jobs.
 * Enforces: base, exponent and modulus are cut out by JOIN facts: 32 bytes from their offset, then the first of them behind zeros; a
 *   job has these lengths and operands; the result's last bytes come first.
 * Sound because: 96 + 32 + 32 + 32 bytes are six words, so no operand reaches beyond the seventh.
 * Parameters: a call with a longer operand has no proof.
 * Cost: 210 gates.
 */
import { assertEqualIf, isConstant, isZero, mul, mux, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { modexpGas } from "../../../gadgets/precompiles/gas.ts";
import { MODEXP_BYTES, type ModexpJob } from "../../../gadgets/precompiles/modexp.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { wordIf } from "./transfer.ts";

const LENGTHS = ["baseLength", "exponentLength", "modulusLength"] as const;
const OPERANDS = ["base", "exponent", "modulus"] as const;

export function modexpTables(b: Builder, jobs: readonly ModexpJob[]) {
  const words = (of: (job: ModexpJob) => Word, name: string) => ({
    hi: rom<U128>(b, [b.zero, ...jobs.map((job) => of(job).hi)], `modexp.${name}.hi`),
    lo: rom<U128>(b, [b.zero, ...jobs.map((job) => of(job).lo)], `modexp.${name}.lo`),
  });
  const wires = (of: (job: ModexpJob) => Wire, name: string) =>
    rom<Wire>(b, [b.zero, ...jobs.map(of)], `modexp.${name}`);
  return {
    jobs,
    lengths: LENGTHS.map((name) => wires((job) => job[name], name)),
    operands: OPERANDS.map((name) => words((job) => job[name], name)),
    answered: rom<Bool>(b, [b.zero, ...jobs.map(({ answered }) => answered)], "modexp.answered"),
    exponentBits: wires(({ exponentBits }) => exponentBits, "exponentBits"),
    result: words(({ result }) => result, "result"),
  };
}

export interface ModexpInput {
  readonly isCall: Bool;
  /** Where `isCall` is 1. */
  readonly answers: Bool;
  /** Ids; 0 where it is no call. */
  readonly words: readonly Wire[];
  /** Planned: id of the result. */
  readonly result: () => number;
}

export interface ModexpOutput {
  readonly gas: Wire;
  /** There is an output of some bytes. */
  readonly writes: Bool;
  /** 0 where nothing is written. */
  readonly output: Word;
  readonly outputLength: Wire;
}

export function modexpCall(
  b: Builder,
  facts: Facts,
  tables: ReturnType<typeof modexpTables>,
  { isCall, answers, words, result }: ModexpInput,
): ModexpOutput {
  return b.scope("modexp", () => {
    const lengths = LENGTHS.map((name, j) => smallLength(b, facts.word(words[j]!, name), isCall, name));
    const [base, exponent, modulus] = lengths as [Wire, Wire, Wire];
    const join = (
      ids: { a: Wire | bigint; b: Wire | bigint },
      sp: Wire,
      condition: Bool,
      name: string,
    ): Wire => facts.answer({ op: BigInt(Tag.JOIN), ...ids, sp }, name, condition);
    // The first `length` bytes of a word behind zeros.
    const behind = (id: Wire, length: Wire, name: string): Wire => {
      const isFull = isConstant(b, length, MODEXP_BYTES, `${name}.isFull`);
      const shifts = and(b, isCall, not(b, isFull, `${name}.isShort`), `${name}.shifts`);
      return mux(b, isFull, id, join({ a: 0n, b: id }, length, shifts, `${name}.behind`), `${name}.own`);
    };
    const isFull = isConstant(b, base, MODEXP_BYTES, "base.fillsWord");
    const reaches = and(b, isCall, not(b, isFull, "base.isShorter"), "exponent.shifts");
    const first = join({ a: words[3]!, b: words[4]! }, base, reaches, "exponent.from");
    const from = windowOf(b, words.slice(3), sum(b, [[1n, base], [1n, exponent]], 0n, "modulus.offset")); // prettier-ignore
    const last = join({ a: from.a, b: from.b }, from.shift, isCall, "modulus.from");
    const raw = [words[3]!, mux(b, isFull, words[4]!, first, "exponent.word"), last];
    const operands = raw.map((id, j) =>
      facts.word(behind(id, lengths[j]!, OPERANDS[j]!), `${OPERANDS[j]}.word`),
    );
    const place = findJob(b, tables, { isCall, lengths, operands });
    b.assertZero([[1n, isCall, isZero(b, place, "job.isNone")]], [], 0n, "job.isOne"); // prettier-ignore
    const answered = tables.answered.read(b, place, "answered");
    b.assertZero([[-1n, answers, answered]], [[1n, answers]], 0n, "isAnswered"); // prettier-ignore
    const exponentBits = tables.exponentBits.read(b, place, "exponentBits");
    const gas = mul(b, isCall, modexpGas(b, { baseLength: base, modulusLength: modulus, exponentBits }, "price"), "gas"); // prettier-ignore
    const found = { hi: tables.result.hi.read(b, place, "result.hi"), lo: tables.result.lo.read(b, place, "result.lo") }; // prettier-ignore
    const writes = and(
      b,
      answers,
      not(b, isZero(b, modulus, "modulus.isNothing"), "modulus.isSome"),
      "writes",
    );
    const id = witnessBits(b, 20, "result.id", () => (b.value(writes) === 1n ? BigInt(result()) : 0n));
    facts.assertWord(id, wordIf(b, writes, found, "result.own"), "result.word");
    const ahead = sum(b, [[MODEXP_BYTES, writes], [-1n, mul(b, writes, modulus, "output.bytes")]], 0n, "output.skips"); // prettier-ignore
    const output = join({ a: id, b: 0n }, assertBits(b, ahead, 5, "output.skips"), writes, "output");
    return { gas, writes, output: facts.word(output, "output.word"), outputLength: mul(b, writes, modulus, "outputLength") }; // prettier-ignore
  });
}

/** A length of at most 32; 0 where it is no call. */
function smallLength(b: Builder, { hi, lo }: Word, isCall: Bool, name: string): Wire {
  b.assertZero([[1n, isCall, hi]], [], 0n, `${name}.hasNoHi`); // prettier-ignore
  const length = assertBits(b, mul(b, isCall, lo, `${name}.own`), 6, `${name}.isSmall`);
  assertBits(b, sum(b, [[-1n, length]], MODEXP_BYTES, `${name}.room`), 6, `${name}.atMost32`); // prettier-ignore
  return length;
}

/** The two words that hold the 32 bytes from an offset of at most 64, and where in them they start. */
function windowOf(b: Builder, words: readonly Wire[], offset: Wire): { a: Wire; b: Wire; shift: Wire } {
  const isSecond = witnessBool(b, "window.isSecond", () => b.value(offset) >> 5n === 1n);
  const isThird = witnessBool(b, "window.isThird", () => b.value(offset) >> 5n === 2n);
  b.assertZero([[1n, isSecond, isThird]], [], 0n, "window.one"); // prettier-ignore
  const shift = sum(b, [[1n, offset], [-32n, isSecond], [-64n, isThird]], 0n, "window.shift"); // prettier-ignore
  const pick = (j: number, name: string): Wire =>
    mux(b, isThird, words[j + 2]!, mux(b, isSecond, words[j + 1]!, words[j]!, `${name}.early`), name);
  return {
    a: pick(0, "window.a"),
    b: pick(1, "window.b"),
    shift: assertBits(b, shift, 5, "window.shift.inWord"),
  };
}

interface Wanted {
  readonly isCall: Bool;
  readonly lengths: readonly Wire[];
  readonly operands: readonly Word[];
}

/** The place of the job with these operands. */
function findJob(
  b: Builder,
  tables: ReturnType<typeof modexpTables>,
  { isCall, lengths, operands }: Wanted,
): Wire {
  const value = ({ hi, lo }: Word): bigint => (b.value(hi) << 128n) + b.value(lo);
  const isSame = (job: ModexpJob): boolean =>
    LENGTHS.every((name, j) => b.value(job[name]) === b.value(lengths[j]!)) &&
    OPERANDS.every((name, j) => value(job[name]) === value(operands[j]!));
  const found = (): bigint => BigInt(tables.jobs.findIndex(isSame) + 1);
  const place = witnessBits(b, 14, "job", () => (b.value(isCall) === 0n ? 0n : found()));
  lengths.forEach((length, j) => assertEqualIf(b, isCall, tables.lengths[j]!.read(b, place, `job.${LENGTHS[j]}`), length, `job.is${LENGTHS[j]}`)); // prettier-ignore
  operands.forEach((word, j) => {
    const table = tables.operands[j]!;
    for (const half of ["hi", "lo"] as const)
      assertEqualIf(b, isCall, table[half].read(b, place, `job.${OPERANDS[j]}.${half}`), word[half], `job.is${OPERANDS[j]}.${half}`); // prettier-ignore
  });
  return place;
}
