/**
 * tau^i * G for consecutive i on BN254's G1.
 *
 * Signed windows of 16 bits over the fixed base G: a scalar is 16 digits, so a point is at most 15 additions of table
 * entries. All additions of one window, for a whole batch of points, are affine and share one inversion (Montgomery's
 * trick): 6 field multiplications each, 3 for the share in the inversion and 3 for the addition itself.
 */
import { FIELD, canonical, canonicalScalar, copy, invert, isZero, multiply, multiplyScalar, reduce, subtract } from "./field";

const POINT: usize = 2 * FIELD;
const WINDOWS: i32 = 16;
/** Entries of one window's table: 1*B .. 2^15*B, B = 2^(16*window) * G. */
const ENTRIES: i32 = 1 << 15;
/** Points made at once: the more, the smaller the share in an inversion; the fewer, the more stays in the cache. */
export const BATCH: i32 = 2048;

let top: usize = __heap_base;
function allocate(bytes: usize): usize {
  const at = (top + 15) & ~15;
  top = at + bytes;
  const missing = <i32>((top + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

// Inputs of `begin`, written by the caller as limbs in Montgomery form: G (x, y), R mod p, tau and tau^first.
export const inputs: usize = allocate(5 * FIELD);
const generator = inputs;
const one: usize = inputs + POINT;
const tau: usize = one + FIELD;
const scalar: usize = tau + FIELD;
/** 64 bytes a point: x, y, big endian. */
export const output: usize = allocate(BATCH * 64);

const table = allocate(<usize>(WINDOWS * ENTRIES) * POINT);
const sums = allocate(<usize>BATCH * POINT);
const digits = allocate(BATCH * WINDOWS * 4);
const differences = allocate(<usize>ENTRIES * FIELD);
const products = allocate(<usize>ENTRIES * FIELD);
/** Pairs to be added: target += term. The lowest bit of a term asks for its negative (elements lie at multiples of 4). */
const targets = allocate(ENTRIES * 4);
const terms = allocate(ENTRIES * 4);
const zero = allocate(FIELD);
const product = allocate(FIELD);
const inverse = allocate(FIELD);
const slope = allocate(FIELD);
const spare = allocate(FIELD);
const y = allocate(FIELD);

let pairs = 0;

function entry(window: i32, multiple: i32): usize {
  return table + <usize>((window << 15) + multiple - 1) * POINT;
}

function pair(target: usize, term: usize): void {
  store<u32>(targets + (pairs << 2), <u32>target);
  store<u32>(terms + (pairs << 2), <u32>term);
  pairs++;
}

/**
 * target += term for every pair noted, with one inversion.
 * Assumes: no target occurs twice, and no two points of a pair have the same x. The second cannot happen in a sum of
 * windows from the lowest up (the sum so far is smaller in absolute value than one step of the next window), save for one
 * scalar in the topmost; it would make the product zero, and the module traps rather than write a wrong point.
 */
function addPairs(): void {
  if (pairs === 0) return;
  copy(product, one);
  for (let i = 0; i < pairs; i++) {
    const difference = differences + <usize>i * FIELD;
    subtract(difference, load<u32>(terms + (i << 2)) & ~1, load<u32>(targets + (i << 2)));
    copy(products + <usize>i * FIELD, product);
    multiply(product, product, difference);
  }
  canonical(spare, product);
  if (isZero(spare)) unreachable();
  invert(inverse, product);
  for (let i = pairs - 1; i >= 0; i--) {
    const difference = differences + <usize>i * FIELD;
    multiply(slope, inverse, products + <usize>i * FIELD);
    multiply(inverse, inverse, difference);
    addWithInverse(load<u32>(targets + (i << 2)), load<u32>(terms + (i << 2)), slope);
  }
  pairs = 0;
}

/** The chord rule. `slope` holds 1 / (term.x - target.x) and is overwritten. Bounds: see field.ts; all stored values below 2p. */
function addWithInverse(target: usize, signedTerm: usize, slope: usize): void {
  const term = signedTerm & ~1;
  const targetY = target + FIELD;
  if (signedTerm & 1) subtract(y, zero, term + FIELD);
  else copy(y, term + FIELD);
  subtract(spare, y, targetY);
  multiply(slope, slope, spare);
  finish(target, term, slope);
}

/** target = the third point of the line through target with this slope, whose other point has the x of `term`, mirrored. */
function finish(target: usize, term: usize, slope: usize): void {
  const targetY = target + FIELD;
  multiply(spare, slope, slope);
  subtract(spare, spare, target);
  subtract(spare, spare, term);
  reduce(spare);
  subtract(y, target, spare);
  copy(target, spare);
  multiply(spare, slope, y);
  subtract(targetY, spare, targetY);
  reduce(targetY);
}

/** o = 2 * point, by the tangent rule. */
function double(o: usize, point: usize): void {
  const pointY = point + FIELD;
  // slope = 3x^2 / 2y; x + x is x - (0 - x), and the products stay below 128 p^2.
  subtract(spare, zero, pointY);
  subtract(spare, pointY, spare);
  reduce(spare);
  invert(inverse, spare);
  multiply(y, point, point);
  subtract(spare, zero, y);
  subtract(slope, y, spare);
  subtract(slope, slope, spare);
  reduce(slope);
  multiply(slope, slope, inverse);
  memory.copy(o, point, POINT);
  finish(o, point, slope);
}

/** Fills the tables. `inputs` must hold the generator, R, tau and the first scalar. */
export function begin(): void {
  for (let window = 0; window < WINDOWS; window++) {
    if (window === 0) memory.copy(entry(0, 1), generator, POINT);
    else double(entry(window, 1), entry(window - 1, ENTRIES));
    // From 1..k to 1..2k: k + j for every j below k, and k + k by the tangent.
    for (let k = 1; k < ENTRIES; k <<= 1) {
      for (let j = 1; j < k; j++) {
        memory.copy(entry(window, k + j), entry(window, j), POINT);
        pair(entry(window, k + j), entry(window, k));
      }
      addPairs();
      double(entry(window, 2 * k), entry(window, k));
    }
  }
}

/** Writes the next `count` <= BATCH points to `output`. */
export function next(count: i32): void {
  for (let i = 0; i < count; i++) {
    canonicalScalar(spare, scalar);
    split(spare, digits + <usize>(i << 6));
    multiplyScalar(scalar, scalar, tau);
  }
  memory.fill(sums, 0, <usize>count * POINT);
  for (let window = 0; window < WINDOWS; window++) {
    for (let i = 0; i < count; i++) addDigit(sums + <usize>i * POINT, window, load<i32>(digits + (((i << 4) + window) << 2)));
    addPairs();
  }
  for (let i = 0; i < 2 * count; i++) writeBigEndian(output + (<usize>i << 5), sums + <usize>i * FIELD);
}

/** A sum of all zero limbs is "nothing added yet": no point of the curve has x = 0 and y = 0. */
function addDigit(sum: usize, window: i32, digit: i32): void {
  if (digit === 0) return;
  const term = entry(window, digit < 0 ? -digit : digit);
  if (!isZero(sum) || !isZero(sum + FIELD)) return pair(sum, term | <usize>(digit < 0));
  copy(sum, term);
  if (digit < 0) subtract(sum + FIELD, zero, term + FIELD);
  else copy(sum + FIELD, term + FIELD);
}

/** Signed digits of 16 bits, in (-2^15, 2^15]. The topmost never carries out: the order has 254 bits. */
function split(value: usize, o: usize): void {
  let carry = 0;
  for (let window = 0; window < WINDOWS; window++) {
    const bit = window << 4;
    const limb = bit / 29;
    const low = <u64>load<u32>(value + (limb << 2)) | (limb < 8 ? <u64>load<u32>(value + (limb << 2) + 4) << 29 : 0);
    const digit = <i32>((low >> (bit % 29)) & 0xffff) + carry;
    carry = digit > ENTRIES ? 1 : 0;
    store<i32>(o + (window << 2), digit - (carry << 16));
  }
}

function writeBigEndian(o: usize, element: usize): void {
  canonical(spare, element);
  let bits: u64 = 0;
  let held = 0;
  let limb: usize = spare;
  for (let i = 31; i >= 0; i--) {
    if (held < 8) {
      bits |= <u64>load<u32>(limb) << held;
      held += 29;
      limb += 4;
    }
    store<u8>(o + i, <u8>bits);
    bits >>= 8;
    held -= 8;
  }
}
