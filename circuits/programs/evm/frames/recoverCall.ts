/**
 * Calls of ecrecover: a job of the pool has the four words of the input.
 *
 * Proves: where `recovers` is 1, `success` and `address` are those of the job; else both are 0.
 * Assumes: `input`: ids of the words, with zeros after the input's end. Enforces: PC-3 and PC-4 of ecrecover. Cost: 60 gates.
 */
import { assertEqualIf, isConstant } from "../../../builder/arithmetic.ts";
import { and } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import type { EcrecoverJob } from "../../../gadgets/precompiles/ecrecover.ts";
import type { Facts } from "../facts/facts.ts";
import type { PrecompileTables } from "./precompileTables.ts";
import { wordIf } from "./transfer.ts";

const FIELDS = ["digest", "v", "r", "s"] as const;

export function recoverCall(
  b: Builder,
  facts: Facts,
  { jobs, inputs, success, address }: PrecompileTables["ecrecover"],
  { recovers, input }: { readonly recovers: Bool; readonly input: readonly Wire[] },
): { success: Bool; address: Word } {
  const words = inputs.map((_, j) => facts.word(input[j]!, `words[${j}]`));
  const same = (job: EcrecoverJob): boolean =>
    FIELDS.every((name, j) => b.value(job[name].hi) === b.value(words[j]!.hi) && b.value(job[name].lo) === b.value(words[j]!.lo)); // prettier-ignore
  const found = (): bigint => (b.value(recovers) === 0n ? 0n : BigInt(jobs.findIndex(same) + 1));
  const place = witnessBits(b, 14, "ecrecover.job", found);
  inputs.forEach((table, j) => {
    for (const half of ["hi", "lo"] as const)
      assertEqualIf(b, recovers, table[half].read(b, place, `ecrecover.${half}[${j}]`), words[j]![half], `ecrecover.isInput[${j}].${half}`); // prettier-ignore
  });
  const isRecovered = and(b, recovers, success.read(b, place, "ecrecover.success"), "ecrecover.recovers");
  // Entry 0 is nobody's: where it must be a job, it is one.
  b.assertZero([[1n, recovers, isConstant(b, place, 0n, "ecrecover.isNone")]], [], 0n, "ecrecover.isJob"); // prettier-ignore
  const own = { hi: address.hi.read(b, place, "ecrecover.address.hi"), lo: address.lo.read(b, place, "ecrecover.address.lo") }; // prettier-ignore
  return { success: isRecovered, address: wordIf(b, isRecovered, own, "ecrecover.own") };
}
