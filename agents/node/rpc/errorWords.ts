import { StackError, type ErrorType } from "../../../protocol/errors.ts";
import { RPC_CODE, RpcError } from "./rpcError.ts";

type Words = (values: Record<string, unknown>) => string;
interface Rule {
  readonly rpcCode: number;
  readonly words: Words;
}
const server = (words: string | Words): Rule => ({
  rpcCode: RPC_CODE.server,
  words: typeof words === "string" ? () => words : words,
});

/**
 * Typed refusals in geth's words (notes: public clients match these texts: "nonce too low", "already known", ...).
 * A refusal without a line here is answered with its code and values, which is how a chain names what its program cannot prove.
 */
const RULES: Readonly<Record<string, Rule>> = {
  UNKNOWN_BLOCK: server("header not found"),
  LOG_RANGE_INVALID: { rpcCode: RPC_CODE.invalidParams, words: () => "invalid block range params" },
  LOG_RANGE_TOO_WIDE: {
    rpcCode: RPC_CODE.limitExceeded,
    words: (v) => `block range too wide: ${v.blocks} blocks, at most ${v.maxBlocks}`,
  },
  TOO_MANY_LOGS: {
    rpcCode: RPC_CODE.limitExceeded,
    words: (v) => `query returned more than ${v.maxLogs} results`,
  },
  FEE_HISTORY_INVALID: { rpcCode: RPC_CODE.invalidParams, words: (v) => String(v.reason) },
  ANCESTORS_RANGE_INVALID: {
    rpcCode: RPC_CODE.invalidParams,
    words: (v) =>
      `invalid range of ancestors: ${v.oldest} to ${v.newest}, at most ${v.limit} after the oldest`,
  },
  TRANSACTION_MALFORMED: server((v) => `rlp: ${v.reason}`),
  TRANSACTION_TOO_LARGE: server((v) => `oversized data: transaction size ${v.bytes}, limit ${v.maxBytes}`),
  TRANSACTION_TYPE_UNSUPPORTED: server((v) => `transaction type not supported: ${v.type}`),
  TRANSACTION_UNPROTECTED: server("only replay-protected (EIP-155) transactions allowed over RPC"),
  WRONG_CHAIN_ID: server((v) => `invalid chain id for signer: have ${v.actual} want ${v.expected}`),
  SIGNATURE_INVALID: server("invalid sender"),
  TIP_ABOVE_FEE_CAP: server(
    (v) =>
      `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${v.maxPriorityFeePerGas}, maxFeePerGas: ${v.maxFeePerGas}`,
  ),
  INIT_CODE_TOO_LARGE: server((v) => `max initcode size exceeded: code size ${v.bytes}, limit ${v.maxBytes}`),
  INTRINSIC_GAS_TOO_LOW: server(
    (v) => `intrinsic gas too low: gas ${v.gasLimit}, minimum needed ${v.needed}`,
  ),
  EXCEEDS_BLOCK_GAS_LIMIT: server("exceeds block gas limit"),
  FEE_CAP_BELOW_BASE_FEE: server(
    (v) =>
      `max fee per gas less than block base fee: maxFeePerGas: ${v.maxFeePerGas}, baseFee: ${v.baseFeePerGas}`,
  ),
  NONCE_TOO_LOW: server((v) => `nonce too low: next nonce ${v.expected}, tx nonce ${v.actual}`),
  NONCE_TOO_HIGH: server((v) => `nonce too high: next nonce ${v.expected}, tx nonce ${v.actual}`),
  INSUFFICIENT_FUNDS: server(
    (v) =>
      `insufficient funds for gas * price + value: address ${v.address} have ${v.balance} want ${v.cost}`,
  ),
  SENDER_IS_CONTRACT: server((v) => `sender not an eoa: address ${v.address}`),
  CAPACITY_EXCEEDED: server(
    (v) =>
      `too large for a proof: ${v.capacity} needs ${v.needed}, a proof has ${v.available}; do it in several transactions, a contract as smaller ones`,
  ),
  GAS_EXCEEDS_ALLOWANCE: server((v) => `gas required exceeds allowance (${v.allowance})`),
  REPLACEMENT_UNDERPRICED: server("replacement transaction underpriced"),
  ALREADY_KNOWN: server("already known"),
  POOL_FULL: server("txpool is full"),
};

/** Any failure as a JSON-RPC error. `internal` failures are told apart so that the server logs them. */
export function toRpcError(error: unknown): { error: RpcError; internal: boolean } {
  if (error instanceof RpcError) return { error, internal: false };
  if (!(error instanceof StackError))
    return { error: new RpcError(RPC_CODE.internal, "internal error"), internal: true };
  const { code, ...values } = error.type as ErrorType & Record<string, unknown>;
  const rule = RULES[code];
  const data = { code, ...asText(values) };
  const text = rule ? rule.words(values) : error.message;
  return { error: new RpcError(rule?.rpcCode ?? RPC_CODE.server, text, data), internal: false };
}

const asText = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeof v === "bigint" ? v.toString() : v]));
