/** Words that are not what their chip makes of its operands. */
import type { Chip } from "../../../../../protocol/evm/capacities.ts";
import { ARITHMETIC } from "../../../../../protocol/evm/arithmetic.ts";
import { OPCODE } from "../../../../../protocol/evm/opcodes.ts";
import { OPERATIONS } from "../../../../../protocol/evm/machine/operations/operations.ts";
import type { Operation } from "../../../../../protocol/evm/machine/operation.ts";
import { type LieKind, patch } from "../lieKind.ts";

const wrongWord = (chip: Chip): LieKind => ({
  name: `a wrong word of ${chip}`,
  plan: ({ book }, tell) =>
    patch(book, "word", (honest) => (of, entry, value, which) =>
      honest(of, entry, of === chip && tell() ? value ^ (1n << 130n) ^ 1n : value, which),
    ),
}); // prettier-ignore

/** The words of a chip's result, filled otherwise in the circuit. */
const wrongResult = (name: string, wire: string, lie: (honest: bigint) => bigint): LieKind => ({
  name,
  wire: { name: wire, lie },
});

type Writable<T> = { -readonly [K in keyof T]: T[K] };
const operation = (name: string): Writable<Operation> => OPERATIONS[OPCODE[name]!]! as Writable<Operation>;

/** A fact of arithmetic that is false for the machine and the planner alike, so that all of execution follows from it. */
function falseArithmetic(name: "ADD" | "SUB" | "LT" | "XOR" | "AND" | "EQ" | "SHR"): LieKind {
  const wrong = (value: bigint): bigint => value ^ 1n;
  const operands = 2;
  return {
    name: `${name} that is false for everyone`,
    machine: (tell) => {
      const seen = new Map<string, boolean>();
      const isLie = (words: readonly bigint[]): boolean => {
        const key = words.slice(0, operands).join();
        if (!seen.has(key)) seen.set(key, tell());
        return seen.get(key)!;
      };
      const [native, planned] = [operation(name), ARITHMETIC as Record<string, (...words: bigint[]) => bigint>];
      const [execute, compute] = [native.execute, planned[name]!];
      native.execute = (frame, machine) => {
        const words = Array.from({ length: operands }, (_, i) => frame.stack.peek(i));
        execute(frame, machine);
        if (isLie(words)) frame.stack.push(wrong(frame.stack.pop()));
      };
      planned[name] = (...words) => {
        const truth = compute(...words);
        return seen.get(words.slice(0, operands).join()) === true ? wrong(truth) : truth;
      };
      return () => {
        native.execute = execute;
        planned[name] = compute;
      };
    },
  }; // prettier-ignore
}

export const WORD_LIES: readonly LieKind[] = [
  ...(["literals", "sums", "bitwise", "masks", "products", "divisions", "signed", "bytes", "wide", "powers", "joins", "merges", "pushes", "codeWords"] as const).map(wrongWord),
  ...(["ADD", "SUB", "LT", "XOR", "AND", "EQ", "SHR"] as const).map(falseArithmetic),
  wrongResult("a sum that the chip itself gets wrong", "sums[].core.lo", (word) => word ^ 1n),
  wrongResult("a comparison that the chip itself gets wrong", "compares[].core.less", (bit) => 1n - bit),
]; // prettier-ignore
