/**
 * Bytes that can be read at positions only the witness knows.
 *
 * Entry i of the table is prefix(i) = sum of bytes[j] * 256^-j over j < i, in the field. Then for any positions
 * (prefix(from + n) - prefix(from)) * 256^(from + n - 1) is the big-endian integer of the n bytes at `from`: an identity of
 * the field, and exact over the integers because n <= 31 bytes are below 2^248 < p.
 *
 * Proves: `slice` is the integer of the `length` bytes at `from`.
 * Assumes: nothing; static bounds prove that bytes are below 256, `length` is at most 31 and `from` a small integer
 *   (checked when building).
 * Enforces: from and from + length lie inside the stream.
 * Sound because: both positions are integers between 0 and the stream's length, so the identity above applies.
 * Cost: 5 gates a byte (range included), 4 a power, 10 a slice.
 */
import { add, combine } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, assertFits } from "../builder/ranges.ts";
import { INDEX_BITS, type Rom, fieldRom } from "../builder/rom.ts";
import type { U8, Wire } from "../builder/wire.ts";
import { inverse, mod } from "../../protocol/field.ts";

/** Most bytes of a slice. */
export const SLICE_BYTES = 31;

/** The constants 256^(i - 1); one table serves every stream of a circuit. */
export class Powers256 {
  readonly rom: Rom<Wire>;

  /** `length`: of the longest stream. */
  constructor(b: Builder, length: number) {
    const entries: Wire[] = [];
    let power = inverse(256n);
    for (let i = 0; i <= length + SLICE_BYTES; i++, power = mod(power * 256n))
      entries.push(b.constant(power));
    this.rom = fieldRom(b, entries, "powers256");
  }
}

export class ByteStream {
  readonly bytes: readonly U8[];
  readonly #prefix: Rom<Wire>;
  readonly #powers: Powers256;

  constructor(b: Builder, bytes: readonly U8[], powers: Powers256, name: string) {
    this.bytes = bytes;
    this.#powers = powers;
    const step = inverse(256n);
    const prefix: Wire[] = [b.zero];
    let weight = 1n;
    for (const [i, byte] of bytes.entries()) {
      assertFits(b, byte, 8, name);
      prefix.push(combine(b, [], [[1n, prefix[i]!], [weight, byte]], 0n, `${name}.prefix[${i + 1}]`)); // prettier-ignore
      weight = mod(weight * step);
    }
    this.#prefix = fieldRom(b, prefix, `${name}.table`);
  }

  /** The big-endian integer of the `length` bytes at `from`, as a raw field: range-check it to rely on its size. */
  slice(b: Builder, from: Wire, length: Wire, name: string): Wire {
    return this.sliceWeighted(b, from, length, undefined, name);
  }

  /** The byte at `from`. */
  byte(b: Builder, from: Wire, name: string): U8 {
    return assertBits(b, this.slice(b, from, b.one, name), 8, name);
  }

  /**
   * sum of bytes[from + i] * 256^(weight - 1 - from - i), i < length: the slice as it stands in a longer big-endian
   * group that ends at position `weight` of the stream. Assumes from + length <= weight <= from + 31 when length > 0.
   */
  sliceWeighted(b: Builder, from: Wire, length: Wire, weight: Wire | undefined, name: string): Wire {
    assertFits(b, length, 5, `${name}.length`);
    assertFits(b, from, INDEX_BITS, `${name}.from`);
    const to = add(b, from, length, `${name}.to`);
    const start = this.#prefix.read(b, from, `${name}.start`);
    const end = this.#prefix.read(b, to, `${name}.end`);
    const power = this.#powers.rom.read(b, weight ?? to, `${name}.power`);
    return combine(b, [[1n, power, end], [-1n, power, start]], [], 0n, name); // prettier-ignore
  }
}
