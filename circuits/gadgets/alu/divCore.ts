/**
 * DIV, MOD and SHR: quotient or remainder of x by y, 0 where y is 0. For SHR, x is the value that is shifted and y the power
 * 2^shift, or 0 where the shift is 256 or more; proving that is the caller's part.
 *
 * Enforces: x divided by y, or by 1 where y = 0; the result is the quotient, or the remainder where MOD or y = 0.
 * Sound because: `divide` is unique; the divisor is never 0, and by 1 the remainder is 0. An inactive entry divides too.
 * Cost: 76 gates.
 */
import { mux } from "../../builder/arithmetic.ts";
import { or } from "../../builder/bool.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertFitsWord } from "../../builder/ranges.ts";
import type { U128 } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { divide } from "./division.ts";
import { LIMB, witnessLimbs } from "./limbPair.ts";
import { isZeroWord } from "./words.ts";

const OPCODES = ["DIV", "MOD", "SHR"] as const;
export type DivOpcode = (typeof OPCODES)[number];

export function divCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<DivOpcode>,
  name: string,
): Core<DivOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const byZero = isZeroWord(b, y, "byZero");
    const limbs = witnessLimbs(b, "divisor", () => b.value(y.lo) + b.value(byZero));
    b.assertZero([], [[1n, limbs.low], [LIMB, limbs.high], [-1n, y.lo], [-1n, byZero]], 0n, "divisor.split"); // prettier-ignore
    const dividend = { products: [], terms: [[1n, x.lo]], hi: x.hi } as const;
    const { quotient, remainder } = divide(b, dividend, { ...limbs, hi: y.hi }, "division");
    const takesRemainder = or(b, choice.flags.MOD, byZero, "takesRemainder");
    const half = (part: "hi" | "lo"): U128 => mux(b, takesRemainder, remainder[part], quotient[part], part);
    return { ...choice, result: { hi: half("hi"), lo: half("lo") } };
  });
}
