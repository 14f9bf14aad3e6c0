/** Signed digits in one field element: a table's entry that is compared with what its reader does, in one line. */
import type { Builder, Product, Term } from "./builder.ts";
import { builderError } from "./errors.ts";
import { KEY_BITS } from "./pack.ts";
import type { Wire } from "./wire.ts";

/** Where a digit stands: it is above -2^(bits - 1) and below 2^(bits - 1). */
export interface DigitPlace {
  readonly at: number;
  readonly bits: number;
}

/** A form in wires, with the place of its value. */
export interface Digit extends DigitPlace {
  readonly products?: readonly Product[];
  readonly terms: readonly Term[];
  readonly constant?: bigint;
}

/**
 * Proves: where `whole` is what `joinDigits` makes of integers for the same places, every form has its integer's value.
 * Assumes: nothing of a `whole` that is something else; one of 2^252 and above no forms have.
 * Enforces: sum of digit * 2^at = whole.
 * Sound because: the static bounds of its wires keep every form inside its place (checked when building). So the sum is an integer
 *   between -2^251 and 2^251 and does not wrap; were two lists of digits to have the same sum, the lowest that differ would do so
 *   by a multiple of 2^bits, which is more than they can.
 * Throws: BOUND_TOO_LARGE, FIELDS_OVERLAP, KEY_TOO_WIDE.
 * Cost: 1 gate a product, and 1 for each three wires that are in none, roughly.
 */
export function assertDigits(b: Builder, digits: readonly Digit[], whole: Wire, name: string): void {
  let end = 0;
  let constant = 0n;
  const products: Product[] = [];
  const terms: Term[] = [[-1n, whole]];
  for (const digit of digits) {
    if (digit.at < end)
      throw builderError({ code: "FIELDS_OVERLAP", where: b.where(name), at: digit.at, previousEnd: end });
    assertInside(b, digit, name);
    const unit = 1n << BigInt(digit.at);
    products.push(...(digit.products ?? []).map(([k, x, y]): Product => [k * unit, x, y]));
    terms.push(...digit.terms.map(([k, x]): Term => [k * unit, x]));
    constant += (digit.constant ?? 0n) * unit;
    end = digit.at + digit.bits;
  }
  if (end > KEY_BITS - 1)
    throw builderError({ code: "KEY_TOO_WIDE", where: b.where(name), bits: end, limit: KEY_BITS - 1 });
  b.assertZero(products, terms, constant, name);
}

/** Whatever the wires are, the form stays in its place. */
function assertInside(b: Builder, { products = [], terms, constant = 0n, bits }: Digit, name: string): void {
  const size = (k: bigint): bigint => (k < 0n ? -k : k);
  let most = size(constant);
  for (const [k, x, y] of products) most += size(k) * x.max * y.max;
  for (const [k, x] of terms) most += size(k) * x.max;
  if (most >> BigInt(bits - 1) === 0n) return;
  const wire = products[0]?.[1] ?? terms[0]?.[1];
  throw builderError({
    code: "BOUND_TOO_LARGE",
    where: b.where(name),
    wire: wire?.index ?? -1,
    max: most,
    bits,
  });
}

/** The integer with these digits; negative if its top one is. Throws RangeError for a digit outside its place. */
export function joinDigits(digits: readonly (DigitPlace & { readonly value: bigint })[]): bigint {
  return digits.reduce((joined, { at, bits, value }) => {
    const limit = 1n << BigInt(bits - 1);
    if (value >= limit || value <= -limit) throw new RangeError(`digit ${value} of ${bits} bits`);
    return joined + (value << BigInt(at));
  }, 0n);
}
