import { StackError } from "../../../protocol/errors.ts";
import type { EvmError } from "./errors.ts";
import type { EvmRpc } from "./rpc.ts";

/** What became of a transaction handed to a node. */
export type BroadcastOutcome =
  /** In the pool, now or already. */
  | "accepted"
  /** Its nonce is used up: mined already, or by another transaction. */
  | "nonceUsed"
  /** Only higher fees help. */
  | "underpriced";

/**
 * Nodes have no codes for these, only words (go-ethereum's, which other nodes copy; EDR says it its own way).
 * The first line that matches counts.
 */
const WORDS: readonly [RegExp, BroadcastOutcome][] = [
  [/already known|known transaction|already imported|already exists/i, "accepted"],
  [/nonce too low|nonce is too low|nonce has already been used|expected nonce to be/i, "nonceUsed"],
  [
    /underpriced|less than block base fee|too low.*(base fee|fee)|baseFee.*(exceeds|greater)|gas ?price.*too low/i,
    "underpriced",
  ],
];

/** Hands a signed transaction to the node. Throws TRANSACTION_REFUSED for a reason that fees cannot cure. */
export async function broadcast(
  rpc: EvmRpc,
  { hash, raw }: { hash: string; raw: string },
): Promise<BroadcastOutcome> {
  try {
    await rpc.call("eth_sendRawTransaction", [raw]);
    return "accepted";
  } catch (error) {
    if (!(error instanceof StackError) || error.type.code !== "EVM_RPC_ERROR") throw error;
    const { message } = error.type as Extract<EvmError, { code: "EVM_RPC_ERROR" }>;
    const known = WORDS.find(([words]) => words.test(message));
    if (known) return known[1];
    throw new StackError<EvmError>({ code: "TRANSACTION_REFUSED", hash, reason: message }, "retry", {
      cause: error,
    });
  }
}
