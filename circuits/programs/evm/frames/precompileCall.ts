/**
 * One call of a precompiled contract (precompileCalls.ts: PC-1 to PC-4): its kind, gas, answer, and what it writes.
 * Cost: 620 gates and a copy.
 */
import { combine, isConstant, sum } from "../../../builder/arithmetic.ts";
import { and, assertImplies, or } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { BLAKE2F_BYTES, ECRECOVER_WORDS, MODEXP_WORDS, type PrecompileEntry } from "../../../../protocol/evm/plan/frames/precompilePlan.ts"; // prettier-ignore
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import { wordsOf } from "../memory/operands.ts";
import { compressCall, sumWords } from "./compressCall.ts";
import { modexpCall } from "./modexpCall.ts";
import { copyInput, inputWords, type PrecompileServices, writeOutput } from "./precompileMemory.ts";
import type { PrecompileTables } from "./precompileTables.ts";
import { recoverCall } from "./recoverCall.ts";

const NUMBERS = { ecrecover: 1n, sha256: 2n, ripemd160: 3n, identity: 4n, modexp: 5n, blake2f: 9n } as const;
type Kind = keyof typeof NUMBERS;
const KINDS = Object.keys(NUMBERS) as Kind[];

/** Gas at once, and a word of input. */
const GAS: Readonly<Record<Kind, readonly [bigint, bigint]>> = {
  ecrecover: [3_000n, 0n],
  sha256: [60n, 12n],
  ripemd160: [600n, 120n],
  identity: [15n, 3n],
  modexp: [0n, 0n],
  blake2f: [0n, 0n],
};

/** What an end and its call agree on, in bits. */
export const CALL_FIELDS = { t: 20, number: 4, inputStart: 25, inputLength: 24, memoryBase: 20, memoryLimit: 20, gas: 36, fails: 1, outputLength: 24, answers: 1 } as const; // prettier-ignore
export type CallFields = Readonly<Record<keyof typeof CALL_FIELDS, Wire>>;

interface Kinds {
  readonly is: Readonly<Record<Kind, Bool>>;
  readonly active: Bool;
  readonly answers: Bool;
}

/** PC-1. */
function readKinds(b: Builder, entry: () => PrecompileEntry | undefined): Kinds {
  const kinds = KINDS.map((kind) => [kind, witnessBool(b, kind, () => BigInt(entry()?.number ?? 0) === NUMBERS[kind])] as const); // prettier-ignore
  const active = assertBits(b, sum(b, kinds.map(([, bit]): Term => [1n, bit]), 0n, "active"), 1, "kind.one"); // prettier-ignore
  const answers = witnessBool(b, "answers", () => entry()?.answers ?? false);
  assertImplies(b, answers, active, "answers.active");
  return { is: Object.fromEntries(kinds) as Record<Kind, Bool>, active, answers };
}

