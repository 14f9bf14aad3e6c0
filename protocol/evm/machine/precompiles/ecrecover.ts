import { paddedSlice, wordAt, viewOf } from "../word.ts";
import type { Precompile } from "./precompile.ts";

/** The order of secp256k1. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Yellow paper, appendix E.1: digest, v (27 or 28), r, s. Input that recovers nothing gives no output, and is not refused. */
export const ecrecover: Precompile = {
  gas: () => 3_000n,
  run(input, { recoverPublicKey, keccak256 }) {
    const data = paddedSlice(input, 0, 128);
    const view = viewOf(data);
    const [v, r, s] = [wordAt(view, 32), wordAt(view, 64), wordAt(view, 96)];
    const isValid = (v === 27n || v === 28n) && r > 0n && r < N && s > 0n && s < N;
    const key =
      isValid && recovered(() => recoverPublicKey(data.subarray(0, 32), data.subarray(64), Number(v) - 27));
    if (!key) return new Uint8Array();
    const output = new Uint8Array(32);
    output.set(keccak256(key).subarray(12), 12);
    return output;
  },
};

/** A library throws when r is no point's x coordinate, or the key would be the point at infinity: input like any other here. */
function recovered(recover: () => Uint8Array): Uint8Array | undefined {
  try {
    return recover();
  } catch (_noKey) {
    return undefined;
  }
}
