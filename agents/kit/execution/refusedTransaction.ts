import type { Hex } from "../hex.ts";

/** Why a transaction cannot be in a block at all, or not in this one. */
export type TransactionRefusal =
  /** Not the canonical encoding of a transaction: `reason` says what broke. */
  | { code: "TRANSACTION_MALFORMED"; reason: string }
  | { code: "TRANSACTION_TOO_LARGE"; bytes: number; maxBytes: number }
  /** Types 0, 1 and 2 exist here; 3 (blobs) and 4 (delegation) do not. */
  | { code: "TRANSACTION_TYPE_UNSUPPORTED"; type: number }
  /** EIP-155: every transaction names its chain, or it could be replayed from another one. */
  | { code: "TRANSACTION_UNPROTECTED" }
  | { code: "WRONG_CHAIN_ID"; expected: bigint; actual: bigint }
  | { code: "SIGNATURE_INVALID" }
  | { code: "TIP_ABOVE_FEE_CAP"; maxPriorityFeePerGas: bigint; maxFeePerGas: bigint }
  | { code: "INIT_CODE_TOO_LARGE"; bytes: number; maxBytes: number }
  | { code: "INTRINSIC_GAS_TOO_LOW"; gasLimit: bigint; needed: bigint }
  | { code: "EXCEEDS_BLOCK_GAS_LIMIT"; gasLimit: bigint; blockGasLimit: bigint }
  | { code: "FEE_CAP_BELOW_BASE_FEE"; maxFeePerGas: bigint; baseFeePerGas: bigint }
  | { code: "NONCE_TOO_LOW"; address: Hex; expected: bigint; actual: bigint }
  | { code: "NONCE_TOO_HIGH"; address: Hex; expected: bigint; actual: bigint }
  | { code: "INSUFFICIENT_FUNDS"; address: Hex; balance: bigint; cost: bigint }
  /** EIP-3607. */
  | { code: "SENDER_IS_CONTRACT"; address: Hex }
  /** Valid, but the block has no gas left for it. */
  | { code: "BLOCK_GAS_EXHAUSTED"; gasLimit: bigint; available: bigint }
  /** The machine that proofs are made from does not agree on what it does: gas used, an account, or an account's slot. */
  | { code: "EXECUTION_DISPUTED"; hash: Hex; part: string }
  /** No proof of the chain's program holds it, even alone in its block: of the circuit that comes closest, what is short. */
  | { code: "CAPACITY_EXCEEDED"; capacity: string; needed: number; available: number }
  /** A proof holds it, but not together with what the block has already. */
  | { code: "BLOCK_CAPACITY_EXHAUSTED"; capacity: string; needed: number; available: number };
