import type { Hex } from "../hex.ts";
import type { TypedTransaction } from "@ethereumjs/tx";

/** A transaction whose encoding and signature are valid on this chain. Types 0 (legacy), 1 (EIP-2930), 2 (EIP-1559). */
export interface SignedTransaction {
  readonly hash: Hex;
  readonly raw: Uint8Array;
  readonly type: number;
  /** Undefined: a legacy transaction without replay protection (EIP-155). */
  readonly chainId: bigint | undefined;
  readonly from: Hex;
  readonly to: Hex | undefined;
  readonly nonce: bigint;
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** Wei per gas; of types 0 and 1 both are the gas price. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[];
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
  /** The same as the interpreter takes it. */
  readonly evm: TypedTransaction;
}
