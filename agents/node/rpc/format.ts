import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { SignedTransaction } from "../../kit/execution/transaction.ts";
import { toHex } from "../../kit/hex.ts";
import type {
  PendingHeader,
  PlacedLog,
  PlacedReceipt,
  PlacedTransaction,
  TransactionPlace,
} from "../chain/nodeChain.ts";
import { quantity } from "./values.ts";

// Shapes of execution-apis' schemas (Block, Transaction, Receipt, Log). A Cancun block's fields that have no meaning here
// (uncles, difficulty, withdrawals, blobs, beacon root) hold the values an empty Ethereum block has.

const ZERO_HASH = `0x${"00".repeat(32)}`;
const EMPTY_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
const EMPTY_TRIE = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

const constantFields = {
  sha3Uncles: EMPTY_UNCLES,
  uncles: [],
  difficulty: "0x0",
  extraData: "0x",
  mixHash: ZERO_HASH,
  withdrawalsRoot: EMPTY_TRIE,
  withdrawals: [],
  blobGasUsed: "0x0",
  excessBlobGas: "0x0",
  parentBeaconBlockRoot: ZERO_HASH,
} as const;

const inputFields = (header: PendingHeader) => ({
  number: quantity(header.number),
  parentHash: header.parentHash,
  timestamp: quantity(header.timestamp),
  miner: header.feeRecipient,
  gasLimit: quantity(header.gasLimit),
  gasUsed: quantity(header.gasUsed),
  baseFeePerGas: quantity(header.baseFeePerGas),
});

export function formatHeader(header: BlockHeader) {
  return {
    ...constantFields,
    ...inputFields(header),
    hash: header.hash,
    nonce: "0x0000000000000000",
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    logsBloom: toHex(header.logsBloom),
  };
}

export const formatBlock = (header: BlockHeader, transactions: readonly unknown[]) => ({
  ...formatHeader(header),
  size: quantity(header.size),
  transactions,
});

/** The block being filled: geth answers null where a value is not known yet. */
export const formatPendingBlock = (header: PendingHeader, transactions: readonly unknown[]) => ({
  ...constantFields,
  ...inputFields(header),
  hash: null,
  nonce: null,
  stateRoot: ZERO_HASH,
  transactionsRoot: EMPTY_TRIE,
  receiptsRoot: EMPTY_TRIE,
  logsBloom: `0x${"00".repeat(256)}`,
  size: "0x0",
  transactions,
});

/** A soft transaction (in the block being filled) has a number but no hash of a block yet; one in the pool has neither. */
export function formatTransaction({ transaction, place }: PlacedTransaction) {
  return { ...placeFields(place), ...formatSigned(transaction, place.baseFeePerGas) };
}

export function formatSigned(tx: SignedTransaction, baseFeePerGas: bigint | undefined) {
  const tip = min(tx.maxPriorityFeePerGas, tx.maxFeePerGas - (baseFeePerGas ?? 0n));
  const paid = tx.type === 2 && baseFeePerGas !== undefined ? baseFeePerGas + tip : tx.maxFeePerGas;
  return {
    hash: tx.hash,
    type: quantity(tx.type),
    ...(tx.chainId === undefined ? {} : { chainId: quantity(tx.chainId) }),
    nonce: quantity(tx.nonce),
    from: tx.from,
    to: tx.to ?? null,
    value: quantity(tx.value),
    gas: quantity(tx.gasLimit),
    gasPrice: quantity(paid),
    ...(tx.type === 2
      ? { maxFeePerGas: quantity(tx.maxFeePerGas), maxPriorityFeePerGas: quantity(tx.maxPriorityFeePerGas) }
      : {}),
    input: toHex(tx.data),
    ...(tx.type === 0 ? {} : { accessList: tx.accessList, yParity: quantity(tx.v) }),
    v: quantity(tx.v),
    r: quantity(tx.r),
    s: quantity(tx.s),
  };
}

const placeFields = (place: TransactionPlace) => ({
  blockHash: place.blockHash ?? null,
  blockNumber:
    place.blockHash === undefined || place.blockNumber === undefined ? null : quantity(place.blockNumber),
  transactionIndex: place.blockHash === undefined || place.index === undefined ? null : quantity(place.index),
});

/**
 * A soft receipt says so: `soft: true`, a block hash of zeros (the block is not sealed). Clients that wait for a receipt
 * get it at once; those that count confirmations see the block number they will find it in.
 */
export function formatReceipt({ receipt, blockNumber, blockHash, firstLogIndex, timestamp }: PlacedReceipt) {
  const where = {
    blockHash: blockHash ?? ZERO_HASH,
    blockNumber: quantity(blockNumber),
    transactionHash: receipt.transactionHash,
    transactionIndex: quantity(receipt.index),
  };
  return {
    ...where,
    type: quantity(receipt.type),
    from: receipt.from,
    to: receipt.to ?? null,
    contractAddress: receipt.contractAddress ?? null,
    status: quantity(receipt.status),
    gasUsed: quantity(receipt.gasUsed),
    cumulativeGasUsed: quantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: quantity(receipt.effectiveGasPrice),
    logsBloom: toHex(receipt.logsBloom),
    logs: receipt.logs.map((log, i) => ({
      ...where,
      address: log.address,
      topics: log.topics,
      data: toHex(log.data),
      blockTimestamp: quantity(timestamp),
      logIndex: quantity(firstLogIndex + i),
      removed: false,
    })),
    soft: blockHash === undefined,
  };
}

export const formatLog = (log: PlacedLog) => ({
  address: log.address,
  topics: log.topics,
  data: toHex(log.data),
  blockHash: log.blockHash,
  blockNumber: quantity(log.blockNumber),
  blockTimestamp: quantity(log.timestamp),
  transactionHash: log.transactionHash,
  transactionIndex: quantity(log.transactionIndex),
  logIndex: quantity(log.logIndex),
  removed: log.removed,
});

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
