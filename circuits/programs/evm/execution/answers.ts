/**
 * GAS and BLOCKHASH.
 *
 * Proves: z of an entry's key is the id of the gas that the frame has left after the opcode; or of the hash of the block that word
 *   a names, 0 unless it is one of the 256 before the frame's own.
 * Assumes: the frame's columns, the tables of transactions, `BlockHashes`.
 * Enforces: AN-1 one kind; AN-2 GAS: the word is gas - 2 - floor >= 0; AN-3 BLOCKHASH: a is huge (its high half is not 0), or not
 *   before the block, or more than 256 before it, and the word is 0; or it is one of the 256, and the word is the hash of an
 *   available entry with that number.
 * Sound because: the four cases exclude one another by the ranges of a's distance. An entry's place is a - previous + ancestors,
 *   so it has that number if it is available; one that is not has no proof.
 * Cost: 86 gates, 40 a block hash.
 */
import { combine, mul, sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { type Rom, rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { splitField } from "../../../gadgets/canonicalField.ts";
import { inverse } from "../../../../protocol/field.ts";
import { FACT_FIELDS } from "../../../../protocol/evm/factKey.ts";
import { BLOCK_HASH_WINDOW } from "../../../../protocol/evm/machine/environment.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { type AnswerEntry, GAS_COST } from "../../../../protocol/evm/plan/execution/answers.ts";
import type { BlockHashEntry, BlockHashes } from "../blocks/blockHashes.ts";
import { type TimedQuestion, witnessQuestion } from "../timed.ts";
import type { ExecutionServices } from "./services.ts";
import type { TransactionTables } from "./transactionTables.ts";

export interface AnswerServices extends Pick<ExecutionServices, "facts" | "frames" | "capacities"> {
  readonly transactions: TransactionTables;
  readonly hashes: HashTable;
}

/** The block hashes as words. */
export interface HashTable {
  readonly available: Rom<Bool>;
  readonly hi: Rom<U128>;
  readonly lo: Rom<U128>;
  /** Number of the block of entry 0, modulo p: may be below 0. */
  readonly first: Wire;
}

/** `previousNumber`: of the block before the chunk; `ancestors`: entries before its own. */
export function hashTable(
  b: Builder,
  { entries }: BlockHashes,
  previousNumber: Wire,
  ancestors: number,
): HashTable {
  return b.scope("hashTable", () => {
    const words = entries.map(({ hash }: BlockHashEntry, i) => splitField(b, hash, `hash[${i}]`));
    return {
      available: rom(b, entries.map(({ available }) => available), "available"),
      hi: rom(b, words.map(({ hi }) => hi), "hi"),
      lo: rom(b, words.map(({ lo }) => lo), "lo"),
      first: sum(b, [[1n, previousNumber]], -BigInt(ancestors), "first"),
    }; // prettier-ignore
  });
}

export function answerChip(
  b: Builder,
  services: AnswerServices,
  entry: (i: number) => AnswerEntry | undefined,
): void {
  for (let i = 0; i < services.capacities.answers; i++)
    b.scope(`answer[${i}]`, () => answer(b, services, i, () => entry(i)));
}

function answer(b: Builder, services: AnswerServices, i: number, entry: () => AnswerEntry | undefined): void {
  const { facts, frames } = services;
  const isGas = witnessBool(b, "isGas", () => entry()?.fact.op === OPCODE.GAS);
  const isHash = witnessBool(b, "isHash", () => entry()?.fact.op === OPCODE.BLOCKHASH);
  const active = assertBits(
    b,
    sum(
      b,
      [
        [1n, isGas],
        [1n, isHash],
      ],
      0n,
      "active",
    ),
    1,
    "kind.one",
  ); // AN-1
  const q = witnessQuestion(b, () => entry()?.fact);
  const z = witnessBits(b, FACT_FIELDS.z.bits, "z", () => BigInt(entry()?.fact.z ?? 0));
  const rest = sum(b, [[1n, q.gas], [-1n, frames.read("floor", q.f, "floor")]], -GAS_COST, "gas.left"); // prettier-ignore
  const left = assertBits(b, mul(b, isGas, rest, "gas.leftIfAsked"), FACT_FIELDS.gas.bits, "gas.left.range");
  const hash = blockHash(b, services, { q, isHash, asked: facts.word(q.a, "asked") });
  // AN-2, AN-3: of both, at least one is 0.
  const word = facts.word(z, "word");
  b.assertZero([[1n, active, word.lo], [-1n, isHash, hash.lo]], [[-1n, left]], 0n, "word.isLo"); // prettier-ignore
  b.assertZero([[1n, active, word.hi], [-1n, isHash, hash.hi]], [], 0n, "word.isHi"); // prettier-ignore
  const op = sum(b, [[BigInt(OPCODE.GAS!), isGas], [BigInt(OPCODE.BLOCKHASH!), isHash]], 0n, "op"); // prettier-ignore
  // GAS has no operands: the row asks with zeros.
  const own = (wire: Wire, name: string): Wire => mul(b, isHash, wire, name);
  facts.defineTimedKey(
    "answers",
    i,
    active,
    { op, ...q, a: own(q.a, "a.own"), b: own(q.b, "b.own"), z },
    "key",
  );
}

type Asked = { readonly q: TimedQuestion; readonly isHash: Bool; readonly asked: Word };

/** AN-3: the word answered; any where nothing is asked. */
function blockHash(
  b: Builder,
  { frames, transactions, hashes }: AnswerServices,
  { q, isHash, asked }: Asked,
): Word {
  const transaction = frames.read("transaction", q.f, "transaction");
  const number = transactions.number.read(b, transaction, "number");
  const behind = (): bigint => b.value(number) - b.value(asked.lo);
  const when = (name: string, holds: () => boolean): Bool =>
    witnessBool(b, name, () => b.value(isHash) === 1n && holds());
  const isSmall = (): boolean => b.value(asked.hi) === 0n;
  const isHuge = when("isHuge", () => !isSmall());
  const isLater = when("isLater", () => isSmall() && behind() <= 0n);
  const isOld = when("isOld", () => isSmall() && behind() > BLOCK_HASH_WINDOW);
  const isKnown = when("isKnown", () => isSmall() && behind() > 0n && behind() <= BLOCK_HASH_WINDOW);
  const cases: Term[] = [isHuge, isLater, isOld, isKnown].map((bit): Term => [1n, bit]);
  b.assertZero([], [...cases, [-1n, isHash]], 0n, "case.one"); // prettier-ignore
  const inverted = b.witness("asked.hi.inverse", () =>
    b.value(asked.hi) === 0n ? 0n : inverse(b.value(asked.hi)),
  );
  b.assertZero([[1n, mul(b, isHuge, asked.hi, "huge.hi"), inverted]], [[-1n, isHuge]], 0n, "huge.isHuge"); // prettier-ignore
  const isNear = sum(b, [[1n, isLater], [1n, isOld], [1n, isKnown]], 0n, "isNear"); // prettier-ignore
  b.assertZero([[1n, isNear, asked.hi]], [], 0n, "near.isSmall"); // prettier-ignore
  const distance = sum(b, [[1n, number], [-1n, asked.lo]], -1n, "distance"); // prettier-ignore
  assertBits(b, combine(b, [[-1n, isLater, distance]], [[-1n, isLater]], 0n, "later.distance"), 128, "later.isLater"); // prettier-ignore
  assertBits(b, combine(b, [[1n, isOld, distance]], [[-BLOCK_HASH_WINDOW, isOld]], 0n, "old.distance"), 64, "old.isOld"); // prettier-ignore
  assertBits(b, mul(b, isKnown, distance, "known.distance"), 8, "known.inWindow");
  const place = sum(b, [[1n, asked.lo], [-1n, hashes.first]], 0n, "place"); // prettier-ignore
  const at = assertBits(b, mul(b, isKnown, place, "place.own"), 16, "place.own");
  assertImplies(b, isKnown, hashes.available.read(b, at, "available"), "known.isAvailable");
  const half = (part: "hi" | "lo"): U128 =>
    promiseBits(b, mul(b, isKnown, hashes[part].read(b, at, part), `${part}.own`), 128, `${part}.own`);
  return { hi: half("hi"), lo: half("lo") };
}
