import type { Hex } from "../hex.ts";

/** The block that code sees while it runs. */
export interface BlockEnvironment {
  readonly number: bigint;
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint;
  readonly feeRecipient: Hex;
  readonly gasLimit: bigint;
  /** Wei. */
  readonly baseFeePerGas: bigint;
  /** Hash of an ancestor, for BLOCKHASH; asked for the last 256 only. */
  readonly blockHash: (number: bigint) => Hex;
}
