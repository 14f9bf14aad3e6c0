import { createRequire } from "node:module";

/**
 * The 64 bytes (x, y) of the key that made `signature` (r, s: 32 bytes each) over `hash`. Throws when there is none.
 * High s values are accepted: the precompile must accept them, transactions refuse them elsewhere (EIP-2).
 */
export type RecoverPublicKey = (hash: Uint8Array, signature: Uint8Array, recoveryId: number) => Uint8Array;

/** libsecp256k1 compiled for this platform (48 us a recovery). Undefined: the package has no build for it. */
export function loadNative(): RecoverPublicKey | undefined {
  try {
    // Not the package's index: where there is no build it falls back, silently, to JavaScript 25 times slower.
    const native = createRequire(import.meta.url)("secp256k1/bindings.js") as {
      ecdsaRecover(
        signature: Uint8Array,
        recoveryId: number,
        hash: Uint8Array,
        compressed: boolean,
      ): Uint8Array;
    };
    return (hash, signature, recoveryId) =>
      native.ecdsaRecover(signature, recoveryId, hash, false).subarray(1);
  } catch (error) {
    if (error instanceof Error && /No native build/i.test(error.message)) return undefined;
    throw error;
  }
}

/** libsecp256k1 in WebAssembly (113 us a recovery), for platforms without a build. */
export async function loadWasm(): Promise<RecoverPublicKey> {
  const { secp256k1 } = await import("@bitauth/libauth");
  return (hash, signature, recoveryId) => {
    const key = secp256k1.recoverPublicKeyUncompressed(signature, recoveryId as 0 | 1 | 2 | 3, hash);
    if (typeof key === "string") throw new TypeError(key);
    return key.subarray(1);
  };
}

const native = loadNative();

/** Which library recovers keys in this process. */
export const recoveryEngine: "native" | "wasm" = native ? "native" : "wasm";

export const recoverPublicKey: RecoverPublicKey = native ?? (await loadWasm());
