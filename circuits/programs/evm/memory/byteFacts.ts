/**
 * The chips of the facts JOIN and MERGE (protocol/evm/tags.ts): untimed, so one entry serves every use.
 *
 * Proves: the word of an entry's key (JOIN | MERGE, a, b, sp) is made of the bytes of words a and b.
 * Assumes: nothing. Enforces: `wordBytes.ts`; sp = 16 * far + bytes, 16 more where a MERGE takes a whole.
 * Sound because: the entry's own id is a constant of the circuit and it defines its word once.
 * Cost: JOIN 78 gates, MERGE 65, without the tables' 9.
 */
import type { Builder } from "../../../builder/builder.ts";
import { witnessBits, witnessBool } from "../../../builder/ranges.ts";
import type { Rom } from "../../../builder/rom.ts";
import type { Wire, Word } from "../../../builder/wire.ts";
import type { ByteFactEntry } from "../../../../protocol/evm/plan/memory/byteFactsPlan.ts";
import { Tag } from "../../../../protocol/evm/tags.ts";
import type { Facts } from "../facts/facts.ts";
import { bytePowers, joinWords, mergeWords, shiftOf } from "./wordBytes.ts";

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
  shape: ByteFactShape,
  plan: () => ByteFactLists,
): void {
  const powers = bytePowers(b);
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
  powers: Rom<Wire>,
  entry: () => ByteFactEntry | undefined,
): void {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const a = witnessBits(b, 20, "a", () => BigInt(entry()?.a ?? 0));
  const second = witnessBits(b, 20, "b", () => BigInt(entry()?.b ?? 0));
  const words: [Word, Word] = [facts.word(a, "a.word"), facts.word(second, "b.word")];
  const shift = (): number => entry()?.shift ?? 0;
  const far = witnessBool(b, "far", () => shift() >= 16);
  const bytes = witnessBits(b, 4, "bytes", () => BigInt(shift() % 16));
  const z = facts.wordId(chip, i);
  if (chip === "joins") {
    facts.defineWord(chip, i, joinWords(b, powers, words, { far, bytes }));
    const sp = shiftOf(b, { far, bytes }, undefined, "shift");
    facts.defineKey(chip, i, active, { op: BigInt(Tag.JOIN), a, b: second, sp, z }, "key");
    return;
  }
  const whole = witnessBool(b, "whole", () => shift() === 32);
  facts.defineWord(chip, i, mergeWords(b, powers, words, { far, bytes, whole }));
  const sp = shiftOf(b, { far, bytes }, whole, "shift");
  facts.defineKey(chip, i, active, { op: BigInt(Tag.MERGE), a, b: second, sp, z }, "key");
}
