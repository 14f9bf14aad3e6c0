/**
 * Which opcode an entry of an arithmetic chip executes.
 *
 * Proves: at most one flag is 1; `active` = their sum; `opcode` = the number of the opcode that is chosen, 0 if none is.
 * Enforces: every flag and their sum is boolean.
 * Sound because: n boolean flags add up to an integer at most n < p, which is boolean only if at most one of them is 1.
 * Cost: n flags: n + 1 + 2 ceil(n / 3) gates; one flag: 2.
 */
import { sum } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, promiseBits, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U8, Word } from "../../builder/wire.ts";
import type { ArithmeticOpcode } from "../../../protocol/evm/arithmetic.ts";
import { OPCODE } from "../../../protocol/evm/opcodes.ts";

/** The witness's choice; undefined: the entry is inactive. */
export type Choose<Name extends ArithmeticOpcode> = () => Name | undefined;

export interface Choice<Name extends ArithmeticOpcode> {
  readonly flags: Readonly<Record<Name, Bool>>;
  readonly active: Bool;
  readonly opcode: U8;
}

/** What a core returns. The halves of `result` are below 2^128, also where the entry is inactive. */
export interface Core<Name extends ArithmeticOpcode> extends Choice<Name> {
  readonly result: Word;
}

export interface Operands {
  readonly x: Word;
  readonly y: Word;
}

export function chooseOpcode<Name extends ArithmeticOpcode>(
  b: Builder,
  names: readonly Name[],
  choose: Choose<Name>,
): Choice<Name> {
  const chosen = names.map((name) => witnessBool(b, `is.${name}`, () => choose() === name));
  const count = chosen.map((flag): Term => [1n, flag]);
  const codes = names.map((name, i): Term => [BigInt(OPCODE[name]!), chosen[i]!]);
  return {
    flags: Object.fromEntries(names.map((name, i) => [name, chosen[i]!])) as Record<Name, Bool>,
    active: chosen.length === 1 ? chosen[0]! : assertBits(b, sum(b, count, 0n, "active"), 1, "active"),
    opcode: promiseBits(b, sum(b, codes, 0n, "opcode"), 8, "opcode"),
  };
}
