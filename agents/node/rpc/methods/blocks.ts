import type { BlockId, NodeChain } from "../../chain/nodeChain.ts";
import { formatBlock, formatPendingBlock, formatReceipt, formatTransaction } from "../format.ts";
import type { RpcMethods } from "../method.ts";
import { parseBlockId, parseHash, parseQuantity, quantity } from "../values.ts";

/** Blocks and what is in them; null for what does not exist. */
export const blockMethods: RpcMethods = {
  eth_blockNumber: (_params, { chain }) => quantity(chain.header("latest")?.number ?? 0n),
  eth_getBlockByNumber: ([block, full], { chain }) => readBlock(chain, parseBlockId(block), full === true),
  eth_getBlockByHash: ([hash, full], { chain }) => readBlock(chain, { hash: parseHash(hash) }, full === true),
  eth_getBlockTransactionCountByNumber: ([block], { chain }) => count(chain, parseBlockId(block)),
  eth_getBlockTransactionCountByHash: ([hash], { chain }) => count(chain, { hash: parseHash(hash) }),
  eth_getTransactionByBlockNumberAndIndex: ([block, index], { chain }) =>
    at(chain, parseBlockId(block), index),
  eth_getTransactionByBlockHashAndIndex: ([hash, index], { chain }) =>
    at(chain, { hash: parseHash(hash) }, index),
  eth_getBlockReceipts: ([block], { chain }) =>
    chain.receipts(parseBlockId(block))?.map(formatReceipt) ?? null,
  eth_getUncleCountByBlockNumber: ([block], { chain }) => (chain.header(parseBlockId(block)) ? "0x0" : null),
  eth_getUncleCountByBlockHash: ([hash], { chain }) =>
    chain.header({ hash: parseHash(hash) }) ? "0x0" : null,
  eth_getUncleByBlockNumberAndIndex: () => null,
  eth_getUncleByBlockHashAndIndex: () => null,
};

function readBlock(chain: NodeChain, id: BlockId, full: boolean): unknown {
  const placed = chain.transactions(id);
  if (!placed) return null;
  const transactions = placed.map((p) => (full ? formatTransaction(p) : p.transaction.hash));
  if (id === "pending") return formatPendingBlock(chain.pendingHeader(), transactions);
  const header = chain.header(id);
  return header ? formatBlock(header, transactions) : null;
}

function count(chain: NodeChain, id: BlockId): string | null {
  const placed = chain.transactions(id);
  return placed ? quantity(placed.length) : null;
}

function at(chain: NodeChain, id: BlockId, index: unknown): unknown {
  const placed = chain.transactions(id)?.[Number(parseQuantity(index, "index"))];
  return placed ? formatTransaction(placed) : null;
}
