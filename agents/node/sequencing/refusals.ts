import type { TransactionRefusal } from "../../kit/execution/refusedTransaction.ts";
import type { Hex } from "../../kit/hex.ts";
import type { EvmRefusal } from "../../../protocol/programs/evm.ts";

/** Why the pool refuses a transaction. The RPC has geth's words for each (rpc/errorWords.ts). */
export type PoolRefusal =
  | { code: "ALREADY_KNOWN"; hash: Hex }
  /** The one that waits with the same nonce must be outbid by a tenth in both fees. */
  | {
      code: "REPLACEMENT_UNDERPRICED";
      hash: Hex;
      neededMaxFeePerGas: bigint;
      neededPriorityFeePerGas: bigint;
    }
  | { code: "POOL_FULL"; transactions: number; limit: number };

export type RefusedTransaction = PoolRefusal | TransactionRefusal | EvmRefusal;
