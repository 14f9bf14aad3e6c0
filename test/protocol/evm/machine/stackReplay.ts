import { OPCODES } from "../../../../protocol/evm/opcodes.ts";
import type { FrameTrace, Step } from "../../../../protocol/evm/machine/trace.ts";

/** The stacks of all frames rebuilt from operands and results alone: what a reader of the trace can know. */
export class StackReplay {
  readonly #frames: readonly FrameTrace[];
  readonly #steps: readonly Step[];
  readonly #stacks = new Map<number, bigint[]>();

  constructor(frames: readonly FrameTrace[], steps: readonly Step[]) {
    this.#frames = frames;
    this.#steps = steps;
  }

  /** The frame's stack before the step, bottom first. */
  before(step: Step): bigint[] {
    let stack = this.#stacks.get(step.frame);
    if (!stack) this.#stacks.set(step.frame, (stack = []));
    return stack;
  }

  /** Must be told every step. A call's result is there from the start, as in the trace. */
  after({ frame, opcode, operands, results }: Step, index: number): void {
    const stack = this.before(this.#steps[index] as Step);
    const name = OPCODES[opcode]?.name ?? "";
    if (name.startsWith("SWAP")) {
      if (operands.length === 0) return;
      stack[stack.length - 1] = results[0] ?? 0n;
      stack[stack.length - 1 - Number(name.slice(4))] = results[1] ?? 0n;
    } else {
      if (!name.startsWith("DUP")) stack.length -= operands.length;
      stack.push(...[...results].reverse());
    }
    if ((this.#frames[frame] as FrameTrace).lastStep === index) this.#stacks.delete(frame);
  }
}
