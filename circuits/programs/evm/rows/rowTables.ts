/** The table of instructions (protocol/evm/instructions.ts) as one column: an entry's digits are what a row that executes it does. */
import type { Builder } from "../../../builder/builder.ts";
import { type DigitPlace, joinDigits } from "../../../builder/digits.ts";
import { fieldRom, type Rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { INSTRUCTION, type Instruction, ROW_FLAGS } from "../../../../protocol/evm/instructions.ts";

/** `flags`: sum of 2^i over ROW_FLAGS, then whether it continues. Each has room for whatever a row's registers can hold. */
export const ROW_DIGITS = {
  flags: { at: 0, bits: 13 },
  pops: { at: 13, bits: 19 },
  pushes: { at: 32, bits: 19 },
  length: { at: 51, bits: 23 },
  next: { at: 74, bits: 16 },
  gas: { at: 90, bits: 39 },
} as const satisfies Record<string, DigitPlace>;

/** Of what is no instruction: more than any digits make. */
const NONE = 1n << 200n;

export const instructionTable = (b: Builder): Rom<Wire> =>
  fieldRom(b, INSTRUCTION.map((instruction) => b.constant(instruction ? entryOf(instruction) : NONE)), "instructions"); // prettier-ignore

function entryOf({ flags, pops, delta, length, next, gas }: Instruction): bigint {
  const bits = ROW_FLAGS.reduce((sum, flag, i) => sum + (flags.has(flag) ? 1 << i : 0), 0);
  const values = { flags: bits, pops, pushes: pops + delta, length, next, gas };
  return joinDigits(
    Object.entries(ROW_DIGITS).map(([name, place]) => ({
      ...place,
      value: BigInt(values[name as keyof typeof values]),
    })),
  );
}
