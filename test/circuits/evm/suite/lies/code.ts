/** Code that is not the account's, and jumps to where none may go. */
import { Code } from "../../../../../protocol/evm/machine/code.ts";
import { OPERATIONS } from "../../../../../protocol/evm/machine/operations/operations.ts";
import type { Operation } from "../../../../../protocol/evm/machine/operation.ts";
import { OPCODE } from "../../../../../protocol/evm/opcodes.ts";
import type { CodePlan, CodeRowEntry } from "../../../../../protocol/evm/plan/code/codePlan.ts";
import { type LieKind, patch } from "../lieKind.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The last row of code that was loaded, changed. */
const loaded = (name: string, change: (row: Writable<CodeRowEntry>) => void): LieKind => ({
  name,
  plan: ({ code }, tell) =>
    patch(code, "segment", (honest) => (named, bytes) => {
      const before = code.rows.length;
      const segment = honest(named, bytes);
      if (code.rows.length > before && tell()) change(code.rows[before]!);
      return segment;
    }),
}); // prettier-ignore

/** Where a JUMP or JUMPI goes is false for its chip and its row. */
const jumped = (name: string, to: (target: number) => number): LieKind => ({
  name,
  plan: ({ code, book }, tell) =>
    patch(code, "jump", (honest) => (question, base) => {
      if (book.known(question) !== undefined || !tell()) return honest(question, base);
      const key = book.key;
      let z = 0;
      book.key = (chip, entry, fact, which) => {
        z = to(Number(fact.z));
        key.call(book, chip, entry, { ...fact, z }, which);
      };
      const { y } = honest(question, base);
      book.key = key;
      (code.jumps.at(-1) as Writable<CodePlan["jumps"][number]>).from = z - 1;
      return { z, y };
    }),
}); // prettier-ignore

/** The machine itself takes the other branch, and everything after is executed there. */
const wrongBranch: LieKind = {
  name: "a wrong branch that is executed",
  machine: (tell) => {
    const jumpi = OPERATIONS[OPCODE.JUMPI!]! as Writable<Operation>;
    const { execute } = jumpi;
    jumpi.execute = (frame, machine) => {
      const [target, condition] = [frame.stack.pop(), frame.stack.pop()];
      const isLie = tell();
      frame.stack.push(isLie ? (condition === 0n ? 1n : 0n) : condition);
      frame.stack.push(target);
      execute(frame, machine);
    };
    return () => void (jumpi.execute = execute);
  },
};

/** For the machine a byte that a PUSH holds is a place to jump to. */
const intoPushData: LieKind = {
  name: "a jump into push data",
  machine: (tell) => {
    const honest = Code.prototype.isJumpDestination;
    Code.prototype.isJumpDestination = function (target) {
      const truth = honest.call(this, target);
      return truth || (this.bytes[Number(target)] === OPCODE.JUMPDEST && tell());
    };
    return () => void (Code.prototype.isJumpDestination = honest);
  },
};

/** A step that halts though it need not: the machine believes it. */
const falseHalt: LieKind = {
  name: "an opcode that is said to run out of gas",
  machine: (tell) => {
    const pop = OPERATIONS[OPCODE.POP!]! as Writable<Operation>;
    const { execute } = pop;
    pop.execute = (frame, machine) => (tell() ? frame.fail("OUT_OF_GAS") : execute(frame, machine));
    return () => void (pop.execute = execute);
  },
};

export const CODE_LIES: readonly LieKind[] = [
  loaded("code with another byte", (row) => (row.bytes = row.bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte)))),
  loaded("push data that is called an instruction", (row) => (row.pushData = row.pushData.map(() => 0))),
  loaded("an instruction that is called push data", (row) => (row.pushData = row.pushData.map(() => 1))),
  loaded("code of another length", (row) => (row.length += 1)),
  jumped("a wrong jump target", (target) => target + 1),
  wrongBranch,
  intoPushData,
  falseHalt,
]; // prettier-ignore
