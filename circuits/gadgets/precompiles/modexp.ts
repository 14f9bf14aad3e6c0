/**
 * Modular exponentiation on operands of up to 32 bytes (EIP-198): a pool of calls, and of steps that they share.
 *
 * Proves: for each job, exponentBits = the bits of the exponent, all lengths are at most 32, and if answered = 1, result =
 *   base^exponent modulo modulus, an integer below it; 0 if the modulus is 0 or 1; 0^0 = 1.
 * Assumes: a caller cuts the three integers out of the input, takes `result` of answered jobs only, and returns its last
 *   `modulusLength` bytes. A job that is not used is of zeros and as true as any.
 * Enforces: 16 powers of the base by multiplication modulo m, m = modulus or 1 if that is 0; a step for each digit of 4
 *   bits: acc^16 * base^digit; the last acc reduced below m.
 * Parameters: `jobs`, `steps`, the capacities: an answered call takes ceil(exponentBits / 4) steps.
 * Sound because: all is exact modulo m; the table of accumulators holds under (job, n) what the first n digits that are
 *   used make (`modexpSteps.ts`), and a job reads it where n is their number. Digits skipped are zeros (`modexpExponent.ts`).
 *   `answered` is the prover's choice: 1 makes the result right, 0 makes it 0, and a call that answers asks for 1.
 * Cost: 366 gates a step, 1,726 a job, 530 once: 25,200 for an exponent of 256 bits, 2,100 for one of 4.
 */
import { isZero, mul, mux, sum } from "../../builder/arithmetic.ts";
import { assertTrue } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool, witnessWord } from "../../builder/ranges.ts";
import type { Rom } from "../../builder/rom.ts";
import type { Bool, U64, Wire, Word } from "../../builder/wire.ts";
import { constantLimbs, type Limbs, limbsOfWord, wordOfLimbs } from "../limbs.ts";
import { isLessWord } from "../word.ts";
import { powersOfTwo } from "./bitLength.ts";
import { COUNT_BITS, planRuns, tagOf } from "./jobRuns.ts";
import { type Exponent, exponentDigits } from "./modexpExponent.ts";
import { type Accumulators, accumulators, POWERS, readLimbs, stepRows } from "./modexpSteps.ts";
import { mulModulo } from "./mulModulo.ts";

export interface ModexpCall {
  /** Is the result wanted? A call that fails for its gas needs none, and takes no steps. */
  readonly answered: boolean;
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
  readonly answered: Bool;
  /** As an integer: its last `modulusLength` bytes are what the call returns. 0 where it is not answered. */
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
  calls: () => readonly ModexpCall[],
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
        const { operands, answered, exponent } = job;
        return {
          ...operands,
          answered,
          exponentBits: exponent.bits,
          result: closeJob(b, job, i, table, end),
        };
      }),
    );
  });
}

const NOTHING: ModexpCall = {
  answered: false,
  baseLength: 0,
  exponentLength: 0,
  modulusLength: 0,
  base: 0n,
  exponent: 0n,
  modulus: 0n,
};
const stepsOf = ({ answered, exponent }: ModexpCall): number =>
  !answered || exponent === 0n ? 0 : Math.ceil(exponent.toString(2).length / 4);

interface OpenJob {
  readonly operands: Omit<ModexpJob, "answered" | "result" | "exponentBits">;
  readonly answered: Bool;
  readonly exponent: Exponent;
  /** The modulus, 1 for 0. */
  readonly modulus: Limbs;
  /** base^0 .. base^15. */
  readonly powers: readonly Limbs[];
}

function openJob(b: Builder, call: () => ModexpCall, powersOf2: Rom<Wire>): OpenJob {
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
  const answered = witnessBool(b, "answered", () => call().answered);
  return { operands, answered, exponent, modulus, powers };
}

function closeJob(b: Builder, job: OpenJob, i: number, table: Accumulators, end: () => bigint): Word {
  const at = witnessBits(b, COUNT_BITS, "end", end);
  const { answered, exponent } = job;
  const steps = mul(b, answered, exponent.used, "steps");
  table.tags.assertAt(b, at, tagOf(b, BigInt(i), steps, "end.tag"), "end.is");
  const acc = readLimbs(b, table.limbs, at, "end.acc");
  const reduced = mulModulo(b, acc, constantLimbs(b, 1n), job.modulus, "reduced");
  const power = wordOfLimbs(b, reduced, "power");
  const modulus = wordOfLimbs(b, job.modulus, "modulus.used");
  assertTrue(b, isLessWord(b, power, modulus, "result.isLess"), "result.isReduced");
  const half = (part: "hi" | "lo") =>
    promiseBits(b, mul(b, answered, power[part], `result.${part}`), 128, part);
  return { hi: half("hi"), lo: half("lo") };
}
