/**
 * ADD and SUB: result = x + y or x - y modulo 2^256.
 *
 * Enforces, for s = 1 and t = carry where ADD, s = -1 and t = -borrow where SUB, half by half:
 *   x.lo + s y.lo = lo + 2^128 t.lo, x.hi + s y.hi + t.lo = hi + 2^128 t.hi, with lo and hi below 2^128.
 *   A boolean u stands for t: t = 1 - u where ADD, t = -u where SUB.
 * Sound because: both lines stay below 2^131, so they hold over the integers: divisions by 2^128, whose remainders are
 *   unique. They have solutions: t is 0 or 1 where ADD, 0 or -1 where SUB. An inactive entry adds.
 * Cost: 24 gates.
 */
import { combine } from "../../builder/arithmetic.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U128 } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";

const OPCODES = ["ADD", "SUB"] as const;
export type SumOpcode = (typeof OPCODES)[number];

export function sumCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<SumOpcode>,
  name: string,
): Core<SumOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const subtracts = choice.flags.SUB;
    const half = (part: "hi" | "lo", before?: Bool): { result: U128; turn: Bool } => {
      const plain = (): bigint => {
        const s = b.value(subtracts) === 1n ? -1n : 1n;
        const into = before === undefined ? 0n : 1n - b.value(before) - b.value(subtracts);
        return b.value(x[part]) + s * b.value(y[part]) + into;
      };
      const turn = witnessBool(b, `${part}.turn`, () =>
        b.value(subtracts) === 1n ? plain() < 0n : plain() < HALF,
      );
      // t = 1 - turn - subtracts.
      const terms: Term[] = [[1n, x[part]], [1n, y[part]], [HALF, turn], [HALF, subtracts]]; // prettier-ignore
      if (before !== undefined) terms.push([-1n, before], [-1n, subtracts]);
      const constant = (before === undefined ? 0n : 1n) - HALF;
      const result = combine(b, [[-2n, subtracts, y[part]]], terms, constant, part);
      return { result: assertBits(b, result, 128, part), turn };
    };
    const lo = half("lo");
    return { ...choice, result: { hi: half("hi", lo.turn).result, lo: lo.result } };
  });
}
