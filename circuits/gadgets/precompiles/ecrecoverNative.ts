/** Key recovery for the witness of `ecrecover.ts`: any s, and no exceptions. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { FIELD, inverseModulo, liftX, modulo, ORDER, type Point } from "../secp256k1.ts";

export interface RecoverCall {
  readonly digest: bigint;
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** Is there a point with this x? */
export function isOnCurve(x: bigint): boolean {
  const y = liftX(x, 0n);
  return modulo(y * y - x ** 3n - 7n, FIELD) === 0n;
}

export const isScalar = (x: bigint): boolean => x > 0n && x < ORDER;

/** (s*R - digest*G) / r; undefined when there is no R or the result is the neutral point. */
export function recoverKey({ digest, v, r, s }: RecoverCall): Point | undefined {
  if ((v !== 27n && v !== 28n) || !isScalar(r) || !isScalar(s) || !isOnCurve(r)) return undefined;
  const R = secp256k1.Point.fromAffine({ x: r, y: liftX(r, v - 27n) });
  const inverse = inverseModulo(r, ORDER);
  const u1 = modulo(-digest * inverse, ORDER);
  const key = secp256k1.Point.BASE.multiplyUnsafe(u1).add(R.multiplyUnsafe(modulo(s * inverse, ORDER)));
  return key.is0() ? undefined : key.toAffine();
}
