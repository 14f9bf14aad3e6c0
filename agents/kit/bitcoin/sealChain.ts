import { StackError } from "../../../protocol/errors.ts";
import { rawBlock } from "./chainReader.ts";
import { isRpcError, rpcCode, type BitcoinRpc } from "./rpc.ts";
import {
  blockHashOf,
  commitsToWitnesses,
  declaredMerkleRoot,
  merkleRootOf,
  outpointBytes,
  readTransaction,
  spends,
  walkBlock,
  type Outpoint,
  type ReadTransaction,
} from "./transactionReader.ts";

export type SealChainErrorType =
  | { code: "BITCOIN_BLOCK_ALTERED"; hash: string; actual: string }
  | { code: "BITCOIN_TRANSACTION_UNKNOWN"; txid: string; searchedBlocks: number }
  | { code: "BITCOIN_TRANSACTION_ALTERED"; txid: string; actual: string };
export class SealChainError extends StackError<SealChainErrorType> {}

/** The next seal is the first output of the transaction that spends the one before. */
export const sealOf = (txid: string): Outpoint => ({ txid, vout: 0 });

/** The transactions of one block that spend the seal. */
export interface SealSpends {
  /** In order: the first spends the seal, each other the first output of the one before. */
  readonly transactions: readonly ReadTransaction[];
  /** The block commits to the witnesses as they were read. Ids do not: without this a witness may be anybody's. */
  readonly witnessesCommitted: boolean;
}

/**
 * Reads the spends of `seal` in a block. Checks the block's hash and, where there is a spend, that the header commits to the
 * transactions. Throws: BITCOIN_BLOCK_UNKNOWN (reset), BITCOIN_BLOCK_ALTERED (retry: another answer may be whole).
 */
export async function sealSpends(rpc: BitcoinRpc, blockHash: string, seal: Outpoint): Promise<SealSpends> {
  return sealSpendsIn(await rawBlock(rpc, blockHash), blockHash, seal);
}

export function sealSpendsIn(block: Buffer, blockHash: string, seal: Outpoint): SealSpends {
  const actual = blockHashOf(block);
  if (actual !== blockHash) throw altered(blockHash, actual);
  const transactions: ReadTransaction[] = [];
  let wanted = outpointBytes(seal);
  for (const span of walkBlock(block)) {
    if (!spends(block, span, wanted)) continue;
    const transaction = readTransaction(block, span);
    transactions.push(transaction);
    wanted = outpointBytes(sealOf(transaction.txid));
  }
  if (transactions.length === 0) return { transactions, witnessesCommitted: true };
  const root = merkleRootOf(block);
  if (!root.equals(declaredMerkleRoot(block))) throw altered(blockHash, root.toString("hex"));
  return { transactions, witnessesCommitted: commitsToWitnesses(block) };
}

const altered = (hash: string, actual: string) =>
  new SealChainError({ code: "BITCOIN_BLOCK_ALTERED", hash, actual }, "retry");

/** How far back a commit may lie where the node keeps no transaction index: two weeks. */
const SEARCHED_BLOCKS = 2016;

/**
 * A confirmed transaction by its id, from the block `blockHash` or one below. Without an index (-txindex) the blocks are
 * searched. What comes back hashes to `txid`.
 * Throws: BITCOIN_TRANSACTION_UNKNOWN (retry), BITCOIN_TRANSACTION_ALTERED (retry).
 */
export async function confirmedTransaction(
  rpc: BitcoinRpc,
  txid: string,
  blockHash: string,
): Promise<ReadTransaction> {
  const raw = (await indexedTransaction(rpc, txid)) ?? (await searchedTransaction(rpc, txid, blockHash));
  const transaction = readTransaction(raw);
  if (transaction.txid !== txid)
    throw new SealChainError(
      { code: "BITCOIN_TRANSACTION_ALTERED", txid, actual: transaction.txid },
      "retry",
    );
  return transaction;
}

async function indexedTransaction(rpc: BitcoinRpc, txid: string): Promise<Buffer | undefined> {
  try {
    return Buffer.from(await rpc.call<string>("getrawtransaction", txid), "hex");
  } catch (error) {
    if (isRpcError(error, rpcCode.notFound)) return undefined;
    throw error;
  }
}

async function searchedTransaction(rpc: BitcoinRpc, txid: string, blockHash: string): Promise<Buffer> {
  let hash: string | undefined = blockHash;
  for (let i = 0; i < SEARCHED_BLOCKS && hash; i++) {
    const block: { tx: string[]; previousblockhash?: string } = await rpc.call("getblock", hash, 1);
    if (block.tx.includes(txid))
      return Buffer.from(await rpc.call<string>("getrawtransaction", txid, false, hash), "hex");
    hash = block.previousblockhash;
  }
  throw new SealChainError(
    { code: "BITCOIN_TRANSACTION_UNKNOWN", txid, searchedBlocks: SEARCHED_BLOCKS },
    "retry",
  );
}
