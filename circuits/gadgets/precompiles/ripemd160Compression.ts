/**
 * The compression of RIPEMD-160 on words of 32 bits, with the proof system's AND and XOR.
 *
 * Proves: result = the state (5 words) after one more block (16 words, little endian), as Dobbertin, Bosselaers and Preneel
 *   define it (RIPEMD-160, 1996).
 * Assumes: nothing; words are below 2^32 (checked when building).
 * Enforces: 80 steps of two lines and the sum of both with the state.
 * Sound because: each function of three words is one linear expression in two results of AND or XOR, between 0 and 2^32 - 1.
 *   A step is two equations of integers below 2^35: A + f + X + K = carry 2^32 + high 2^(32-s) + low, which has one solution
 *   in range, and T + over 2^32 = low 2^s + high + E; a rotation by s only swaps high and low.
 * Cost: 4,400 gates, 27 a step: 12 for the function, 6 for equations, 9 for ranges.
 */
import { sum } from "../../builder/arithmetic.ts";
import { bitAnd, bitXor } from "../../builder/blackBoxes.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertFits, promiseBits, witnessBits, witnessBool, witnessU32 } from "../../builder/ranges.ts";
import type { U32 } from "../../builder/wire.ts";
import { LINES } from "./ripemd160Constants.ts";

const MASK = (1n << 32n) - 1n;

/** A, E: used once more, in a sum; B and C: to be rotated by 10 later; D has been. */
interface Line {
  readonly a: U32;
  readonly b: Rotatable;
  readonly c: Rotatable;
  readonly d: U32;
  readonly e: U32;
}

/** A word in two pieces, so that it is turned by 10 bits without a new range. */
interface Rotatable {
  readonly word: U32;
  readonly high: U32;
  readonly low: U32;
}

export function ripemd160Compression(
  b: Builder,
  message: readonly U32[],
  state: readonly U32[],
  name: string,
): U32[] {
  return b.scope(name, () => {
    for (const word of [...message, ...state]) assertFits(b, word, 32, "word");
    const [h0, h1, h2, h3, h4] = state as readonly [U32, U32, U32, U32, U32];
    const start = { a: h0, b: split(b, h1, "b"), c: split(b, h2, "c"), d: h3, e: h4 };
    const [left, right] = LINES.map(({ functions, words, shifts, constants }, side) => {
      let line: Line = start;
      for (let i = 0; i < 80; i++)
        line = b.scope(`line[${side}].step[${i}]`, () => {
          const round = Math.floor(i / 16);
          const x = message[words[i]!]!;
          return step(b, line, FUNCTIONS[functions[round]!]!, { x, k: constants[round]!, shift: shifts[i]! });
        });
      return line;
    }) as [Line, Line];
    return [
      sumModulo(b, [h1, left.c.word, right.d], "sum[0]"),
      sumModulo(b, [h2, left.d, right.e], "sum[1]"),
      sumModulo(b, [h3, left.e, right.a], "sum[2]"),
      sumModulo(b, [h4, left.a, right.b.word], "sum[3]"),
      sumModulo(b, [h0, left.b.word, right.c.word], "sum[4]"),
    ];
  });
}

type Mixed = { readonly terms: readonly Term[]; readonly constant: bigint };
type Mixer = (b: Builder, x: U32, y: U32, z: U32) => Mixed;

/** Each as a sum of integers whose total is the function's value: 12 gates, where a word has to be made 15. */
const FUNCTIONS: readonly Mixer[] = [
  /** x ^ y ^ z */
  (b, x, y, z) => {
    const two = bitXor(b, x, y, 32, "xy");
    return { terms: [[1n, bitXor(b, two, z, 32, "xyz")]], constant: 0n };
  },
  /** (x & y) | (~x & z) = (x & y) + z - (x & z) */
  (b, x, y, z) => choose(b, x, y, z),
  /** (x | ~y) ^ z = ~((y & ~x) ^ z) */
  (b, x, y, z) => inverted(b, without(b, y, x), z),
  /** (x & z) | (y & ~z) */
  (b, x, y, z) => choose(b, z, x, y),
  /** x ^ (y | ~z) = ~(x ^ (z & ~y)) */
  (b, x, y, z) => inverted(b, without(b, z, y), x),
];

