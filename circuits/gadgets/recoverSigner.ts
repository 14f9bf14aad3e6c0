/**
 * The public key that a recoverable signature (r, s, parity) of a digest z stands for: ecrecover, at the price of one
 * signature check.
 *
 * Proves: z*G + r*Q = s*R, where R is the point with x = r and this parity, 0 < r < n, 0 < s <= n/2: so Q is the signer.
 * Assumes: the challenge point K = k*G was fixed after Q, r, s, z and parity (`challengePoint` on a hash of all of them);
 *   r and s are not 0.
 * Enforces: coordinates of Q below the field, R on the curve, R' = R + K, and the check of (r', s', z') by Q, where r' = x(R') mod n, s'*r = +-r'*s and
 *   z'*s = (z + k*s)*(+-s').
 * Sound because: the check says u1*G + u2*Q = +-R' for u1 = z/s + k, u2 = r/s up to a common sign, that is
 *   D = (z/s)*G + (r/s)*Q is R or -R - 2K. D and R are fixed before K, one of 2^128 multiples of G: at most 12 of them let another D
 *   pass (docs/spec/signatures.md).
 * Cost: 37,300 (the check) + 960 gates.
 */
import { assertTrue } from "../builder/bool.ts";
import { ecdsaSecp256k1 } from "../builder/blackBoxes.ts";
import type { Builder } from "../builder/builder.ts";
import { witnessBits, witnessBool, witnessBytes } from "../builder/ranges.ts";
import type { Bool, U8, Word } from "../builder/wire.ts";
import { assertAtMostConstant } from "./canonicalField.ts";
import type { ChallengePoint } from "./challengePoint.ts";
import { type Limbs, limbsOfBytes, limbsOfWord, limbsValue, witnessLimbs, wordOfLimbs } from "./limbs.ts";
import { assertModular } from "./modular.ts";
import { assertSumX } from "./pointAddition.ts";
import { FIELD, inverseModulo, liftX, MAX_LOW_S, modulo, ORDER } from "./secp256k1.ts";

export interface RecoverInputs {
  /** 32 bytes each, big endian. */
  readonly publicKey: { readonly x: readonly U8[]; readonly y: readonly U8[] };
  readonly digest: readonly U8[];
  readonly r: Word;
  readonly s: Word;
  readonly parity: Bool;
}

export function assertSigner(
  b: Builder,
  inputs: RecoverInputs,
  challenge: ChallengePoint,
  name: string,
): void {
  b.scope(name, () => {
    assertCanonicalKey(b, inputs);
    assertAtMostConstant(b, inputs.r, ORDER - 1n, "r.belowOrder");
    assertAtMostConstant(b, inputs.s, MAX_LOW_S, "s.isLow");
    const [r, s] = [limbsOfWord(b, inputs.r, "r"), limbsOfWord(b, inputs.s, "s")];
    const y = witnessY(b, r, inputs.parity);
    assertOnCurve(b, r, y);
    const shifted = assertSumX(b, { x: r, y }, challenge, "shifted").x;
    assertAtMostConstant(b, wordOfLimbs(b, shifted, "shifted.x"), FIELD - 1n, "shifted.canonical");
    assertShiftedSignature(b, { ...inputs, rLimbs: r, sLimbs: s, shifted }, challenge.scalar);
  });
}

/** Coordinates below the field: a second form of the same key would have another address. */
function assertCanonicalKey(b: Builder, { publicKey }: RecoverInputs): void {
  for (const part of ["x", "y"] as const) {
    const name = `publicKey.${part}`;
    const word = wordOfLimbs(b, limbsOfBytes(b, publicKey[part], name), name);
    assertAtMostConstant(b, word, FIELD - 1n, `${name}.canonical`);
  }
}

