/**
 * The chips of the facts JOIN and MERGE (protocol/evm/tags.ts): untimed, so one entry serves every use.
 *
 * Proves: the word of an entry's key (JOIN | MERGE, a, b, sp) is made of the bytes of words a and b.
 * Assumes: nothing. Enforces: `joinWords.ts`, `mergeWords.ts` of the gadgets, for any sp below 32, or up to 32.
 * Sound because: the entry's own id is a constant of the circuit and it defines its word once.
 * Cost: JOIN 67 gates, MERGE 80, without the 9 of the tables.
 */
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { MAX_FIELD, type U128, type Wire, type Word } from "../../../builder/wire.ts";
import { byteCount, type BytePowers, byteShift } from "../../../gadgets/alu/bytePowers.ts";
import { joinWords } from "../../../gadgets/alu/joinWords.ts";
import { mergeWords } from "../../../gadgets/alu/mergeWords.ts";
import type { ByteFactEntry } from "../../../../protocol/evm/plan/memory/byteFactsPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";

export interface ByteFactShape {
  readonly joins: number;
  readonly merges: number;
}
export interface ByteFactLists {
  readonly joins: readonly ByteFactEntry[];
  readonly merges: readonly ByteFactEntry[];
}

export function byteFactChips(
  b: Builder,
  facts: Facts,
  powers: BytePowers,
  shape: ByteFactShape,
  plan: () => ByteFactLists,
): void {
  for (let i = 0; i < shape.joins; i++)
    b.scope(`join[${i}]`, () => byteFact(b, facts, "joins", i, powers, () => plan().joins[i]));
  for (let i = 0; i < shape.merges; i++)
    b.scope(`merge[${i}]`, () => byteFact(b, facts, "merges", i, powers, () => plan().merges[i]));
}

function byteFact(
  b: Builder,
  facts: Facts,
  chip: "joins" | "merges",
  i: number,
  powers: BytePowers,
  entry: () => ByteFactEntry | undefined,
): void {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const a = witnessBits(b, 20, "a", () => BigInt(entry()?.a ?? 0));
  const second = witnessBits(b, 20, "b", () => BigInt(entry()?.b ?? 0));
  const words: [Word, Word] = [facts.word(a, "a.word"), facts.word(second, "b.word")];
  const isJoin = chip === "joins";
  const sp = witnessBits(b, isJoin ? 5 : 6, "shift", () => BigInt(entry()?.shift ?? 0));
  const result = isJoin
    ? joinWords(b, words, byteShift(b, powers, sp, "shift"), "result")
    : mergeWords(b, words, byteCount(b, powers, sp, "shift"), "result");
  facts.defineWord(chip, i, isJoin ? result : bounded(b, result));
  const op = BigInt(isJoin ? Tag.JOIN : Tag.MERGE);
  facts.defineKey(chip, i, active, { op, a, b: second, sp, z: facts.wordId(chip, i) }, "key");
}

/** Halves that were operands' are proven small again: an entry may name its own word, whose bound would rest on itself. */
function bounded(b: Builder, { hi, lo }: Word): Word {
  const again = ({ index }: Wire, name: string): U128 => assertBits(b, { index, max: MAX_FIELD }, 128, name);
  return { hi: again(hi, "result.hi"), lo: again(lo, "result.lo") };
}
