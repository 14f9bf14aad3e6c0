import type { Hex } from "../hex.ts";

export interface Log {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Uint8Array;
}

/** What executing a transaction yielded, given its place in a block. */
export interface Receipt {
  readonly transactionHash: Hex;
  readonly index: number;
  readonly type: number;
  readonly from: Hex;
  /** Undefined: the transaction creates a contract. */
  readonly to: Hex | undefined;
  readonly contractAddress: Hex | undefined;
  readonly status: 0 | 1;
  readonly gasUsed: bigint;
  readonly cumulativeGasUsed: bigint;
  /** Wei per gas. */
  readonly effectiveGasPrice: bigint;
  readonly logs: readonly Log[];
  /** 256 bytes (yellow paper, 4.3.1). */
  readonly logsBloom: Uint8Array;
}
