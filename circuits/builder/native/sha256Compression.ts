/** The SHA-256 compression function (FIPS 180-4 section 6.2.2): 16 message words and 8 state words, 32 bits each. */
const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const K = roundConstants();

export function sha256Compression(message: readonly bigint[], state: readonly bigint[]): bigint[] {
  const w = message.map(Number);
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w[t - 15]!, w[t - 2]!];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16]! + s0 + w[t - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((v, i) => BigInt((v + Number(state[i]!)) >>> 0));
}

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes, in integers. */
function roundConstants(): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes.map((p) => Number(BigInt.asUintN(32, cubeRoot(BigInt(p) << 96n))) | 0);
}

/** Greatest r with r^3 <= n, for n < 2^105. */
function cubeRoot(n: bigint): bigint {
  let r = 0n;
  for (let bit = 1n << 35n; bit > 0n; bit >>= 1n) if ((r | bit) ** 3n <= n) r |= bit;
  return r;
}
