import { Common, Hardfork, Mainnet, type CommonOpts } from "@ethereumjs/common";
import { paramsBlock } from "@ethereumjs/block";
import { paramsEVM } from "@ethereumjs/evm";
import { paramsTx } from "@ethereumjs/tx";
import { paramsVM } from "@ethereumjs/vm";
import { keccak256 } from "./keccak256.ts";
import type { ChainProgram } from "./programs.ts";
import { recoverPublicKey } from "./recoverPublicKey.ts";

/**
 * The rules of a chain: Cancun, with the precompiles of the chain's program. The library copies its `Common` and merges its parameters again for every transaction
 * (a sixth of the time of a transfer); ours is complete when made and never changes, so that one may serve all.
 */
export class ChainCommon extends Common {
  /** Addresses in 40 digits, as the library names them. */
  readonly precompiles: ReadonlySet<string>;

  constructor(chainId: bigint, precompiles: ChainProgram["precompiles"]) {
    super(commonOptions(chainId));
    this.precompiles = new Set(precompiles.map((address) => address.toString(16).padStart(40, "0")));
    for (const params of [paramsBlock, paramsTx, paramsEVM, paramsVM]) super.updateParams(params);
  }

  override copy(): Common {
    return this;
  }

  /** The constructor has merged the parameters of every library already. */
  override updateParams(): void {}
}

function commonOptions(chainId: bigint): CommonOpts {
  return {
    chain: { ...Mainnet, name: `chain ${chainId}`, chainId: Number(chainId) },
    hardfork: Hardfork.Cancun,
    customCrypto: { keccak256, ecrecover },
  };
}

/** As the library calls it, for its ecrecover precompile: `v` is 27 or 28, `r` and `s` may be short. */
function ecrecover(hash: Uint8Array, v: bigint, r: Uint8Array, s: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(r, 32 - r.length);
  signature.set(s, 64 - s.length);
  return recoverPublicKey(hash, signature, Number(v) - 27);
}
