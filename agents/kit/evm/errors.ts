/** What an EVM chain, seen through JSON-RPC, can refuse. */
export type EvmError =
  | { code: "EVM_RPC_UNAVAILABLE"; url: string; method: string; reason: string }
  /** The node answered with a JSON-RPC error. `data` is what it sent beside the message. */
  | { code: "EVM_RPC_ERROR"; method: string; rpcCode: number; message: string; data: unknown }
  /** A custom error of a known ABI, `Error`, `Panic`, or "Unknown" with the raw data. */
  | { code: "CONTRACT_REVERT"; error: string; args: readonly unknown[]; to: string }
  | { code: "CHAIN_ID_MISMATCH"; expected: bigint; actual: bigint }
  /** The node will not take our transaction for a reason that fees cannot cure (no funds, no permission). */
  | { code: "TRANSACTION_REFUSED"; hash: string; reason: string }
  /** An earlier transaction of this account has to end first. */
  | { code: "SENDER_BUSY"; pending: string; wanted: string }
  /** Somebody else used our nonce: the key is shared, or the journal is not this account's. */
  | { code: "NONCE_TAKEN"; key: string; nonce: number };