/** y of R: canonical, so that its lowest bit is the parity of the point. */
function witnessY(b: Builder, r: Limbs, parity: Bool): Limbs {
  const limbs = witnessLimbs(b, "y", () => liftX(limbsValue(b, r), b.value(parity)));
  const half = witnessBits(b, 63, "y.half", () => b.value(limbs[0]) >> 1n);
  b.assertZero([], [[2n, half], [1n, parity], [-1n, limbs[0]]], 0n, "y.parity"); // prettier-ignore
  assertAtMostConstant(b, wordOfLimbs(b, limbs, "y.word"), FIELD - 1n, "y.canonical");
  return limbs;
}

function assertOnCurve(b: Builder, x: Limbs, y: Limbs): void {
  const square = witnessLimbs(b, "x2", () => modulo(limbsValue(b, x) ** 2n, FIELD));
  assertModular(b, { products: [[1n, x, x]], terms: [[-1n, square]] }, FIELD, "x2.isSquare"); // prettier-ignore
  assertModular(b, { products: [[1n, square, x], [-1n, y, y]], constant: 7n }, FIELD, "onCurve"); // prettier-ignore
}

type Shifted = RecoverInputs & { readonly rLimbs: Limbs; readonly sLimbs: Limbs; readonly shifted: Limbs };

/** The signature that the black box checks: of the same key, for R' instead of R. */
function assertShiftedSignature(b: Builder, inputs: Shifted, k: Limbs): void {
  const { rLimbs: r, sLimbs: s, shifted } = inputs;
  const value = (limbs: Limbs): bigint => limbsValue(b, limbs);
  const bytes = (part: string, of: () => bigint): U8[] => witnessBytes(b, part, 32, () => toBytes(of()));
  const newR = bytes("newR", () => value(shifted) % ORDER);
  const rPrime = limbsOfBytes(b, newR, "newR");
  assertModular(b, { terms: [[1n, shifted], [-1n, rPrime]] }, ORDER, "newR.isX"); // prettier-ignore
  // signedS = r' * s / r; the black box wants the lower of it and its negative, which only turns the result's sign.
  const signedS = witnessLimbs(b, "signedS", () =>
    modulo(value(rPrime) * value(s) * inverseModulo(value(r), ORDER), ORDER),
  );
  const products = [[1n, rPrime, s], [-1n, signedS, r]] as const; // prettier-ignore
  assertModular(b, { products }, ORDER, "signedS.ratio");
  const turned = witnessBool(b, "turned", () => value(signedS) > MAX_LOW_S);
  const newS = bytes("newS", () => (b.value(turned) === 1n ? ORDER - value(signedS) : value(signedS)));
  const sPrime = limbsOfBytes(b, newS, "newS");
  const flag: Limbs = [turned, b.zero, b.zero, b.zero];
  assertModular(b, { products: [[2n, flag, sPrime]], terms: [[1n, signedS], [-1n, sPrime]] }, ORDER, "newS.sign"); // prettier-ignore
  const z = limbsOfBytes(b, inputs.digest, "digest");
  const zShifted = witnessLimbs(b, "zShifted", () => modulo(value(z) + value(k) * value(s), ORDER));
  assertModular(b, { products: [[1n, k, s]], terms: [[1n, z], [-1n, zShifted]] }, ORDER, "zShifted.sum"); // prettier-ignore
  const newZ = bytes("newZ", () =>
    modulo(value(zShifted) * value(signedS) * inverseModulo(value(s), ORDER), ORDER),
  );
  const zPrime = limbsOfBytes(b, newZ, "newZ");
  const ratio = [[1n, zPrime, s], [-1n, zShifted, signedS]] as const; // prettier-ignore
  assertModular(b, { products: ratio }, ORDER, "newZ.ratio");
  const { x, y } = inputs.publicKey;
  const holds = ecdsaSecp256k1(b, { x, y, signature: [...newR, ...newS], hash: newZ }, "signature");
  assertTrue(b, holds, "signature.holds");
}

const toBytes = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
