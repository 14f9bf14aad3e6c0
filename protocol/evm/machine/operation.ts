import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";

/**
 * Carries out an opcode whose constant gas is paid and whose operands are on the stack; the program counter is already
 * past it. It ends the frame (`Frame.end`, `fail`, an unpaid `pay`), opens a callee, or leaves the frame running.
 */
export type Execute = (frame: Frame, machine: Machine) => void;

/** An opcode as the interpreter has it. */
export type Operation = {
  readonly pops: number;
  readonly pushes: number;
  readonly gas: bigint;
  readonly execute: Execute;
};

export const DUP1 = 0x80;
export const SWAP1 = 0x90;
