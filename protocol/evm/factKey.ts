/**
 * Keys of facts: what a step of execution asks, and what is answered, in one integer below 2^218.
 *
 * A fact is a statement the circuit has proven, such as "the sum of word 512 and word 700 is word 1033" or "at time 40, in
 * frame 3, MSTORE costs 6 gas". Its key holds the opcode (or tag), the question (operands, and when and where it is asked)
 * and the answers `z` and `y`. All fields have their own bits, so equal keys mean equal fields.
 */
import { StackError } from "../errors.ts";

export type FactField = "a" | "b" | "z" | "y" | "t" | "f" | "sp" | "pc" | "gas" | "op" | "active";

/** First bit and width. */
export const FACT_FIELDS: Readonly<Record<FactField, { readonly at: number; readonly bits: number }>> = {
  /** Ids of the operands: top of the stack, and the word below. */
  a: { at: 0, bits: 20 },
  b: { at: 20, bits: 20 },
  /** Answer: id of a word, or a program counter. */
  z: { at: 40, bits: 20 },
  /** Answer: gas, or a frame. */
  y: { at: 60, bits: 36 },
  /** Number of the row. */
  t: { at: 96, bits: 20 },
  /** Frame. */
  f: { at: 116, bits: 14 },
  /** Index of the top word in the table that holds the stacks of all frames. */
  sp: { at: 130, bits: 16 },
  /** Position in the table of all code. */
  pc: { at: 146, bits: 20 },
  /** The chunk's gas counter. */
  gas: { at: 166, bits: 36 },
  /** Opcode or tag (protocol/evm/tags.ts). */
  op: { at: 204, bits: 13 },
  /** 1 in every fact; 0 in the unused entry of a table, so that no question meets it. */
  active: { at: 217, bits: 1 },
};

/** Fields that are left out are 0. */
export type FactKey = { readonly op: number } & Partial<
  Record<Exclude<FactField, "op" | "active">, number | bigint>
>;

export type FactError = { code: "FACT_FIELD_OUT_OF_RANGE"; field: string; bits: number; value: bigint };

/** The key of a fact. Throws FACT_FIELD_OUT_OF_RANGE. */
export function factKey(fact: FactKey): bigint {
  let key = 1n << BigInt(FACT_FIELDS.active.at);
  for (const field in fact) {
    const value = BigInt(fact[field as keyof FactKey]!);
    const { at, bits } = FACT_FIELDS[field as FactField];
    if (value < 0n || value >> BigInt(bits))
      throw new StackError<FactError>({ code: "FACT_FIELD_OUT_OF_RANGE", field, bits, value }, "fatal");
    key |= value << BigInt(at);
  }
  return key;
}

const mask = (field: FactField): bigint =>
  ((1n << BigInt(FACT_FIELDS[field].bits)) - 1n) << BigInt(FACT_FIELDS[field].at);
const ANSWERS = mask("z") | mask("y");

/** The key without its answers. */
export const questionOf = (key: bigint): bigint => key - (key & ANSWERS);

/** One field of a key. */
export const fieldOf = (key: bigint, field: FactField): bigint =>
  (key & mask(field)) >> BigInt(FACT_FIELDS[field].at);
