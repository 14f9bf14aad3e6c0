/**
 * AND, OR, XOR, NOT (y is ignored), by halves.
 *
 * Enforces: both = x & y (`bb`'s black box), result = both | x + y - both | x + y - 2 both | 2^128 - 1 - x, by flags; 0 where
 *   inactive; below 2^128.
 * Sound because: `both` is fixed by x and y, x + y = (x | y) + (x & y) and x | y = (x ^ y) + (x & y); the result is a function of them.
 * Cost: 97 gates, of which the two black boxes are 66 and the bounds of the result 13. See `lowBitsCore` for what is cheaper.
 */
import { combine, sum } from "../../builder/arithmetic.ts";
import { bitAnd } from "../../builder/blackBoxes.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertBits, assertFitsWord } from "../../builder/ranges.ts";
import type { U128 } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";

const OPCODES = ["AND", "OR", "XOR", "NOT"] as const;
export type BitwiseOpcode = (typeof OPCODES)[number];

export function bitwiseCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<BitwiseOpcode>,
  name: string,
): Core<BitwiseOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const { AND, OR, XOR, NOT } = choice.flags;
    const byX = sum(b, [[1n, OR], [1n, XOR], [-1n, NOT]], 0n, "byX"); // prettier-ignore
    const byY = sum(b, [[1n, OR], [1n, XOR]], 0n, "byY"); // prettier-ignore
    const byBoth = sum(b, [[1n, AND], [-1n, OR], [-2n, XOR]], 0n, "byBoth"); // prettier-ignore
    const half = (part: "hi" | "lo"): U128 => {
      const both = bitAnd(b, x[part], y[part], 128, `${part}.both`);
      const result = combine(
        b,
        [
          [1n, byX, x[part]],
          [1n, byY, y[part]],
          [1n, byBoth, both],
        ],
        [[HALF - 1n, NOT]],
        0n,
        part,
      );
      return assertBits(b, result, 128, part);
    };
    return { ...choice, result: { hi: half("hi"), lo: half("lo") } };
  });
}
