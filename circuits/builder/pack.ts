/**
 * Lookup keys. A key is several small fields in one field element; it identifies them only if every field is bounded
 * and none overlaps another. One unbounded field would absorb all others and let a forged key equal any key, so `pack`
 * refuses it, and the tables that hold keys (`rom.ts`) take nothing but a `Key` (I-BUILDER-02).
 */
import { combine, mul } from "./arithmetic.ts";
import type { Builder, Product, Term } from "./builder.ts";
import { builderError } from "./errors.ts";
import { assertFits } from "./ranges.ts";
import type { Bool, Wire } from "./wire.ts";

declare const packed: unique symbol;
/** A wire made by `pack`, or one that a table of keys holds. */
export type Key = Wire & { readonly [packed]: true };

export interface KeyField {
  readonly wire: Wire;
  /** First bit. */
  readonly at: number;
  readonly bits: number;
  /** The field is `wire` where this is 1, else 0. */
  readonly condition?: Bool;
  /** The field is this many times `wire`, at least once. */
  readonly times?: bigint;
}

/** Below 2^253 no two packings meet modulo p. */
export const KEY_BITS = 253;

/**
 * Proves: result = sum of field * 2^at + constant, so equal keys of one layout have equal fields.
 * Assumes: nothing; each field's static bound proves it fits its width, each condition's that it is a boolean.
 * Parameters: fields in ascending order, not overlapping, all below bit 253; `constant` lies in bits of no field.
 * Throws: BOUND_UNKNOWN, BOUND_TOO_LARGE, FIELDS_OVERLAP, KEY_TOO_WIDE.
 * Cost: 1 gate up to 3 fields, +1 per further 3; a field with a condition is a product, with a gate of its own.
 */
export function pack(b: Builder, fields: readonly KeyField[], name: string, constant = 0n): Key {
  let end = 0;
  for (const { wire, at, bits, condition, times = 1n } of fields) {
    if (at < end) throw builderError({ code: "FIELDS_OVERLAP", where: b.where(name), at, previousEnd: end });
    assertFits(b, wire, bits, name);
    if (wire.max * times >> BigInt(bits))
      throw builderError({ code: "BOUND_TOO_LARGE", where: b.where(name), wire: wire.index, max: wire.max * times, bits }); // prettier-ignore
    if (condition !== undefined) assertFits(b, condition, 1, name);
    if ((constant >> BigInt(at)) & ((1n << BigInt(bits)) - 1n))
      throw builderError({ code: "FIELDS_OVERLAP", where: b.where(name), at, previousEnd: at + bits });
    end = at + bits;
  }
  if (constant > 0n) end = Math.max(end, constant.toString(2).length);
  if (end > KEY_BITS || constant < 0n)
    throw builderError({ code: "KEY_TOO_WIDE", where: b.where(name), bits: end, limit: KEY_BITS });
  const terms: Term[] = [];
  const products: Product[] = [];
  for (const { wire, at, condition, times = 1n } of fields) {
    const k = times << BigInt(at);
    if (condition === undefined) terms.push([k, wire]);
    else products.push([k, condition, wire]);
  }
  const key = combine(b, products, terms, constant, name);
  const recorded = fields.map(({ wire, condition, ...rest }) => ({
    ...rest,
    wire: wire.index,
    ...(condition && { condition: condition.index }),
  }));
  b.recordPack({ key: key.index, where: b.where(name), fields: recorded, constant });
  return key as Key;
}

/**
 * `key` where `condition` is 1, else 0: the key of no fact, which tables of keys may hold as their null entry.
 * Proves: result is that key or 0. Cost: 1 gate.
 */
export function keyIf(b: Builder, condition: Bool, key: Key, name: string): Key {
  assertFits(b, condition, 1, name);
  const gated = mul(b, condition, key, name);
  const of = { of: key.index, condition: condition.index };
  b.recordPack({ key: gated.index, where: b.where(name), fields: [], constant: 0n, gated: of });
  return { index: gated.index, max: key.max } as Key;
}

/** Fields placed one after another from bit 0. */
export function layFields(fields: readonly { readonly wire: Wire; readonly bits: number }[]): KeyField[] {
  let at = 0;
  return fields.map(({ wire, bits }) => {
    const field = { wire, at, bits };
    at += bits;
    return field;
  });
}
