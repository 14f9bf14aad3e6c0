/**
 * Arithmetic modulo the two primes of BN254, for making a reference string in bulk.
 *
 * An element is 9 limbs of 29 bits, least significant first, one u32 each (36 bytes), in Montgomery form with R = 2^261.
 * Every limb stored is below 2^29. Values are kept below 2p, not below p: R is 128p, so a product of two factors whose
 * bounds multiply to at most 128 p^2 is again below 2p. `canonical` gives the one representative below p.
 */

export const FIELD: usize = 36;
const BITS: u64 = 29;
const MASK: u64 = (1 << 29) - 1;

// The base field, where coordinates live.
const P0: u64 = 410844487;
const P1: u64 = 17064118;
const P2: u64 = 477274959;
const P3: u64 = 47522512;
const P4: u64 = 361093496;
const P5: u64 = 47923392;
const P6: u64 = 10936641;
const P7: u64 = 240920116;
const P8: u64 = 3171406;
/** -1/P mod 2^29. */
const P_INVERSE: u64 = 75916169;

// The scalar field, where the powers of tau live: the order of the curve.
const N0: u64 = 268435457;
const N1: u64 = 521120927;
const N2: u64 = 240919632;
const N3: u64 = 131109107;
const N4: u64 = 361091715;
const N5: u64 = 47923392;
const N6: u64 = 10936641;
const N7: u64 = 240920116;
const N8: u64 = 3171406;
/** -1/N mod 2^29. */
const N_INVERSE: u64 = 268435455;

// Twice the base field's prime: added before a subtraction, so that nothing goes below zero.
const D0: i64 = 284818062;
const D1: i64 = 34128237;
const D2: i64 = 417679006;
const D3: i64 = 95045025;
const D4: i64 = 185316080;
const D5: i64 = 95846785;
const D6: i64 = 21873282;
const D7: i64 = 481840232;
const D8: i64 = 6342812;
/** floor(2^40 / (1 + P >> 232)): times the top limb and shifted back, it is never above the quotient by P. */
const QUOTIENT: u64 = 346695;

// prettier-ignore
@inline
function montgomery(o: usize, x: usize, y: usize,
  m0: u64, m1: u64, m2: u64, m3: u64, m4: u64, m5: u64, m6: u64, m7: u64, m8: u64, inverse: u64): void {
  const b0 = <u64>load<u32>(y, 0);
  const b1 = <u64>load<u32>(y, 4);
  const b2 = <u64>load<u32>(y, 8);
  const b3 = <u64>load<u32>(y, 12);
  const b4 = <u64>load<u32>(y, 16);
  const b5 = <u64>load<u32>(y, 20);
  const b6 = <u64>load<u32>(y, 24);
  const b7 = <u64>load<u32>(y, 28);
  const b8 = <u64>load<u32>(y, 32);
  let t0: u64 = 0, t1: u64 = 0, t2: u64 = 0, t3: u64 = 0, t4: u64 = 0, t5: u64 = 0, t6: u64 = 0, t7: u64 = 0, t8: u64 = 0;
  // No column passes 18 * 2^58 + 2^36 < 2^63.
  for (let i: usize = 0; i < FIELD; i += 4) {
    const a = <u64>load<u32>(x + i);
    const low = t0 + a * b0;
    const q = (low * inverse) & MASK;
    t0 = t1 + a * b1 + q * m1 + ((low + q * m0) >> BITS);
    t1 = t2 + a * b2 + q * m2;
    t2 = t3 + a * b3 + q * m3;
    t3 = t4 + a * b4 + q * m4;
    t4 = t5 + a * b5 + q * m5;
    t5 = t6 + a * b6 + q * m6;
    t6 = t7 + a * b7 + q * m7;
    t7 = t8 + a * b8 + q * m8;
  }
  store<u32>(o, <u32>(t0 & MASK), 0); t1 += t0 >> BITS;
  store<u32>(o, <u32>(t1 & MASK), 4); t2 += t1 >> BITS;
  store<u32>(o, <u32>(t2 & MASK), 8); t3 += t2 >> BITS;
  store<u32>(o, <u32>(t3 & MASK), 12); t4 += t3 >> BITS;
  store<u32>(o, <u32>(t4 & MASK), 16); t5 += t4 >> BITS;
  store<u32>(o, <u32>(t5 & MASK), 20); t6 += t5 >> BITS;
  store<u32>(o, <u32>(t6 & MASK), 24); t7 += t6 >> BITS;
  store<u32>(o, <u32>(t7 & MASK), 28); t8 += t7 >> BITS;
  store<u32>(o, <u32>t8, 32);
}

/** o = x * y / R mod p. Assumes: bounds of x and y multiply to at most 128 p^2. Result below 2p. */
export function multiply(o: usize, x: usize, y: usize): void {
  montgomery(o, x, y, P0, P1, P2, P3, P4, P5, P6, P7, P8, P_INVERSE);
}

/** The same modulo the order of the curve. */
export function multiplyScalar(o: usize, x: usize, y: usize): void {
  montgomery(o, x, y, N0, N1, N2, N3, N4, N5, N6, N7, N8, N_INVERSE);
}

