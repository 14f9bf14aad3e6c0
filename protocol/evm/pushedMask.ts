/**
 * PUSH1 a, PUSH1 b, PUSH1 c, SHL, SUB: what compilers write for a mask of b * 2^c - a, of an address before all. One row executes
 * all five (Tag.PUSH_MASK), where nothing halts between them.
 */
import { OPCODE, OPCODES, pushBytes } from "./opcodes.ts";

const CODES = ["PUSH1", "PUSH1", "PUSH1", "SHL", "SUB"].map((name) => OPCODE[name]!);

/** The opcodes, each with its place in the code from the first. */
export const PUSHED_MASK: readonly { readonly op: number; readonly at: number }[] = CODES.map((op, i) => ({
  op,
  at: bytesOf(CODES.slice(0, i)),
}));

/** Bytes of code. */
export const PUSHED_MASK_LENGTH = bytesOf(CODES);

export const PUSHED_MASK_GAS = CODES.reduce((gas, op) => gas + OPCODES[op]!.gas, 0);

/** Words on the stack before SHL, beyond the one that stays. */
export const PUSHED_MASK_PEAK = 2;

function bytesOf(codes: readonly number[]): number {
  return codes.reduce((bytes, op) => bytes + 1 + pushBytes(op), 0);
}
