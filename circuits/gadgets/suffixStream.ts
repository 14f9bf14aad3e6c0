/**
 * Bytes that can be read at positions only the witness knows; cheaper than `ByteStream`, for it needs no power of each position.
 *
 * Entry i of the table is suffix(i) = sum of bytes[j] * 256^(i - j) over j >= i, in the field. Then for any positions
 * suffix(from) * 256^(n - 1) - suffix(from + n) / 256 is the big-endian integer of the n bytes at `from`: an identity of the
 * field, and exact over the integers because n <= 31 bytes are below 2^248 < p.
 *
 * Proves: `slice` and `fixed` are the integer of the bytes at `from`.
 * Assumes: nothing; static bounds prove that bytes are below 256, `length` is at most 31 and `from` below 2^64 (checked when
 *   building).
 * Enforces: from and from + length lie inside the stream.
 * Sound because: both positions are integers between 0 and the stream's length, so the identity above applies.
 * Cost: 5.25 gates a byte (range included), 6 a slice of fixed length, 8 of another, 14 a weighted one.
 */
import { add, combine, sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertFits } from "../builder/ranges.ts";
import { INDEX_BITS, type Rom, fieldRom } from "../builder/rom.ts";
import type { U8, Wire } from "../builder/wire.ts";
import { inverse, mod } from "../../protocol/field.ts";

/** 1 / 256 in the field. */
export const PER_BYTE = inverse(256n);

/** Greatest k of the powers 256^(k - 1) that a stream has. */
export const MAX_POWER = 63;

/** 256^(k - 1) in the field. */
export const powerOf256 = (k: number): bigint => (k === 0 ? PER_BYTE : 256n ** BigInt(k - 1));

/** The constants 256^(k - 1), k from 0 to `MAX_POWER`; one table serves every stream of a circuit. */
export const bytePowers = (b: Builder, name: string): Rom<Wire> =>
  fieldRom(b, Array.from({ length: MAX_POWER + 1 }, (_, k) => b.constant(mod(powerOf256(k)))), name); // prettier-ignore

export class SuffixStream {
  readonly bytes: readonly U8[];
  readonly powers: Rom<Wire>;
  readonly #suffix: Rom<Wire>;

  constructor(b: Builder, bytes: readonly U8[], powers: Rom<Wire>, name: string) {
    this.bytes = bytes;
    this.powers = powers;
    const suffix: Wire[] = [b.zero];
    for (let i = bytes.length - 1; i >= 0; i--) {
      assertFits(b, bytes[i]!, 8, name);
      suffix.push(sum(b, [[PER_BYTE, suffix.at(-1)!], [1n, bytes[i]!]], 0n, `${name}.suffix[${i}]`)); // prettier-ignore
    }
    this.#suffix = fieldRom(b, suffix.reverse(), `${name}.table`);
  }

  /** suffix(position), a raw field: what slices are made of. Cost: 2 gates. */
  suffix(b: Builder, position: Wire, name: string): Wire {
    assertFits(b, position, INDEX_BITS, name);
    return this.#suffix.read(b, position, name);
  }

  /** The big-endian integer of the `length` bytes at `from`, a raw field: range-check it to rely on its size. */
  slice(b: Builder, from: Wire, length: Wire, name: string): Wire {
    assertFits(b, length, 5, `${name}.length`);
    const power = this.powers.read(b, length, `${name}.power`);
    const start = this.suffix(b, from, `${name}.start`);
    const end = this.suffix(b, add(b, from, length, `${name}.to`), `${name}.end`);
    return combine(b, [[1n, power, start]], [[-PER_BYTE, end]], 0n, name);
  }

  /** As `slice`, of a length that the circuit knows. */
  fixed(b: Builder, from: Wire, length: number, name: string): Wire {
    const start = this.suffix(b, from, `${name}.start`);
    const end = this.suffix(b, sum(b, [[1n, from]], BigInt(length), `${name}.to`), `${name}.end`);
    return sum(b, [[powerOf256(length), start], [-PER_BYTE, end]], 0n, name); // prettier-ignore
  }

  /**
   * The slice as it stands in a longer big-endian group of bytes that ends at position `weight`: its integer times
   * 256^(weight - from - length). Assumes from + length <= weight <= from + 31 when length > 0. Throws BOUND_UNKNOWN unless
   * the bound of `weight` is known.
   */
  sliceWeighted(b: Builder, from: Wire, length: Wire, weight: Wire, name: string): Wire {
    assertFits(b, length, 5, `${name}.length`);
    assertFits(b, weight, INDEX_BITS, `${name}.weight`);
    const to = add(b, from, length, `${name}.to`);
    const [start, end] = [this.suffix(b, from, `${name}.start`), this.suffix(b, to, `${name}.end`)];
    return combine(
      b,
      [
        [1n, this.#powerTo(b, from, weight, `${name}.first`), start],
        [-1n, this.#powerTo(b, to, weight, `${name}.last`), end],
      ],
      [],
      0n,
      name,
    );
  }

  /** 256^(weight - position - 1). */
  #powerTo(b: Builder, position: Wire, weight: Wire, name: string): Wire {
    const places = sum(b, [[1n, weight], [-1n, position]], 0n, `${name}.places`); // prettier-ignore
    return this.powers.read(b, this.#small(b, places, name), `${name}.power`);
  }

  #small(b: Builder, places: Wire, name: string): Wire {
    return b.range(places, 6, `${name}.places`);
  }

  /** The integer of `count` bytes at `position`, zeros where there are none. Only inside a witness function. */
  peek(b: Builder, position: bigint, count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[Number(position) + i];
      value = value * 256n + (byte === undefined ? 0n : b.value(byte));
    }
    return value;
  }
}