/** o = x - y + 2p. Assumes: y at most 2p. Result below the bound of x plus 2p. */
// prettier-ignore
export function subtract(o: usize, x: usize, y: usize): void {
  let c: i64 = 0;
  c += <i64>load<u32>(x, 0) - <i64>load<u32>(y, 0) + D0; store<u32>(o, <u32>(c & MASK), 0); c >>= BITS;
  c += <i64>load<u32>(x, 4) - <i64>load<u32>(y, 4) + D1; store<u32>(o, <u32>(c & MASK), 4); c >>= BITS;
  c += <i64>load<u32>(x, 8) - <i64>load<u32>(y, 8) + D2; store<u32>(o, <u32>(c & MASK), 8); c >>= BITS;
  c += <i64>load<u32>(x, 12) - <i64>load<u32>(y, 12) + D3; store<u32>(o, <u32>(c & MASK), 12); c >>= BITS;
  c += <i64>load<u32>(x, 16) - <i64>load<u32>(y, 16) + D4; store<u32>(o, <u32>(c & MASK), 16); c >>= BITS;
  c += <i64>load<u32>(x, 20) - <i64>load<u32>(y, 20) + D5; store<u32>(o, <u32>(c & MASK), 20); c >>= BITS;
  c += <i64>load<u32>(x, 24) - <i64>load<u32>(y, 24) + D6; store<u32>(o, <u32>(c & MASK), 24); c >>= BITS;
  c += <i64>load<u32>(x, 28) - <i64>load<u32>(y, 28) + D7; store<u32>(o, <u32>(c & MASK), 28); c >>= BITS;
  store<u32>(o, <u32>(c + <i64>load<u32>(x, 32) - <i64>load<u32>(y, 32) + D8), 32);
}

/** Brings x from below 16p to below 2p, in place. */
// prettier-ignore
export function reduce(x: usize): void {
  const k = <i64>((<u64>load<u32>(x, 32) * QUOTIENT) >> 40);
  let c: i64 = 0;
  c += <i64>load<u32>(x, 0) - k * <i64>P0; store<u32>(x, <u32>(c & MASK), 0); c >>= BITS;
  c += <i64>load<u32>(x, 4) - k * <i64>P1; store<u32>(x, <u32>(c & MASK), 4); c >>= BITS;
  c += <i64>load<u32>(x, 8) - k * <i64>P2; store<u32>(x, <u32>(c & MASK), 8); c >>= BITS;
  c += <i64>load<u32>(x, 12) - k * <i64>P3; store<u32>(x, <u32>(c & MASK), 12); c >>= BITS;
  c += <i64>load<u32>(x, 16) - k * <i64>P4; store<u32>(x, <u32>(c & MASK), 16); c >>= BITS;
  c += <i64>load<u32>(x, 20) - k * <i64>P5; store<u32>(x, <u32>(c & MASK), 20); c >>= BITS;
  c += <i64>load<u32>(x, 24) - k * <i64>P6; store<u32>(x, <u32>(c & MASK), 24); c >>= BITS;
  c += <i64>load<u32>(x, 28) - k * <i64>P7; store<u32>(x, <u32>(c & MASK), 28); c >>= BITS;
  store<u32>(x, <u32>(c + <i64>load<u32>(x, 32) - k * <i64>P8), 32);
}

export function copy(o: usize, x: usize): void {
  memory.copy(o, x, FIELD);
}

export function isZero(x: usize): bool {
  let any: u32 = 0;
  for (let i: usize = 0; i < FIELD; i += 4) any |= load<u32>(x + i);
  return any === 0;
}

/** o = x - m when x >= m, else x. The limbs of m come from memory. */
function subtractOnce(o: usize, x: usize, m: usize, spare: usize): void {
  let c: i64 = 0;
  for (let i: usize = 0; i < FIELD; i += 4) {
    c += <i64>load<u32>(x + i) - <i64>load<u32>(m + i);
    store<u32>(spare + i, <u32>(c & MASK));
    c >>= BITS;
  }
  copy(o, c < 0 ? x : spare);
}

/** memory.data keeps constants and temporaries at fixed places, so the module needs no allocator for them. */
const PRIME = memory.data<u32>([410844487, 17064118, 477274959, 47522512, 361093496, 47923392, 10936641, 240920116, 3171406]);
const ORDER = memory.data<u32>([268435457, 521120927, 240919632, 131109107, 361091715, 47923392, 10936641, 240920116, 3171406]);
const UNIT = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0]);
const spare = memory.data(36);

/** Leaves Montgomery form: o = x / R, below p. Assumes x < 2p, so that the product with 1 is at most p. */
export function canonical(o: usize, x: usize): void {
  multiply(o, x, UNIT);
  subtractOnce(o, o, PRIME, spare);
}

/** The same modulo the order of the curve. */
export function canonicalScalar(o: usize, x: usize): void {
  multiplyScalar(o, x, UNIT);
  subtractOnce(o, o, ORDER, spare);
}

const power = memory.data(36);

/** o = 1/x (Fermat: x^(p-2)). Assumes x is not 0 and x < 2p; o may be x. */
export function invert(o: usize, x: usize): void {
  copy(power, x);
  for (let bit = 252; bit >= 0; bit--) {
    multiply(power, power, power);
    const limb = load<u32>(PRIME + ((bit / 29) << 2)) - (bit < 29 ? 2 : 0);
    if ((limb >> (bit % 29)) & 1) multiply(power, power, x);
  }
  copy(o, power);
}
