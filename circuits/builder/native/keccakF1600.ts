/** Keccak-f[1600] (FIPS 202 section 3.3) on 25 lanes of 64 bits, lane (x, y) at x + 5y. */
const MASK = (1n << 64n) - 1n;
const rotate = (v: bigint, n: bigint): bigint => ((v << n) | (v >> (64n - n))) & MASK;

const ROUNDS = 24;
/** Step iota: constants from the LFSR x^8 + x^6 + x^5 + x^4 + 1. */
const ROUND_CONSTANTS = roundConstants();
/** Steps rho and pi: lane i goes to position TARGET[i], rotated by OFFSET[i]. */
const { TARGET, OFFSET } = rhoPi();

export function keccakF1600(lanes: readonly bigint[]): bigint[] {
  let a = lanes.slice();
  for (let round = 0; round < ROUNDS; round++) {
    const c = [0, 1, 2, 3, 4].map((x) => a[x]! ^ a[x + 5]! ^ a[x + 10]! ^ a[x + 15]! ^ a[x + 20]!);
    const d = [0, 1, 2, 3, 4].map((x) => c[(x + 4) % 5]! ^ rotate(c[(x + 1) % 5]!, 1n));
    const moved: bigint[] = new Array<bigint>(25);
    for (let i = 0; i < 25; i++) moved[TARGET[i]!] = rotate(a[i]! ^ d[i % 5]!, OFFSET[i]!);
    a = moved.map((v, i) => {
      const row = i - (i % 5);
      return v ^ (~moved[row + ((i + 1) % 5)]! & MASK & moved[row + ((i + 2) % 5)]!);
    });
    a[0] = a[0]! ^ ROUND_CONSTANTS[round]!;
  }
  return a;
}

function rhoPi(): { TARGET: number[]; OFFSET: bigint[] } {
  const target = new Array<number>(25).fill(0);
  const offset = new Array<bigint>(25).fill(0n);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    offset[x + 5 * y] = BigInt((((t + 1) * (t + 2)) / 2) % 64);
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  for (let i = 0; i < 25; i++) {
    const [px, py] = [i % 5, Math.floor(i / 5)];
    target[i] = py + 5 * ((2 * px + 3 * py) % 5);
  }
  return { TARGET: target, OFFSET: offset };
}

function roundConstants(): bigint[] {
  let lfsr = 1;
  const bit = (): boolean => {
    const out = (lfsr & 1) === 1;
    lfsr = (lfsr << 1) ^ (lfsr & 0x80 ? 0x171 : 0);
    return out;
  };
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j++) if (bit()) constant |= 1n << ((1n << BigInt(j)) - 1n);
    return constant;
  });
}
