/** Constants of secp256k1 (SEC 2) and the native arithmetic that fills witnesses. */

export const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
export const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Greatest s of a signature that is not malleable (EIP-2). */
export const MAX_LOW_S = ORDER >> 1n;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

export const GENERATOR: Point = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};

export const modulo = (x: bigint, m: bigint): bigint => ((x % m) + m) % m;

/** 1/x modulo m, 0 for 0: a forged witness must fill, not throw. */
export function inverseModulo(x: bigint, m: bigint): bigint {
  let [a, b] = [modulo(x, m), m];
  let [u, v] = [1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b] = [b, a - q * b];
    [u, v] = [v, u - q * v];
  }
  return a === 1n ? modulo(u, m) : 0n;
}

function powerModulo(x: bigint, exponent: bigint, m: bigint): bigint {
  let [result, base] = [1n, modulo(x, m)];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % m;
    base = (base * base) % m;
  }
  return result;
}

/** The y of this parity with y^2 = x^3 + 7; when there is none, a value that is not on the curve. */
export function liftX(x: bigint, parity: bigint): bigint {
  const y = powerModulo(x * x * x + 7n, (FIELD + 1n) >> 2n, FIELD);
  return (y & 1n) === parity ? y : modulo(-y, FIELD);
}

/** The slope of the line through two points. */
export const slope = (p: Point, q: Point): bigint =>
  p.x === q.x
    ? modulo(3n * p.x * p.x * inverseModulo(2n * p.y, FIELD), FIELD)
    : modulo((p.y - q.y) * inverseModulo(p.x - q.x, FIELD), FIELD);

/** p + q. Assumes p != -q. */
export function addPoints(p: Point, q: Point): Point {
  const m = slope(p, q);
  const x = modulo(m * m - p.x - q.x, FIELD);
  return { x, y: modulo(m * (p.x - x) - p.y, FIELD) };
}

/** k * p. Assumes 0 < k < order. */
export function multiplyPoint(p: Point, k: bigint): Point {
  let result: Point | undefined;
  let power = p;
  for (let e = k; e > 0n; e >>= 1n) {
    if (e & 1n) result = result === undefined ? power : addPoints(result, power);
    power = addPoints(power, power);
  }
  return result ?? p;
}
