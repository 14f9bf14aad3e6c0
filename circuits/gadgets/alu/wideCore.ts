/**
 * ADDMOD and MULMOD: (x + y) mod n and (x * y) mod n over the integers; 0 where n is 0.
 *
 * Enforces: x * B + C = q * d + r with r < d, where B = y and C = 0 if MULMOD, B = 1 and C = y if not, d = n or 1 if n = 0, q of 512 bits.
 *   Both sides are compared in base 2^128: four lines with carries in [-2^69, 2^69), the last without a carry out; what q * d has
 *   at 2^512 and above is 0.
 * Sound because: products are of a limb and a half, below 2^192, a line has at most 16, so lines hold over the integers and are together the
 *   equation. Above 2^512 stand only q3.high d.lo.high + q2.high d.hi.high, a sum of integers, and q3 d.hi, which is 0 in the
 *   field only if one of them is. Quotient and remainder are then unique; by d = 1 the remainder is 0. They exist, since
 *   q d <= x B + C < 2^512. An inactive entry adds.
 * Cost: 155 gates.
 */
import type { Builder, Product, Term } from "../../builder/builder.ts";
import { assertFitsWord, witnessBits, witnessWord } from "../../builder/ranges.ts";
import type { Wire, Word } from "../../builder/wire.ts";
import { type Choose, type Core, type Operands, chooseOpcode } from "./choice.ts";
import { assertBelow } from "./division.ts";
import {
  HALF,
  LIMB,
  type LimbPair,
  type Limbs,
  limbPairOf,
  witnessLimbPair,
  witnessLimbs,
} from "./limbPair.ts";
import { isZeroWord, valueOfWord } from "./words.ts";

const OPCODES = ["ADDMOD", "MULMOD"] as const;
export type WideOpcode = (typeof OPCODES)[number];

export interface WideOperands extends Operands {
  readonly n: Word;
}

const LINES = [0, 1, 2, 3] as const;
const CARRY_BITS = 70;
const CARRY_SHIFT = 1n << 69n;
type Line = { readonly products: Product[]; readonly terms: Term[] };

export function wideCore(
  b: Builder,
  { x, y, n }: WideOperands,
  choose: Choose<WideOpcode>,
  name: string,
): Core<WideOpcode> {
  return b.scope(name, () => {
    for (const word of [x, y, n]) assertFitsWord(b, word, "operand");
    const choice = chooseOpcode(b, OPCODES, choose);
    const multiplies = choice.flags.MULMOD;
    const byZero = isZeroWord(b, n, "byZero");
    const factor = (): bigint => (b.value(multiplies) === 1n ? valueOfWord(b, y) : 1n);
    const addend = (): bigint => (b.value(multiplies) === 1n ? 0n : valueOfWord(b, y));
    const total = (): bigint => valueOfWord(b, x) * factor() + addend();
    const modulus = (): bigint => valueOfWord(b, n) + b.value(byZero) || 1n;

    const xs = [limbPairOf(b, x.lo, "x.lo"), limbPairOf(b, x.hi, "x.hi")] as const;
    const ys = [witnessLimbs(b, "factor.lo", () => factor() % HALF), witnessLimbs(b, "factor.hi", () => factor() / HALF)]; // prettier-ignore
    const ds = [witnessLimbs(b, "divisor.lo", () => modulus() % HALF), limbPairOf(b, n.hi, "divisor.hi")] as const; // prettier-ignore
    const qs = LINES.map((i) =>
      witnessLimbPair(b, `quotient[${i}]`, () =>
        BigInt.asUintN(128, (total() / modulus()) >> BigInt(128 * i)),
      ),
    );
    const remainder = witnessWord(b, "remainder", () => total() % modulus());

    // factor = multiplies ? y : 1; divisor.lo = n.lo + byZero.
    const digits = ({ low, high }: Limbs, k = 1n): Term[] => [[k, low], [k * LIMB, high]]; // prettier-ignore
    b.assertZero([[-1n, multiplies, y.lo]], [...digits(ys[0]!), [1n, multiplies]], -1n, "factor.lo.choice");
    b.assertZero([[-1n, multiplies, y.hi]], digits(ys[1]!), 0n, "factor.hi.choice");
    b.assertZero([], [...digits(ds[0]), [-1n, n.lo], [-1n, byZero]], 0n, "divisor.lo.split"); // prettier-ignore

    const lines = Array.from({ length: 5 }, (): Line => ({ products: [], terms: [] }));
    ys.forEach((u, i) => xs.forEach((v, j) => addBlock(lines, i + j, 1n, u, v)));
    ds.forEach((u, i) => qs.forEach((v, j) => i + j < 4 && addBlock(lines, i + j, -1n, u, v)));
    (["lo", "hi"] as const).forEach((part, i) => {
      lines[i]!.products.push([-1n, multiplies, y[part]]);
      lines[i]!.terms.push([1n, y[part]], [-1n, remainder[part]]); // prettier-ignore
    });
    assertLines(b, lines.slice(0, 4));
    b.assertZero(lines[4]!.products, [], 0n, "quotient.top");
    b.assertZero([[1n, qs[3]!.half, n.hi]], [], 0n, "quotient.noProductOfUpperHalves");
    assertBelow(b, remainder, { ...ds[0], hi: n.hi }, "remainder.below");
    return { ...choice, result: remainder };
  });
}

/** k * u * v at 2^(128 at): u.low v + 2^64 u.high v.low there, u.high v.high in the next line. */
function addBlock(lines: readonly Line[], at: number, k: bigint, u: Limbs, v: LimbPair): void {
  lines[at]!.products.push([k, u.low, v.half], [k * LIMB, u.high, v.low]); // prettier-ignore
  lines[at + 1]!.products.push([k, u.high, v.high]);
}

function assertLines(b: Builder, lines: readonly Line[]): void {
  let carry: Wire | undefined;
  lines.forEach(({ products, terms }, i) => {
    const into = carry === undefined ? 0n : -CARRY_SHIFT;
    const all: Term[] = carry === undefined ? [...terms] : [...terms, [1n, carry]];
    if (i === lines.length - 1) return b.assertZero(products, all, into, `line[${i}]`);
    const value = (): bigint => {
      let s = into;
      for (const [k, u, v] of products) s += k * b.value(u) * b.value(v);
      for (const [k, u] of all) s += k * b.value(u);
      return s;
    };
    const next = witnessBits(b, CARRY_BITS, `carry[${i}]`, () => (value() >> 128n) + CARRY_SHIFT);
    b.assertZero(products, [...all, [-HALF, next]], into + CARRY_SHIFT * HALF, `line[${i}]`);
    carry = next;
  });
}
