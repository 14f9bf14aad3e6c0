/**
 * The rows of a chunk as the planner executes them: the same registers as the circuit's, with ids for values. It knows
 * nothing of what an instruction means; the answers come from the planners of the chips.
 */
import type { FactKey } from "../factKey.ts";
import { INSTRUCTION, type Instruction } from "../instructions.ts";

/** The gas counter of a chunk starts here and only falls. */
export const START_GAS = 2n ** 36n - 1n;
/** Index of the first word of the system's stack: what lies below keeps indices above zero. */
export const SYSTEM_STACK_BASE = 32;

export interface Answer {
  /** Id of a word, or a program counter. */
  readonly z?: number;
  /** Gas, or a frame. */
  readonly y?: bigint | number;
}

export class RowMachine {
  /** Rows so far; the number of the next one. */
  t = 0;
  pc: number;
  /** Index of the top word. */
  sp = SYSTEM_STACK_BASE - 1;
  gas = START_GAS;
  /** Id of the top word. */
  top = 0;
  frame = 0;
  /** Rows that execute something in place of what the code holds, and what. */
  readonly substitutes = new Map<number, number>();
  /** Highest index of the stack in use. */
  highest = SYSTEM_STACK_BASE;
  readonly #stack: number[] = [];
  readonly #stackBase: (frame: number) => number;
  readonly #leftOver: () => number;

  /**
   * `stackBase`: index of the first word of a frame's stack. `leftOver`: the id in a place that nothing was written to yet: 0 at the
   * start of a chunk. An opcode of one operand asks for what is left in the place of its operand too.
   */
  constructor(pc: number, stackBase: (frame: number) => number, leftOver = (): number => 0) {
    this.pc = pc;
    this.#stackBase = stackBase;
    this.#leftOver = leftOver;
  }

  /** What the next row asks when it executes `op`: the question of its fact. */
  question(op: number): FactKey {
    const { flags, pops } = instruction(op);
    const fact: Record<string, number | bigint> = { op };
    if (flags.has("asksOperands")) Object.assign(fact, { a: this.top, b: this.#read(this.sp + 1 - pops) });
    if (flags.has("asksPc")) fact.pc = this.pc;
    if (flags.has("asksFrame")) fact.f = this.frame;
    if (flags.has("asksTime")) Object.assign(fact, { t: this.t, sp: this.sp, gas: this.gas });
    return fact as FactKey;
  }

  /** Id of the operand `depth` words below the top, as the opcode that starts here will pop it. */
  operand(depth: number): number {
    return depth === 0 ? this.top : this.#read(this.sp - depth);
  }

  /** Executes a row. */
  step(op: number, { z = 0, y = 0 }: Answer = {}): void {
    const { flags, pops, delta, length, gas, sink, dip } = instruction(op);
    if (flags.has("replaces")) this.substitutes.set(this.t, op);
    const at = this.sp + 1 - pops;
    const x = this.#read(at);
    this.#write(this.sp - sink, this.top);
    const cleared = flags.has("clearsStack") ? this.sp + 1 - this.#stackBase(this.frame) : 0;
    const below = this.#read(this.sp + delta - cleared - dip);
    this.sp += delta - cleared;
    this.highest = Math.max(this.highest, this.sp, at);
    this.top = flags.has("pushesAnswer") ? z : flags.has("pushesX") ? x : below;
    this.pc = (flags.has("jumps") ? z : this.pc) + length;
    this.gas -= BigInt(gas) + (flags.has("changesFrame") ? 0n : BigInt(y));
    if (flags.has("changesFrame")) this.frame = Number(y);
    this.t++;
  }

  #read(index: number): number {
    return (this.#stack[index] ??= this.#leftOver());
  }

  #write(index: number, id: number): void {
    this.#stack[index] = id;
  }
}

function instruction(op: number): Instruction {
  const found = INSTRUCTION[op];
  if (found === undefined) throw new RangeError(`no instruction ${op}`);
  return found;
}
