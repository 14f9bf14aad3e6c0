/** Masks that five opcodes push as one: one entry a place in the code, however often it is executed. */
import type { Step } from "../../machine/trace.ts";
import { OPCODE } from "../../opcodes.ts";
import { PUSHED_MASK } from "../../pushedMask.ts";
import { Tag } from "../../tags.ts";
import type { AluPlan } from "../alu/aluPlan.ts";
import type { FactBook } from "../factBook.ts";
import type { RowMachine } from "../rowMachine.ts";
import type { CodePlan } from "./codePlan.ts";

export interface PushedMaskEntry {
  readonly pc: number;
}

export class PushedMasks {
  readonly entries: PushedMaskEntry[] = [];
  readonly #services: { readonly book: FactBook; readonly code: CodePlan; readonly alu: AluPlan };

  constructor(services: { readonly book: FactBook; readonly code: CodePlan; readonly alu: AluPlan }) {
    this.#services = services;
  }

  /** Do these opcodes start here, none of which halts? */
  static startAt(steps: readonly Step[], first: number): boolean {
    return PUSHED_MASK.every(({ op }, i) => {
      const step = steps[first + i];
      return step !== undefined && step.opcode === op && step.halt === undefined;
    });
  }

  execute(machine: RowMachine): void {
    const { book, code, alu } = this.#services;
    const question = machine.question(Tag.PUSH_MASK);
    let z = book.known(question);
    if (z === undefined) {
      const pc = Number(question.pc);
      const [a, b, c] = PUSHED_MASK.slice(0, 3).map(({ op, at }) => code.push({ op, pc: pc + at }));
      z = alu.result(OPCODE.SUB!, alu.result(OPCODE.SHL!, c!, b!), a!);
      book.key("pushedMasks", book.take("pushedMasks"), { ...question, z });
      this.entries.push({ pc });
    }
    machine.step(Tag.PUSH_MASK, { z });
  }
}
