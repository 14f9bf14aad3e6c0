/**
 * The steps of `modexpPool`, shared by its jobs: acc^16 * base^digit for each digit of 4 bits, and the accumulator after each.
 *
 * Proves: `accumulators` holds, under the tag (job, n), the accumulator of the job after its first n digits from `skipped` on.
 * Assumes: each job's powers are those of its base modulo its modulus.
 * Enforces: the run's order, digits, powers and modulus read at the row's job, five multiplications.
 * Sound because: by induction; an accumulator starts as 1. An index beyond a job's digits has n above their number, which no
 *   job asks for.
 * Cost: 366 gates a step (multiplications 315), 420 a job for tables.
 */
import { mux, sum } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { fieldRom, type Rom, rom } from "../../builder/rom.ts";
import type { U64, Wire } from "../../builder/wire.ts";
import { constantLimbs, type Limbs } from "../limbs.ts";
import { COUNT_BITS, nextRow, type RunPlan, type RunRow, tagAfter } from "./jobRuns.ts";
import { DIGITS, type Exponent } from "./modexpExponent.ts";
import { mulModulo } from "./mulModulo.ts";

/** Powers of the base that a job prepares: one for each value of a digit. */
export const POWERS = 16;
const LIMBS = [0, 1, 2, 3] as const;

export interface Exponentiation {
  readonly exponent: Exponent;
  readonly modulus: Limbs;
  /** base^0 .. base^15. */
  readonly powers: readonly Limbs[];
}

export type StepRow = RunRow & { readonly acc: Limbs };

export function stepRows(
  b: Builder,
  jobs: readonly Exponentiation[],
  count: number,
  plan: (i: number) => RunPlan,
): StepRow[] {
  const tables = tablesOf(b, jobs);
  const one = constantLimbs(b, 1n);
  const rows: StepRow[] = [];
  for (let i = 0; i < count; i++)
    b.scope(`step[${i}]`, () => {
      const before = rows[i - 1];
      const run = nextRow(b, before, jobs.length, () => plan(i));
      const first = tables.firsts.read(b, run.job, "first");
      const digitAt = sum(b, [[1n, first], [1n, run.earlier]], 0n, "digit.at"); // prettier-ignore
      const digit = tables.digits.read(b, digitAt, "digit");
      const modulus = readLimbs(b, tables.moduli, run.job, "modulus");
      const powerAt = sum(b, [[BigInt(POWERS), run.job], [1n, digit]], 0n, "power.at"); // prettier-ignore
      const power = readLimbs(b, tables.powers, powerAt, "power");
      let acc = before === undefined ? one : muxLimbs(b, run, before.acc, one);
      for (let n = 0; n < 4; n++) acc = mulModulo(b, acc, acc, modulus, `square[${n}]`);
      rows.push({ ...run, acc: mulModulo(b, acc, power, modulus, "product") });
    });
  return rows;
}

export interface Accumulators {
  readonly tags: Rom<Wire>;
  readonly limbs: readonly Rom<U64>[];
}

/** 1 for each job, before any step; then what each row leaves. */
export function accumulators(
  b: Builder,
  jobs: readonly Exponentiation[],
  rows: readonly StepRow[],
): Accumulators {
  const one = constantLimbs(b, 1n);
  const first = jobs.map((_, i) => b.constant(BigInt(i) << BigInt(COUNT_BITS)));
  const tags = [...first, ...rows.map((row, i) => tagAfter(b, row, `tag[${i}]`))];
  const values = [...jobs.map(() => one), ...rows.map(({ acc }) => acc)];
  return { tags: fieldRom(b, tags, "tags"), limbs: limbTables(b, values, "acc") };
}

function tablesOf(b: Builder, jobs: readonly Exponentiation[]) {
  const firsts = jobs.map(({ exponent }, i) =>
    sum(b, [[1n, exponent.skipped]], BigInt(DIGITS * i), `first[${i}]`),
  );
  // One digit more, for a row that begins a job without digits: no job asks for what it leaves.
  const digits = [...jobs.flatMap(({ exponent }) => exponent.digits), b.zero];
  return {
    firsts: rom(b, firsts, "firsts"),
    digits: rom(b, digits, "digits"),
    moduli: limbTables(b, jobs.map((job) => job.modulus), "moduli"), // prettier-ignore
    powers: limbTables(b, jobs.flatMap((job) => job.powers), "powers"), // prettier-ignore
  };
}

const limbTables = (b: Builder, values: readonly Limbs[], name: string): Rom<U64>[] =>
  LIMBS.map((i) => rom(b, values.map((limbs) => limbs[i]), `${name}[${i}]`)); // prettier-ignore

export const readLimbs = (b: Builder, tables: readonly Rom<U64>[], at: Wire, name: string): Limbs =>
  tables.map((table, i) => table.read(b, at, `${name}[${i}]`)) as unknown as Limbs;

const muxLimbs = (b: Builder, { continues }: RunRow, x: Limbs, y: Limbs): Limbs =>
  LIMBS.map((i) => mux(b, continues, x[i], y[i], `acc[${i}]`)) as unknown as Limbs;
