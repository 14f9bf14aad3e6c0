/**
 * Calls of SHA-256, RIPEMD-160 and BLAKE2 F: their jobs are found by the message commitment of the input.
 *
 * Proves: `first` and `second` are the output's words where something is written, else 0; `rounds` the gas of BLAKE2 F (EIP-152);
 *   `succeeds` = 1 iff it takes its input.
 * Assumes: at most one of the kinds; `isRight`: a call of BLAKE2 F of 213 bytes.
 * Enforces: PC-3 and PC-4 of these contracts. Cost: 130 gates and a message.
 */
import { assertEqualIf, mul, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits } from "../../../builder/ranges.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import type { PrecompileTables, words } from "./precompileTables.ts";
import { wordIf } from "./transfer.ts";

export interface Compressing {
  /** Of the input; any where nothing is asked. */
  readonly commitment: Wire;
  /** Calls that are answered. */
  readonly hashes: Bool;
  readonly hashes160: Bool;
  readonly isRight: Bool;
  /** A call of BLAKE2 F that is answered. */
  readonly writes: Bool;
}

export interface Compressed {
  readonly rounds: Wire;
  readonly succeeds: Bool;
  readonly first: Word;
  readonly second: Word;
}

export function compressCall(
  b: Builder,
  { sha256, ripemd160, blake2f }: PrecompileTables,
  { commitment, hashes, hashes160, isRight, writes }: Compressing,
): Compressed {
  const job = (table: HashTable, condition: Bool, name: string): Wire =>
    findJob(b, table, { commitment, condition }, name);
  const a = job(sha256, hashes, "sha256");
  const c = job(ripemd160, hashes160, "ripemd160");
  const f = job(blake2f, isRight, "blake2f");
  const wellFormed = blake2f.wellFormed.read(b, f, "blake2f.wellFormed");
  assertImplies(b, writes, blake2f.answered.read(b, f, "blake2f.answered"), "blake2f.isAnswered");
  const of = (table: ReturnType<typeof words>, place: Wire, name: string): Word => ({ hi: table.hi.read(b, place, `${name}.hi`), lo: table.lo.read(b, place, `${name}.lo`) }); // prettier-ignore
  const own = wordIf(b, writes, of(blake2f.first, f, "blake2f.first"), "blake2f.own");
  const first = sumWords(b, [of(sha256.output, a, "sha256.output"), of(ripemd160.output, c, "ripemd160.output"), own], "hash"); // prettier-ignore
  return {
    rounds: blake2f.rounds.read(b, f, "blake2f.rounds"),
    succeeds: and(b, isRight, wellFormed, "blake2f.succeeds"),
    first,
    second: wordIf(b, writes, of(blake2f.second, f, "blake2f.second"), "blake2f.second.own"),
  };
}

type HashTable = Pick<PrecompileTables["sha256"], "jobs" | "commitment">;

/** The place of the job of this input; 0 where nothing is asked. */
function findJob(
  b: Builder,
  { jobs, commitment }: HashTable,
  asked: { readonly commitment: Wire; readonly condition: Bool },
  name: string,
): Wire {
  const { condition } = asked;
  const found = (): number => jobs.findIndex((wire) => b.value(wire) === b.value(asked.commitment));
  const place = witnessBits(b, 14, `${name}.job`, () =>
    b.value(condition) === 0n ? 0n : BigInt(found() + 1),
  );
  assertEqualIf(b, condition, commitment.read(b, place, `${name}.commitment`), asked.commitment, `${name}.isInput`); // prettier-ignore
  return assertBits(b, mul(b, condition, place, `${name}.job.own`), 14, `${name}.job.own`);
}

/** Assumes that at most one is not 0. */
export function sumWords(b: Builder, list: readonly Word[], name: string): Word {
  const half = (part: "hi" | "lo"): U128 =>
    assertBits(b, sum(b, list.map((word): Term => [1n, word[part]]), 0n, `${name}.${part}`), 128, `${name}.${part}`); // prettier-ignore
  return { hi: half("hi"), lo: half("lo") };
}
