import { formatReceipt, formatSigned, formatTransaction } from "../format.ts";
import type { RpcMethods } from "../method.ts";
import { parseBytes, parseHash, quantity } from "../values.ts";
import type { SignedTransaction } from "../../../kit/execution/transaction.ts";
import { toHex } from "../../../kit/hex.ts";

export const transactionMethods: RpcMethods = {
  eth_sendRawTransaction: ([raw], { chain }) => chain.submit(parseBytes(raw, "transaction")),
  /** EIP-7966: the receipt is there as soon as the transaction is accepted, unless it waits in the pool. */
  eth_sendRawTransactionSync: async ([raw], { chain }) => {
    const receipt = chain.receipt(await chain.submit(parseBytes(raw, "transaction")));
    return receipt ? formatReceipt(receipt) : null;
  },
  eth_getTransactionByHash: ([hash], { chain }) => {
    const placed = chain.transaction(parseHash(hash));
    return placed ? formatTransaction(placed) : null;
  },
  eth_getRawTransactionByHash: ([hash], { chain }) => {
    const placed = chain.transaction(parseHash(hash));
    return placed ? toHex(placed.transaction.raw) : null;
  },
  eth_getTransactionReceipt: ([hash], { chain }) => {
    const receipt = chain.receipt(parseHash(hash));
    return receipt ? formatReceipt(receipt) : null;
  },
  txpool_status: (_params, { chain }) => {
    const { pending, queued } = chain.poolContent();
    return { pending: quantity(pending.length), queued: quantity(queued.length) };
  },
  txpool_content: (_params, { chain }) => {
    const { pending, queued } = chain.poolContent();
    return { pending: bySender(pending), queued: bySender(queued) };
  },
};

function bySender(transactions: readonly SignedTransaction[]): Record<string, Record<string, unknown>> {
  const content: Record<string, Record<string, unknown>> = {};
  for (const tx of transactions)
    (content[tx.from] ??= {})[tx.nonce.toString()] = {
      blockHash: null,
      blockNumber: null,
      transactionIndex: null,
      ...formatSigned(tx, undefined),
    };
  return content;
}
