/** The table of instructions (protocol/evm/instructions.ts) as columns of constants. */
import type { Builder } from "../../../builder/builder.ts";
import { constantBits } from "../../../builder/ranges.ts";
import { fieldRom, rom, type Rom } from "../../../builder/rom.ts";
import type { Wire } from "../../../builder/wire.ts";
import { INSTRUCTION, type Instruction, ROW_FLAGS } from "../../../../protocol/evm/instructions.ts";

export interface InstructionColumns {
  /** Sum of 2^i over the flags of ROW_FLAGS; of what is no instruction, more than all of them. */
  readonly flags: Rom<Wire>;
  readonly pops: Rom<Wire>;
  /** Modulo p: may be negative. */
  readonly delta: Rom<Wire>;
  readonly length: Rom<Wire>;
  /** Modulo p: that of EXCEPTION is negative. */
  readonly gas: Rom<Wire>;
  readonly next: Rom<Wire>;
}

const NONE = 1n << BigInt(ROW_FLAGS.length);

export function instructionColumns(b: Builder): InstructionColumns {
  const column = (value: (instruction: Instruction) => number): Wire[] =>
    INSTRUCTION.map((instruction) => {
      const v = BigInt(instruction === undefined ? 0 : value(instruction));
      return v < 0n ? b.constant(v) : constantBits(b, 20, v);
    });
  const flags = INSTRUCTION.map((instruction) =>
    b.constant(instruction === undefined ? NONE : flagsOf(instruction)),
  );
  return {
    flags: rom(b, flags, "instruction.flags"),
    pops: rom(b, column(({ pops }) => pops), "instruction.pops"), // prettier-ignore
    delta: fieldRom(b, column(({ delta }) => delta), "instruction.delta"), // prettier-ignore
    length: rom(b, column(({ length }) => length), "instruction.length"), // prettier-ignore
    gas: fieldRom(b, column(({ gas }) => gas), "instruction.gas"), // prettier-ignore
    next: rom(b, column(({ next }) => next), "instruction.next"), // prettier-ignore
  };
}

const flagsOf = ({ flags }: Instruction): bigint =>
  ROW_FLAGS.reduce((bits, flag, i) => bits + (flags.has(flag) ? 1n << BigInt(i) : 0n), 0n);
