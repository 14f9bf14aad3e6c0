/**
 * One round of BLAKE2b (RFC 7693, 3.2) on 16 words of 64 bits.
 *
 * Proves: result = the working vector after the round whose message words are `m`, already in the order of the round.
 * Assumes: nothing; words are below 2^64 (checked when building).
 * Enforces: eight mixings G of 4 sums, 4 XORs and 4 rotations.
 * Sound because: a sum is an integer below 3 * 2^64 divided by 2^64, with parts of 32 bits; a rotation by 32 swaps the halves,
 *   any other splits both halves at its bit, which is a division with a remainder in range, hence unique.
 * Cost: 892 gates: 105 a mixing (XOR 48, rotations 29, sums 28), 36 to split the words that are XORed first, 16 to join.
 */
import { sum } from "../../builder/arithmetic.ts";
import { bitXor } from "../../builder/blackBoxes.ts";
import type { Builder, Term } from "../../builder/builder.ts";
import { assertFits, promiseBits, witnessBits, witnessU32 } from "../../builder/ranges.ts";
import type { U32, U64, Wire } from "../../builder/wire.ts";

const MASK = (1n << 32n) - 1n;

/** 64 bits in two halves, as XOR and rotation want them. */
export interface Lane {
  readonly hi: U32;
  readonly lo: U32;
}

/** Which words G mixes: first the columns, then the diagonals. */
const MIXINGS = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
] as const; // prettier-ignore

export function blake2Round(b: Builder, v: readonly U64[], m: readonly U64[], name: string): U64[] {
  return b.scope(name, () => {
    for (const word of [...v, ...m]) assertFits(b, word, 64, "word");
    // Words 0-3 and 8-11 are added first, which takes them whole; the others are XORed.
    const state: (Summand | Lane)[] = v.map((word, i) => (i & 4 ? splitLane(b, word, `v[${i}]`) : { word }));
    MIXINGS.forEach(([i, j, k, l], n) =>
      b.scope(`mix[${n}]`, () => {
        const [x, y] = [m[2 * n]!, m[2 * n + 1]!];
        const first = { a: state[i]!, b: lane(state[j]!), c: state[k]!, d: lane(state[l]!) };
        const half = mixHalf(b, first, x, { d: 32, b: 24 }, "first");
        const mixed = mixHalf(b, half, y, { d: 16, b: 63 }, "second");
        [state[i], state[j], state[k], state[l]] = [mixed.a, mixed.b, mixed.c, mixed.d];
      }),
    );
    return state.map((word, i) => joinLane(b, lane(word), `out[${i}]`));
  });
}

/** A word that is only added. */
interface Summand {
  readonly word: U64;
}

const lane = (word: Summand | Lane): Lane => word as Lane;

interface Quarter {
  readonly a: Summand | Lane;
  readonly b: Lane;
  readonly c: Summand | Lane;
  readonly d: Lane;
}

/** a += b + m; d = (d ^ a) >>> by.d; c += d; b = (b ^ c) >>> by.b. */
function mixHalf(b: Builder, q: Quarter, m: U64, by: { d: number; b: number }, name: string) {
  return b.scope(name, () => {
    const a = addLanes(b, [q.a, q.b, { word: m }], "a");
    const d = rotate(b, xorLanes(b, q.d, a, "d.xor"), by.d, "d");
    const c = addLanes(b, [q.c, d], "c");
    return { a, b: rotate(b, xorLanes(b, q.b, c, "b.xor"), by.b, "b"), c, d };
  });
}

/** The sum modulo 2^64. */
function addLanes(b: Builder, parts: readonly (Summand | Lane)[], name: string): Lane {
  const terms = parts.flatMap(
    (part): Term[] =>
    "word" in part ? [[1n, part.word]] : [[1n << 32n, part.hi], [1n, part.lo]], // prettier-ignore
  );
  const total = (): bigint => terms.reduce((s, [k, wire]) => s + k * b.value(wire), 0n);
  const lo = witnessU32(b, `${name}.lo`, () => total() & MASK);
  const hi = witnessU32(b, `${name}.hi`, () => (total() >> 32n) & MASK);
  const carry = witnessBits(b, parts.length - 1, `${name}.carry`, () => total() >> 64n);
  b.assertZero([], [...terms, [-1n, lo], [-1n << 32n, hi], [-1n << 64n, carry]], 0n, `${name}.sum`);
  return { hi, lo };
}

export const xorLanes = (b: Builder, x: Lane, y: Lane, name: string): Lane => ({
  hi: bitXor(b, x.hi, y.hi, 32, `${name}.hi`),
  lo: bitXor(b, x.lo, y.lo, 32, `${name}.lo`),
});

/** The word turned right by `bits`. */
function rotate(b: Builder, { hi, lo }: Lane, bits: number, name: string): Lane {
  if (bits === 32) return { hi: lo, lo: hi };
  // A turn by 63 is one by 31 of the halves swapped: 0 < at < 32 in each case.
  const [x, y] = bits > 32 ? [lo, hi] : [hi, lo];
  const at = bits % 32;
  const [high, low] = [splitAt(b, x, at, `${name}.high`), splitAt(b, y, at, `${name}.low`)];
  const join = (upper: Wire, lower: Wire, part: string): U32 =>
    promiseBits(b, sum(b, [[1n << BigInt(32 - at), upper], [1n, lower]], 0n, `${name}.${part}`), 32, part); // prettier-ignore
  return { hi: join(low.below, high.above, "hi"), lo: join(high.below, low.above, "lo") };
}

function splitAt(b: Builder, word: U32, at: number, name: string): { above: Wire; below: Wire } {
  const [shift, mask] = [BigInt(at), (1n << BigInt(at)) - 1n];
  const above = witnessBits(b, 32 - at, `${name}.above`, () => b.value(word) >> shift);
  const below = witnessBits(b, at, `${name}.below`, () => b.value(word) & mask);
  b.assertZero([], [[1n << shift, above], [1n, below], [-1n, word]], 0n, `${name}.split`); // prettier-ignore
  return { above, below };
}

export function splitLane(b: Builder, word: U64, name: string): Lane {
  const hi = witnessU32(b, `${name}.hi`, () => b.value(word) >> 32n);
  const lo = witnessU32(b, `${name}.lo`, () => b.value(word) & MASK);
  b.assertZero([], [[1n << 32n, hi], [1n, lo], [-1n, word]], 0n, `${name}.split`); // prettier-ignore
  return { hi, lo };
}

export const joinLane = (b: Builder, { hi, lo }: Lane, name: string): U64 =>
  promiseBits(b, sum(b, [[1n << 32n, hi], [1n, lo]], 0n, name), 64, name); // prettier-ignore
