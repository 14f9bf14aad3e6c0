/**
 * SDIV, SMOD and SAR, on numbers in two's complement; 0 (SAR: the sign in every bit) where y is 0. For SAR, x is the value that is
 * shifted and y the power 2^shift, or 0 where the shift is 256 or more; proving that is the caller's part.
 *
 * Enforces: the dividend is |x|, for SAR the complement -1 - x where x < 0; the divisor |y|, 1 where y = 0; `divide`; m = the quotient, or
 *   the remainder where SMOD or y = 0; the result is m, or -m (SAR: -1 - m) modulo 2^256 where negative: x's sign and, for SDIV,
 *   y's differ.
 * Sound because: signs, magnitudes and the division are unique, and a negation is a division by 2^128 in each half, as in `sumCore`.
 *   -2^255 has the magnitude 2^255 and divided by -1 the result 2^255 = -2^255. SAR rounds down: floor(x / d) = -1 - floor((-1 - x) / d)
 *   for x < 0; a power 2^255 is its own magnitude, and the sign of y does not enter.
 * Cost: 119 gates.
 */
import { combine, mux, sum } from "../../builder/arithmetic.ts";
import { and, or, xorBool } from "../../builder/bool.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertBits, assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U128, Word } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { type Divisor, divide } from "./division.ts";
import { HALF, LIMB, witnessLimbs } from "./limbPair.ts";
import { isZeroWord, magnitudeOf } from "./words.ts";

const OPCODES = ["SDIV", "SMOD", "SAR"] as const;
export type SignedOpcode = (typeof OPCODES)[number];

export function signedCore(
  b: Builder,
  { x, y }: Operands,
  choose: Choose<SignedOpcode>,
  name: string,
): Core<SignedOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const { SDIV, SMOD, SAR } = choice.flags;
    const { negative, hi } = magnitudeOf(b, x.hi, "x");
    const complement = and(b, negative, SAR, "complement");
    const byZero = isZeroWord(b, y, "byZero");
    const { divisor, isNegative } = magnitude(b, y, byZero);
    // x.lo, or 2^128 - 1 - x.lo and 1 more (SAR: no more) where x is negative.
    const dividend = {
      products: [[-2n, negative, x.lo]],
      terms: [[1n, x.lo], [HALF, negative], [-1n, complement]], // prettier-ignore
      hi,
    } as const;
    const { quotient, remainder } = divide(b, dividend, divisor, "division");
    const takesRemainder = or(b, SMOD, byZero, "takesRemainder");
    const size = (part: "hi" | "lo"): U128 =>
      mux(b, takesRemainder, remainder[part], quotient[part], `size.${part}`);
    const turns = xorBool(b, negative, and(b, SDIV, isNegative, "divisorTurns"), "turns");
    return { ...choice, result: negate(b, turns, { hi: size("hi"), lo: size("lo") }, complement) };
  });
}

/** |y|, or 1 where y = 0. Cost: 19 gates. */
function magnitude(b: Builder, y: Word, byZero: Bool): { divisor: Divisor; isNegative: Bool } {
  const { negative, hi } = magnitudeOf(b, y.hi, "y");
  const lo = (): bigint => {
    const s = b.value(negative);
    return b.value(y.lo) * (1n - 2n * s) + HALF * s + b.value(byZero);
  };
  const carry = witnessBool(b, "divisor.carry", () => lo() >= HALF);
  const limbs = witnessLimbs(b, "divisor", () => BigInt.asUintN(128, lo()));
  const digits: Term[] = [[1n, limbs.low], [LIMB, limbs.high], [HALF, carry]]; // prettier-ignore
  const size: Term[] = [[-1n, y.lo], [-HALF, negative], [-1n, byZero]]; // prettier-ignore
  b.assertZero([[2n, negative, y.lo]], [...digits, ...size], 0n, "divisor.split");
  return {
    divisor: { ...limbs, hi: sum(b, [[1n, hi], [1n, carry]], 0n, "divisor.hi") }, // prettier-ignore
    isNegative: negative,
  };
}

/** turns ? -(size + more) : size, modulo 2^256; `more` is 1 only where `turns` is. Cost: 19 gates. */
function negate(b: Builder, turns: Bool, size: Word, more: Bool): Word {
  const borrowLo = witnessBool(
    b,
    "lo.borrow",
    () => b.value(turns) * (b.value(size.lo) + b.value(more)) > 0n,
  );
  const lo = combine(
    b,
    [[-2n, turns, size.lo]],
    [[1n, size.lo], [-1n, more], [HALF, borrowLo]], // prettier-ignore
    0n,
    "lo",
  );
  const borrowHi = witnessBool(
    b,
    "hi.borrow",
    () => b.value(turns) * (b.value(size.hi) + b.value(borrowLo)) > 0n,
  );
  const hi = combine(
    b,
    [[-2n, turns, size.hi]],
    [[1n, size.hi], [-1n, borrowLo], [HALF, borrowHi]], // prettier-ignore
    0n,
    "hi",
  );
  return { hi: assertBits(b, hi, 128, "hi"), lo: assertBits(b, lo, 128, "lo") };
}
