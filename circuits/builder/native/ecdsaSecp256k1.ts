import { secp256k1 } from "@noble/curves/secp256k1.js";

/**
 * What `bb` computes for EcdsaSecp256k1: 1 for a signature (r, s) of `hash` by the key, else 0. A key off the curve,
 * r or s of zero, and s above half the order (the malleable twin) all give 0.
 */
export function ecdsaSecp256k1(
  x: Uint8Array,
  y: Uint8Array,
  signature: Uint8Array,
  hash: Uint8Array,
): boolean {
  const key = Uint8Array.from([4, ...x, ...y]);
  if (!secp256k1.utils.isValidPublicKey(key, false)) return false;
  return secp256k1.verify(signature, hash, key, { prehash: false, lowS: true, format: "compact" });
}
