/** The compression function F of BLAKE2b with a chosen number of rounds (EIP-152, RFC 7693 section 3.2). */
import { viewOf } from "../word.ts";
import type { Precompile } from "./precompile.ts";

/** rounds u32 | h 8 x u64 | m 16 x u64 | t 2 x u64 | final u8; rounds big endian, the rest little endian. */
const INPUT_BYTES = 213;

/** As 32-bit halves, low half first, like all words here. */
const IV = Uint32Array.of(
  0xf3bcc908,
  0x6a09e667,
  0x84caa73b,
  0xbb67ae85,
  0xfe94f82b,
  0x3c6ef372,
  0x5f1d36f1,
  0xa54ff53a,
  0xade682d1,
  0x510e527f,
  0x2b3e6c1f,
  0x9b05688c,
  0xfb41bd6b,
  0x1f83d9ab,
  0x137e2179,
  0x5be0cd19,
);

const SIGMA: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/** Columns, then diagonals. */
const MIXES: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

export const blake2f: Precompile = {
  gas: (input) => (input.length === INPUT_BYTES ? BigInt(viewOf(input).getUint32(0)) : 0n),
  run(input) {
    const isFinal = input[INPUT_BYTES - 1];
    if (input.length !== INPUT_BYTES || (isFinal !== 0 && isFinal !== 1)) return undefined;
    const halves = littleEndianHalves(input);
    const [h, m, t] = [halves.subarray(0, 16), halves.subarray(16, 48), halves.subarray(48, 52)];
    return compress(h, m, t, isFinal === 1, viewOf(input).getUint32(0));
  },
};

function littleEndianHalves(input: Uint8Array): Uint32Array {
  const view = viewOf(input);
  return Uint32Array.from({ length: 52 }, (_, i) => view.getUint32(4 + 4 * i, true));
}

function compress(
  h: Uint32Array,
  m: Uint32Array,
  t: Uint32Array,
  isFinal: boolean,
  rounds: number,
): Uint8Array {
  const v = new Uint32Array(32);
  v.set(h);
  v.set(IV, 16);
  for (let i = 0; i < 4; i++) v[24 + i]! ^= t[i]!;
  if (isFinal) for (const i of [28, 29]) v[i]! ^= 0xffffffff;
  for (let round = 0; round < rounds; round++) {
    const order = SIGMA[round % 10] as readonly number[];
    for (let i = 0; i < 8; i++) mix(v, MIXES[i]!, m, order[2 * i]!, order[2 * i + 1]!);
  }
  const output = new Uint8Array(64);
  const view = viewOf(output);
  for (let i = 0; i < 16; i++) view.setUint32(4 * i, h[i]! ^ v[i]! ^ v[i + 16]!, true);
  return output;
}

/** The mixing function G (RFC 7693 section 3.1) of words a, b, c, d and message words x, y. */
function mix(
  v: Uint32Array,
  [a, b, c, d]: readonly [number, number, number, number],
  m: Uint32Array,
  x: number,
  y: number,
): void {
  addThree(v, a, v[2 * b]!, v[2 * b + 1]!, m[2 * x]!, m[2 * x + 1]!);
  rotateXor(v, d, a, 32);
  addThree(v, c, v[2 * d]!, v[2 * d + 1]!, 0, 0);
  rotateXor(v, b, c, 24);
  addThree(v, a, v[2 * b]!, v[2 * b + 1]!, m[2 * y]!, m[2 * y + 1]!);
  rotateXor(v, d, a, 16);
  addThree(v, c, v[2 * d]!, v[2 * d + 1]!, 0, 0);
  rotateXor(v, b, c, 63);
}

/** v[i] += p + q modulo 2^64. */
function addThree(v: Uint32Array, i: number, pLow: number, pHigh: number, qLow: number, qHigh: number): void {
  const low = v[2 * i]! + pLow + qLow;
  v[2 * i] = low;
  v[2 * i + 1] = v[2 * i + 1]! + pHigh + qHigh + Math.floor(low / 2 ** 32);
}

/** v[i] = (v[i] ^ v[j]) rotated right. */
function rotateXor(v: Uint32Array, i: number, j: number, bits: 16 | 24 | 32 | 63): void {
  const low = v[2 * i]! ^ v[2 * j]!;
  const high = v[2 * i + 1]! ^ v[2 * j + 1]!;
  if (bits === 32) {
    v[2 * i] = high;
    v[2 * i + 1] = low;
  } else if (bits === 63) {
    v[2 * i] = (low << 1) | (high >>> 31);
    v[2 * i + 1] = (high << 1) | (low >>> 31);
  } else {
    v[2 * i] = (low >>> bits) | (high << (32 - bits));
    v[2 * i + 1] = (high >>> bits) | (low << (32 - bits));
  }
}