export function precompileCall(
  b: Builder,
  services: PrecompileServices,
  tables: PrecompileTables,
  entry: () => PrecompileEntry | undefined,
): { readonly fields: CallFields; readonly active: Bool } {
  const kinds = readKinds(b, entry);
  const { is, active, answers } = kinds;
  const field = (name: "t" | "inputStart" | "inputLength" | "memoryBase" | "memoryLimit"): Wire =>
    witnessBits(b, CALL_FIELDS[name], name, () => BigInt(entry()?.[name] ?? 0));
  const [t, inputStart, inputLength, memoryBase, memoryLimit] = [field("t"), field("inputStart"), field("inputLength"), field("memoryBase"), field("memoryLimit")]; // prettier-ignore
  const row = { t, inputStart, inputLength, memoryBase };
  const does = (kind: Kind): Bool => and(b, is[kind], answers, `${kind}.answers`);
  const [recovers, hashes, hashes160, copies] = [does("ecrecover"), does("sha256"), does("ripemd160"), does("identity")]; // prettier-ignore
  const isRight = and(b, is.blake2f, isConstant(b, inputLength, BigInt(BLAKE2F_BYTES), "is213Bytes"), "blake2f.isRight"); // prettier-ignore
  const asks = assertBits(b, sum(b, [[1n, isRight], [1n, or(b, hashes, hashes160, "hashes")]], 0n, "asks"), 1, "asks"); // prettier-ignore
  const commitment = services.messages.commitment({ t, sub: Sub.READ, start: inputStart, length: inputLength }, "input", asks); // prettier-ignore
  const compresses = and(b, is.blake2f, answers, "blake2f.writes");
  const compressed = compressCall(b, tables, { commitment, hashes, hashes160, isRight, writes: compresses });
  const raises = is.modexp;
  const cell = copyInput(b, services, row, { copies, recovers, raises });
  const input = inputWords(b, services, { t, cell }, { recovers, raises });
  const recovered = recoverCall(b, services.facts, tables.ecrecover, { recovers, input });
  const power = modexpCall(b, services.facts, tables.modexp, { isCall: raises, answers: does("modexp"), words: input, result: () => entry()?.result ?? 0 }); // prettier-ignore
  const { words } = wordsOf(b, inputLength, "input.words");
  const gas = combine(b, [[1n, ofKind(b, kinds, ([, word]) => word, "perWord"), words]], [[1n, ofKind(b, kinds, ([once]) => once, "once")], [1n, compressed.rounds], [1n, power.gas]], 0n, "gas"); // prettier-ignore
  const fails = assertBits(b, sum(b, [[1n, is.blake2f], [-1n, compressed.succeeds]], 0n, "fails"), 1, "fails"); // prettier-ignore
  b.assertZero([[1n, fails, answers]], [], 0n, "fails.noAnswer"); // prettier-ignore
  const one = assertBits(b, sum(b, [[1n, hashes], [1n, hashes160], [1n, recovered.success], [1n, compresses]], 0n, "writes"), 1, "writes"); // prettier-ignore
  const some = assertBits(b, sum(b, [[1n, one], [1n, power.writes]], 0n, "writes.some"), 1, "writes.some"); // prettier-ignore
  const first = sumWords(b, [compressed.first, recovered.address, power.output], "output");
  const output = [
    { word: first, condition: some },
    { word: compressed.second, condition: compresses },
  ];
  output.forEach((word, j) => writeOutput(b, services, row, { ...word, j, id: () => entry()?.output[j] ?? 0 })); // prettier-ignore
  const outputLength = combine(b, [[1n, copies, inputLength]], [[32n, one], [32n, compresses], [1n, power.outputLength]], 0n, "outputLength"); // prettier-ignore
  // Output, and the words of ecrecover and modexp, are within the frame's memory.
  const needed = combine(b, [[1n, copies, words]], [[1n, one], [1n, compresses], [BigInt(ECRECOVER_WORDS + 1), recovers], [-1n, recovered.success], [BigInt(MODEXP_WORDS + 1), raises]], 0n, "memory.words"); // prettier-ignore
  assertBits(b, sum(b, [[1n, memoryLimit], [-1n, needed]], 0n, "memory.room"), 20, "memory.withinLimit"); // prettier-ignore
  const number = sum(b, KINDS.map((kind): Term => [NUMBERS[kind], is[kind]]), 0n, "number"); // prettier-ignore
  const fields = {
    ...row,
    memoryLimit,
    number: assertBits(b, number, CALL_FIELDS.number, "number"),
    gas: assertBits(b, gas, CALL_FIELDS.gas, "gas"),
    fails,
    outputLength: assertBits(b, outputLength, CALL_FIELDS.outputLength, "outputLength"),
    answers,
  };
  return { fields, active };
}

const ofKind = (
  b: Builder,
  { is }: Kinds,
  value: (gas: readonly [bigint, bigint]) => bigint,
  name: string,
): Wire => sum(b, KINDS.map((kind): Term => [value(GAS[kind]), is[kind]]), 0n, name); // prettier-ignore
