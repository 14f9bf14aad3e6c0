/**
 * One step of EXP: base^exponent from base^(exponent / 2).
 *
 * Proves, where active: result = base^exponent modulo 2^256, `half` = floor(exponent / 2).
 * Assumes: where active and not `isLast`, power = base^half: the fact (base, half) the caller looks up. Where `isLast`, half is 0 and
 *   nothing is to be looked up, so a chain of n entries serves an exponent of n bits, and one entry the exponent 0.
 * Enforces: exponent = 2 half + bit over the integers; isLast = (half = 0); root = isLast ? 1 : power;
 *   result = bit ? root * root * base : root * root.
 * Sound because: exponent.lo = 2 half.lo + bit - 2^128 carry fixes bit by its parity and carry by its size, and both lines stay
 *   below 2^130; the products are unique (truncatedProduct.ts); induction over the chain, whose exponents get smaller.
 *   For every exponent there is one `half`.
 * Cost: 114 gates.
 */
import { mux } from "../../builder/arithmetic.ts";
import type { Builder } from "../../builder/builder.ts";
import { assertFitsWord, witnessBool } from "../../builder/ranges.ts";
import type { Bool, U128, Word } from "../../builder/wire.ts";
import { muxWord } from "../word.ts";
import { type Choose, type Core, chooseOpcode } from "./choice.ts";
import { HALF } from "./limbPair.ts";
import { factorOf, truncatedProduct } from "./truncatedProduct.ts";
import { isZeroWord } from "./words.ts";

export interface PowerStep {
  readonly base: Word;
  readonly exponent: Word;
  readonly half: Word;
  /** base^half; any word where half = 0. */
  readonly power: Word;
}

export interface PowerCore extends Core<"EXP"> {
  /** 1 iff half = 0. */
  readonly isLast: Bool;
}

export function expCore(
  b: Builder,
  { base, exponent, half, power }: PowerStep,
  choose: Choose<"EXP">,
  name: string,
): PowerCore {
  return b.scope(name, () => {
    for (const word of [base, exponent, half, power]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, ["EXP"], choose);
    const bit = witnessBool(b, "bit", () => b.value(exponent.lo) & 1n);
    assertHalves(b, choice.active, { exponent, half }, bit);
    const isLast = isZeroWord(b, half, "isLast");
    const one = { hi: b.zero, lo: b.one };
    const root = factorOf(b, muxWord(b, isLast, one, power, "root"), "root");
    const square = truncatedProduct(b, root, root, "square");
    const product = truncatedProduct(b, factorOf(b, square, "square"), factorOf(b, base, "base"), "product");
    const result = (part: "hi" | "lo"): U128 => mux(b, bit, product[part], square[part], part);
    return { ...choice, isLast, result: { hi: result("hi"), lo: result("lo") } };
  });
}

/** Where active: exponent = 2 half + bit. */
function assertHalves(
  b: Builder,
  active: Bool,
  { exponent, half }: Pick<PowerStep, "exponent" | "half">,
  bit: Bool,
): void {
  const carry = witnessBool(b, "carry", () => (2n * b.value(half.lo) + b.value(bit)) / HALF);
  const gap = {
    lo: [[1n, exponent.lo], [-2n, half.lo], [-1n, bit], [HALF, carry]], // prettier-ignore
    hi: [[1n, exponent.hi], [-2n, half.hi], [-1n, carry]], // prettier-ignore
  } as const;
  for (const part of ["lo", "hi"] as const) {
    const difference = b.witness(`gap.${part}`, () =>
      gap[part].reduce((s, [k, u]) => s + k * b.value(u), 0n),
    );
    b.assertZero([], [...gap[part], [-1n, difference]], 0n, `gap.${part}`);
    b.assertZero([[1n, active, difference]], [], 0n, `halves.${part}`);
  }
}