/** Where a bit of `by` is 1 that of `x`, else that of `y`. */
function choose(b: Builder, by: U32, x: U32, y: U32): Mixed {
  const [taken, left] = [bitAnd(b, by, x, 32, "taken"), bitAnd(b, by, y, 32, "left")];
  return { terms: [[1n, taken], [1n, y], [-1n, left]], constant: 0n }; // prettier-ignore
}

/** x & ~y = x - (x & y). */
function without(b: Builder, x: U32, y: U32): U32 {
  const both = bitAnd(b, x, y, 32, "both");
  const rest = witnessU32(b, "rest", () => b.value(x) - b.value(both));
  b.assertZero([], [[1n, rest], [1n, both], [-1n, x]], 0n, "rest"); // prettier-ignore
  return rest;
}

/** ~(x ^ y) */
const inverted = (b: Builder, x: U32, y: U32): Mixed => ({
  terms: [[-1n, bitXor(b, x, y, 32, "xor")]],
  constant: MASK,
});

interface Added {
  readonly x: U32;
  readonly k: bigint;
  readonly shift: number;
}

function step(b: Builder, line: Line, mix: Mixer, { x, k, shift }: Added): Line {
  const { a, b: second, c, d, e } = line;
  const mixed = mix(b, second.word, c.word, d);
  const terms: Term[] = [[1n, a], [1n, x], ...mixed.terms]; // prettier-ignore
  const constant = mixed.constant + k;
  const total = (): bigint => terms.reduce((s, [factor, wire]) => s + factor * b.value(wire), constant);
  const down = BigInt(32 - shift);
  const high = witnessBits(b, shift, "high", () => (total() & MASK) >> down);
  const low = witnessBits(b, 32 - shift, "low", () => total() & ((1n << down) - 1n));
  const carry = witnessBits(b, 2, "carry", () => total() >> 32n);
  const parts: Term[] = [[-1n << 32n, carry], [-1n << down, high], [-1n, low]]; // prettier-ignore
  b.assertZero([], [...terms, ...parts], constant, "turned");
  const rotated = (): bigint => (b.value(low) << BigInt(shift)) + b.value(high) + b.value(e);
  const next = rotatable(b, "t", () => rotated() & MASK);
  const over = witnessBool(b, "over", () => rotated() >> 32n);
  b.assertZero([], [[1n << BigInt(shift), low], [1n, high], [1n, e], [-1n, next.word], [-1n << 32n, over]], 0n, "t"); // prettier-ignore
  const turned = promiseBits(b, sum(b, [[1n << 10n, c.low], [1n, c.high]], 0n, "c.by10"), 32, "c.by10"); // prettier-ignore
  return { a: e, b: next, c: second, d: turned, e: d };
}

function rotatable(b: Builder, name: string, value: () => bigint): Rotatable {
  const high = witnessBits(b, 10, `${name}.high`, () => value() >> 22n);
  const low = witnessBits(b, 22, `${name}.low`, () => value() & ((1n << 22n) - 1n));
  const word = sum(b, [[1n << 22n, high], [1n, low]], 0n, `${name}.word`); // prettier-ignore
  const as32 = (wire: typeof word): U32 => promiseBits(b, wire, 32, name);
  return { word: as32(word), high: as32(high), low: as32(low) };
}

function split(b: Builder, word: U32, name: string): Rotatable {
  const parts = rotatable(b, name, () => b.value(word));
  b.assertZero([], [[1n, parts.word], [-1n, word]], 0n, `${name}.same`); // prettier-ignore
  return parts;
}

function sumModulo(b: Builder, words: readonly U32[], name: string): U32 {
  const total = (): bigint => words.reduce((s, word) => s + b.value(word), 0n);
  const result = witnessU32(b, name, () => total() & MASK);
  const over = witnessBits(b, 2, `${name}.over`, () => total() >> 32n);
  const terms = words.map((word): Term => [1n, word]);
  b.assertZero([], [...terms, [-1n, result], [-1n << 32n, over]], 0n, `${name}.equation`);
  return result;
}
