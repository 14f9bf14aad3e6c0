/**
 * RLP items that are integers (yellow paper, appendix B), read at positions of a `SuffixStream`.
 *
 * Proves: the item at `at` is the canonical encoding of an integer of at most `maxBytes` bytes: no leading zero, no long form, a
 *   single byte below 128 stands for itself, zero is the empty string. `value` is that integer, `next` what follows.
 * Assumes: nothing.
 * Enforces: head = 128 * isString + rest with rest below 128; what follows from the number of bytes is read from tables, by
 *   `form`: 0 for a byte that stands for itself, n + 1 for a string of n bytes.
 * Sound because: rest has 7 bits, so isString is forced and the form follows from the head; a string of more than maxBytes bytes
 *   has no entry. The first byte is at least what the form's table says: 1, or 128 in a string of one byte.
 * Cost: 30 gates, 50 for a word; the tables 200, once a circuit.
 */
import { add, combine, sum } from "../builder/arithmetic.ts";
import { not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, witnessBool } from "../builder/ranges.ts";
import { type Rom, fieldRom, rom } from "../builder/rom.ts";
import type { U128, U64, Wire, Word } from "../builder/wire.ts";
import { PER_BYTE, powerOf256, type SuffixStream } from "./suffixStream.ts";

export interface RlpItem<T> {
  readonly value: T;
  readonly next: Wire;
}

const HALF_BYTES = 16;
const WORD_BYTES = 32;

/** By form: the power of the first part of the value, and the least first byte. */
interface FormTables {
  readonly power: Rom<Wire>;
  readonly least: Rom<Wire>;
}

interface Item {
  readonly form: Wire;
  readonly start: Wire;
  readonly next: Wire;
}

export class RlpIntegers {
  readonly #stream: SuffixStream;
  readonly #narrow: FormTables;
  readonly #wide: FormTables;
  readonly #hiLength: Rom<Wire>;
  readonly #hiPower: Rom<Wire>;
  readonly #loPower: Rom<Wire>;
  readonly #wordLeast: Rom<Wire>;

  constructor(b: Builder, stream: SuffixStream, name: string) {
    this.#stream = stream;
    const table = (maxBytes: number, entry: (bytes: number) => bigint, single: bigint): Wire[] =>
      Array.from({ length: maxBytes + 2 }, (_, form) => b.constant(form === 0 ? single : entry(form - 1)));
    const powers = (maxBytes: number, part: string, entry = powerOf256): Rom<Wire> =>
      fieldRom(b, table(maxBytes, entry, 1n), `${name}.${part}`);
    const least = (maxBytes: number, part: string): Rom<Wire> =>
      rom(
        b,
        table(maxBytes, (n) => (n === 0 ? 0n : n === 1 ? 128n : 1n), 1n),
        `${name}.${part}`,
      );
    this.#narrow = { power: powers(8, "power8"), least: least(8, "least8") };
    this.#wide = { power: powers(HALF_BYTES, "power16"), least: least(HALF_BYTES, "least16") };
    const hiBytes = (n: number): number => Math.max(0, n - HALF_BYTES);
    const hiTable = table(WORD_BYTES, (n) => BigInt(hiBytes(n)), 0n);
    this.#hiLength = rom(b, hiTable, `${name}.hiLength`);
    const hiPower = table(WORD_BYTES, (n) => powerOf256(hiBytes(n)), PER_BYTE);
    this.#hiPower = fieldRom(b, hiPower, `${name}.hiPower`);
    this.#loPower = powers(WORD_BYTES, "loPower", (n) => powerOf256(Math.min(n, HALF_BYTES)));
    this.#wordLeast = least(WORD_BYTES, "leastWord");
  }

  u64(b: Builder, at: Wire, name: string): RlpItem<U64> {
    return b.scope(name, () => {
      const { value, next } = this.#read(b, at, this.#narrow);
      return { value: assertBits(b, value, 64, "value"), next };
    });
  }

  u128(b: Builder, at: Wire, name: string): RlpItem<U128> {
    return b.scope(name, () => {
      const { value, next } = this.#read(b, at, this.#wide);
      return { value: assertBits(b, value, 128, "value"), next };
    });
  }

  word(b: Builder, at: Wire, name: string): RlpItem<Word> {
    return b.scope(name, () => {
      const { form, start, next } = this.#item(b, at);
      const first = this.#assertLeast(b, start, this.#wordLeast.read(b, form, "least"));
      const middle = add(b, start, this.#hiLength.read(b, form, "hi.length"), "middle");
      const inner = this.#stream.suffix(b, middle, "inner");
      const last = this.#stream.suffix(b, next, "last");
      const hiPower = this.#hiPower.read(b, form, "hi.power");
      const hi = combine(b, [[1n, hiPower, first]], [[-PER_BYTE, inner]], 0n, "hi");
      const loPower = this.#loPower.read(b, form, "lo.power");
      const lo = combine(b, [[1n, loPower, inner]], [[-PER_BYTE, last]], 0n, "lo");
      return { value: { hi: assertBits(b, hi, 128, "hi"), lo: assertBits(b, lo, 128, "lo") }, next };
    });
  }

  #read(b: Builder, at: Wire, { power, least }: FormTables): RlpItem<Wire> {
    const { form, start, next } = this.#item(b, at);
    const first = this.#assertLeast(b, start, least.read(b, form, "least"));
    const last = this.#stream.suffix(b, next, "last");
    const value = combine(b, [[1n, power.read(b, form, "power"), first]], [[-PER_BYTE, last]], 0n, "value");
    return { value, next };
  }

  #item(b: Builder, at: Wire): Item {
    const head = this.#stream.fixed(b, at, 1, "head");
    const isString = witnessBool(b, "isString", () => b.value(head) >= 128n);
    const rest = assertBits(b, sum(b, [[1n, head], [-128n, isString]], 0n, "rest"), 7, "rest"); // prettier-ignore
    const single = not(b, isString, "single");
    const length = combine(b, [[1n, isString, rest]], [[1n, single]], 0n, "length");
    const form = combine(b, [[1n, isString, rest]], [[1n, isString]], 0n, "form");
    const start = add(b, at, isString, "start");
    return { form, start, next: add(b, start, length, "next") };
  }

  /** The first byte, that of what follows for an empty string, is at least `least`. Returns suffix(start). */
  #assertLeast(b: Builder, start: Wire, least: Wire): Wire {
    const first = this.#stream.suffix(b, start, "first");
    const second = this.#stream.suffix(b, sum(b, [[1n, start]], 1n, "second"), "second");
    const excess = sum(b, [[1n, first], [-PER_BYTE, second], [-1n, least]], 0n, "shortest"); // prettier-ignore
    assertBits(b, excess, 8, "shortest");
    return first;
  }
}
