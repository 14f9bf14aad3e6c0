/** The table of instructions (protocol/evm/instructions.ts) as one column: an entry's digits are what a row that executes it does. */
import type { Builder } from "../../../builder/builder.ts";
import { type DigitPlace, joinDigits } from "../../../builder/digits.ts";
import { fieldRom, type Rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { INSTRUCTION, type Instruction, ROW_FLAGS } from "../../../../protocol/evm/instructions.ts";

/** `flags`: sum of 2^i over ROW_FLAGS. Each has room for whatever a row's registers can hold. */
export const ROW_DIGITS = {
  flags: { at: 0, bits: 14 },
  pops: { at: 14, bits: 19 },
  pushes: { at: 33, bits: 19 },
  peak: { at: 52, bits: 19 },
  sink: { at: 71, bits: 18 },
  dip: { at: 89, bits: 18 },
  length: { at: 107, bits: 23 },
  next: { at: 130, bits: 16 },
  gas: { at: 146, bits: 39 },
} as const satisfies Record<string, DigitPlace>;

/** Of what is no instruction: more than any digits make. */
const NONE = 1n << 200n;

export const instructionTable = (b: Builder): Rom<Wire> =>
  fieldRom(b, INSTRUCTION.map((instruction) => b.constant(instruction ? entryOf(instruction) : NONE)), "instructions"); // prettier-ignore

function entryOf({ flags, delta, ...rest }: Instruction): bigint {
  const bits = ROW_FLAGS.reduce((sum, flag, i) => sum + (flags.has(flag) ? 1 << i : 0), 0);
  const values = { ...rest, flags: bits, pushes: rest.pops + delta };
  return joinDigits(
    Object.entries(ROW_DIGITS).map(([name, place]) => ({
      ...place,
      value: BigInt(values[name as keyof typeof values]),
    })),
  );
}
