import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** The two functions that cost most of a transaction's time: who has a compiled one passes it in. */
export type Primitives = {
  readonly keccak256: (data: Uint8Array) => Uint8Array;
  /**
   * The 64 bytes (x, y) of the key that made `signature` (r, s: 32 bytes each) over `digest`; throws when there is none.
   * High s values are accepted: the precompile must accept them, transactions refuse them elsewhere (EIP-2).
   */
  readonly recoverPublicKey: (digest: Uint8Array, signature: Uint8Array, recoveryId: number) => Uint8Array;
};

/** JavaScript alone: the same results, 6 times (keccak) and 25 times (recovery) slower than compiled code. */
export const NOBLE: Primitives = {
  keccak256: (data) => keccak_256(data),
  recoverPublicKey: (digest, signature, recoveryId) =>
    secp256k1.Signature.fromBytes(signature, "compact")
      .addRecoveryBit(recoveryId)
      .recoverPublicKey(digest)
      .toBytes(false)
      .subarray(1),
};
