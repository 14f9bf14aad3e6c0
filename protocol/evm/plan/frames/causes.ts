/** Causes of exceptional halts that need no operand, and what they depend on. */
import { INSTRUCTION } from "../../instructions.ts";
import { OPCODES } from "../../opcodes.ts";

/**
 * gas: less is left than the instruction always costs; underflow, overflow: the stack; invalid: no instruction; static: a write
 * in a static frame; sentry: SSTORE with at most 2,300 gas left.
 */
export const CAUSES = ["gas", "underflow", "overflow", "invalid", "static", "sentry"] as const;
export type Cause = (typeof CAUSES)[number];

export interface CauseEntry {
  readonly cause: Cause;
  readonly f: number;
  readonly sp: number;
  readonly pc: number;
  readonly gas: bigint;
}

/** Gas at which SSTORE halts (EIP-2200). */
export const SENTRY = 2_300n;

/** SSTORE, TSTORE, LOG0 to LOG4, CREATE, CREATE2, SELFDESTRUCT (EIP-214); a CALL's value is an operand. */
const WRITES = new Set([0x55, 0x5d, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xf0, 0xf5, 0xff]);
const SSTORE = 0x55;

export interface InstructionFacts {
  readonly pops: number;
  readonly pushes: number;
  readonly gas: number;
  /** 0 or 1. */
  readonly isNone: number;
  readonly writes: number;
  readonly isStore: number;
}

/** Of an opcode all its rows together; of the machine's own instructions nothing. */
export function instructionFacts(op: number): InstructionFacts {
  const known = OPCODES[op];
  const [isNone, writes, isStore] = [Number(INSTRUCTION[op] === undefined), Number(WRITES.has(op)), Number(op === SSTORE)]; // prettier-ignore
  if (known === undefined) return { pops: 0, pushes: 0, gas: 0, isNone, writes, isStore };
  const { pops, pushes, gas } = known;
  return { pops, pushes, gas, isNone, writes, isStore };
}
