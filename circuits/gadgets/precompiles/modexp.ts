/**
 * Modular exponentiation on operands of up to 32 bytes (EIP-198): a pool of calls, and of steps that they share.
 *
 * Proves: for each job, result = base^exponent modulo modulus, an integer below it; 0 if the modulus is 0 or 1; 0^0 = 1.
 *   exponentBits = the bits of the exponent. All lengths are at most 32.
 * Assumes: a caller cuts the three integers out of the input, and writes `modulusLength` bytes of the result. A job that is not
 *   used is of zeros and as true.
 * Enforces: 16 powers of the base by multiplication modulo m, m = modulus or 1 if that is 0; a step for each digit of 4
 *   bits: acc^16 * base^digit; the last acc reduced below m.
 * Parameters: `jobs`, `steps`, the capacities: a call takes ceil(exponentBits / 4) steps.
 * Sound because: all is exact modulo m; the table of accumulators holds under (job, n) what the first n digits that are used make, by
 *   induction, and a job reads it where n is their number. Digits that are skipped are zeros (`modexpExponent.ts`).
 * Cost: 395 gates a step, 1,750 a job, 530 once: 27,000 for an exponent of 256 bits, 2,200 for one of 4.
 */
import { isZero, mux, sum } from "../../builder/arithmetic.ts";
import { assertTrue } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, witnessBits, witnessWord } from "../../builder/ranges.ts";
import type { Rom } from "../../builder/rom.ts";
import type { U64, Wire, Word } from "../../builder/wire.ts";
import { constantLimbs, type Limbs, limbsOfWord, wordOfLimbs } from "../limbs.ts";
import { isLessWord } from "../word.ts";
import { powersOfTwo } from "./bitLength.ts";
import { COUNT_BITS, planRuns, tagOf } from "./jobRuns.ts";
import { type Exponent, exponentDigits } from "./modexpExponent.ts";
import { type Accumulators, accumulators, POWERS, readLimbs, stepRows } from "./modexpSteps.ts";
import { mulModulo } from "./mulModulo.ts";

export interface ModexpOperands {
  readonly baseLength: number;
  readonly exponentLength: number;
  readonly modulusLength: number;
  readonly base: bigint;
  readonly exponent: bigint;
  readonly modulus: bigint;
}

export interface ModexpJob {
  /** In bytes. */
  readonly baseLength: Wire;
  readonly exponentLength: Wire;
  readonly modulusLength: Wire;
  readonly base: Word;
  readonly exponent: Word;
  readonly modulus: Word;
  /** As an integer: its last `modulusLength` bytes are what the call returns. */
  readonly result: Word;
  readonly exponentBits: Wire;
}

export interface ModexpCapacity {
  readonly jobs: number;
  readonly steps: number;
}

/** Longest operand, in bytes. */
export const MODEXP_BYTES = 32n;

/** What is over a capacity is left out. */
export function modexpPool(
  b: Builder,
  capacity: ModexpCapacity,
  calls: () => readonly ModexpOperands[],
  name: string,
): ModexpJob[] {
  return b.scope(name, () => {
    const plan = b.compute(() => {
      const list = calls().slice(0, capacity.jobs);
      return { list, ...planRuns(list.map(stepsOf), capacity.steps) };
    });
    const powers = powersOfTwo(b);
    const jobs = Array.from({ length: capacity.jobs }, (_, i) =>
      b.scope(`job[${i}]`, () => openJob(b, () => plan!.list[i] ?? NOTHING, powers)),
    );
    const rows = stepRows(b, jobs, capacity.steps, (i) => plan!.rows[i]!);
    const table = accumulators(b, jobs, rows);
    return jobs.map((job, i) =>
      b.scope(`job[${i}]`, () => {
        const row = (): number => plan!.ends[i] ?? -1;
        const end = (): bigint => BigInt(row() < 0 ? i : capacity.jobs + row());
        return { ...job.operands, exponentBits: job.exponent.bits, result: closeJob(b, job, i, table, end) };
      }),
    );
  });
}

const NOTHING: ModexpOperands = {
  baseLength: 0,
  exponentLength: 0,
  modulusLength: 0,
  base: 0n,
  exponent: 0n,
  modulus: 0n,
};
const stepsOf = ({ exponent }: ModexpOperands): number =>
  exponent === 0n ? 0 : Math.ceil(exponent.toString(2).length / 4);

interface OpenJob {
  readonly operands: Omit<ModexpJob, "result" | "exponentBits">;
  readonly exponent: Exponent;
  /** The modulus, 1 for 0. */
  readonly modulus: Limbs;
  /** base^0 .. base^15. */
  readonly powers: readonly Limbs[];
}

function openJob(b: Builder, call: () => ModexpOperands, powersOf2: Rom<Wire>): OpenJob {
  const length = (part: "baseLength" | "exponentLength" | "modulusLength"): Wire => {
    const wire = witnessBits(b, 6, part, () => BigInt(call()[part]));
    assertBits(b, sum(b, [[-1n, wire]], MODEXP_BYTES, `${part}.room`), 6, `${part}.atMost32`);
    return wire;
  };
  const operands = {
    baseLength: length("baseLength"),
    exponentLength: length("exponentLength"),
    modulusLength: length("modulusLength"),
    base: witnessWord(b, "base", () => call().base),
    exponent: witnessWord(b, "exponent", () => call().exponent),
    modulus: witnessWord(b, "modulus", () => call().modulus),
  };
  const isNone = isZero(b, sum(b, [[1n, operands.modulus.hi], [1n, operands.modulus.lo]], 0n, "modulus.halves"), "modulus.isZero"); // prettier-ignore
  const given = limbsOfWord(b, operands.modulus, "modulus");
  const modulus: Limbs = [mux<U64>(b, isNone, b.one, given[0], "modulus.or1"), given[1], given[2], given[3]];
  const one = constantLimbs(b, 1n);
  const powers: Limbs[] = [
    one,
    mulModulo(b, limbsOfWord(b, operands.base, "base"), one, modulus, "power[1]"),
  ];
  for (let i = 2; i < POWERS; i++)
    powers.push(mulModulo(b, powers[i - 1]!, powers[1]!, modulus, `power[${i}]`));
  const exponent = exponentDigits(b, operands.exponent, powersOf2, "exponent");
  return { operands, exponent, modulus, powers };
}

function closeJob(b: Builder, job: OpenJob, i: number, table: Accumulators, end: () => bigint): Word {
  const at = witnessBits(b, COUNT_BITS, "end", end);
  table.tags.assertAt(b, at, tagOf(b, BigInt(i), job.exponent.used, "end.tag"), "end.is");
  const acc = readLimbs(b, table.limbs, at, "end.acc");
  const reduced = mulModulo(b, acc, constantLimbs(b, 1n), job.modulus, "reduced");
  const result = wordOfLimbs(b, reduced, "result");
  const modulus = wordOfLimbs(b, job.modulus, "modulus.used");
  assertTrue(b, isLessWord(b, result, modulus, "result.isLess"), "result.isReduced");
  return result;
}
