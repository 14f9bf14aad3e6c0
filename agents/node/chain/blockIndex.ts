import { StackError } from "../../../protocol/errors.ts";
import { decodeBlock } from "../../../protocol/block.ts";
import type { BlockEnvironment } from "../../kit/execution/blockEnvironment.ts";
import type { BlockExecution } from "../../kit/execution/blockExecution.ts";
import type { BlockHeader } from "../../kit/execution/blockHeader.ts";
import type { Chain } from "../../kit/execution/chain.ts";
import type { TransactionPosition } from "../../kit/execution/chainRecords.ts";
import { decodeTransaction } from "../../kit/execution/decodeTransaction.ts";
import type { Receipt } from "../../kit/execution/receipt.ts";
import type { StateReader } from "../../kit/execution/stateReader.ts";
import type { Hex } from "../../kit/hex.ts";
import type { Sequencer } from "../sequencing/sequencer.ts";
import type { BlockId, ChainQueryError, PlacedReceipt, PlacedTransaction } from "./nodeChain.ts";

/** The heads that others decide. Block numbers. */
export interface FinalityHeads {
  readonly safe: bigint;
  readonly finalized: bigint;
}

export const describeBlockId = (id: BlockId): string =>
  typeof id === "string" ? id : "hash" in id ? id.hash : id.number.toString();

/** Blocks, transactions and receipts by tag, number or hash: sealed ones from the store, soft ones from the sequencer. */
export class BlockIndex {
  readonly #chain: Chain;
  readonly #sequencer: Sequencer;
  readonly #finality: () => FinalityHeads;

  constructor(chain: Chain, sequencer: Sequencer, finality: () => FinalityHeads) {
    this.#chain = chain;
    this.#sequencer = sequencer;
    this.#finality = finality;
  }

  /** The sealed block an id names; "pending" for the one being filled. Undefined: there is none. */
  resolve(id: BlockId): bigint | "pending" | undefined {
    const latest = this.#chain.head.number;
    if (id === "pending") return "pending";
    if (id === "latest") return latest;
    if (id === "earliest") return 0n;
    if (id === "safe" || id === "finalized") return this.#finality()[id];
    const number = "hash" in id ? this.#chain.records.numberOf(id.hash) : id.number;
    return number !== undefined && number >= 0n && number <= latest ? number : undefined;
  }

  /** @throws StackError UNKNOWN_BLOCK */
  require(id: BlockId): bigint | "pending" {
    const type: ChainQueryError = { code: "UNKNOWN_BLOCK", block: describeBlockId(id) };
    const number = this.resolve(id);
    if (number === undefined) throw new StackError(type, "fatal");
    return number;
  }

  header(id: BlockId): BlockHeader | undefined {
    const number = this.resolve(id);
    return number === undefined || number === "pending" ? undefined : this.#chain.records.header(number);
  }

  /** A state that does not change while it is read. @throws StackError UNKNOWN_BLOCK */
  state(id: BlockId): StateReader {
    const number = this.require(id);
    return number === "pending" ? this.#sequencer.soft.snapshot() : this.#chain.state(number);
  }

  /** The block that a call at `id` runs in. @throws StackError UNKNOWN_BLOCK */
  environment(id: BlockId): BlockEnvironment {
    const number = this.require(id);
    if (number === "pending") return this.#sequencer.pending().environment;
    const header = this.#header(number);
    return { ...header, blockHash: (ancestor) => this.#header(ancestor).hash };
  }

  transactions(id: BlockId): PlacedTransaction[] | undefined {
    const number = this.resolve(id);
    if (number === undefined) return undefined;
    if (number === "pending") return softTransactions(this.#sequencer.pending());
    const { hash: blockHash, baseFeePerGas } = this.#header(number);
    const { transactions } = decodeBlock(this.#chain.getBlockData(number)!);
    return transactions.map((raw, index) => ({
      transaction: decodeTransaction(raw, this.#chain.common),
      place: { blockNumber: number, blockHash, index, baseFeePerGas },
    }));
  }

  receipts(id: BlockId): PlacedReceipt[] | undefined {
    const number = this.resolve(id);
    if (number === undefined) return undefined;
    if (number === "pending") return softReceipts(this.#sequencer.pending());
    const header = this.#header(number);
    return place(this.#chain.records.receipts(number) ?? [], number, header.timestamp, header.hash);
  }

  transaction(hash: Hex): PlacedTransaction | undefined {
    const position = this.#position(hash);
    if (position) return this.transactions({ number: position.blockNumber })?.[position.index];
    for (const block of this.#sequencer.soft.blocks) {
      const found = softTransactions(block).find(({ transaction }) => transaction.hash === hash);
      if (found) return found;
    }
    const transaction = this.#sequencer.waiting.get(hash);
    const nowhere = {
      blockNumber: undefined,
      blockHash: undefined,
      index: undefined,
      baseFeePerGas: undefined,
    };
    return transaction && { transaction, place: nowhere };
  }

  receipt(hash: Hex): PlacedReceipt | undefined {
    const position = this.#position(hash);
    if (position) return this.receipts({ number: position.blockNumber })?.[position.index];
    for (const block of this.#sequencer.soft.blocks) {
      const found = softReceipts(block).find(({ receipt }) => receipt.transactionHash === hash);
      if (found) return found;
    }
    return undefined;
  }

  /** Of every transaction executed and not sealed, in order. */
  softReceipts(): PlacedReceipt[] {
    return this.#sequencer.soft.blocks.flatMap(softReceipts);
  }

  /** Where a transaction is sealed. A block can be in the store a moment before it is the head: until then it is soft. */
  #position(hash: Hex): TransactionPosition | undefined {
    const position = this.#chain.records.position(hash);
    return position && position.blockNumber <= this.#chain.head.number ? position : undefined;
  }

  #header(number: bigint): BlockHeader {
    const header = this.#chain.records.header(number);
    if (header) return header;
    throw new StackError<ChainQueryError>({ code: "UNKNOWN_BLOCK", block: number.toString() }, "fatal");
  }
}

const softTransactions = ({ environment, transactions }: BlockExecution): PlacedTransaction[] =>
  transactions.map((transaction, index) => ({
    transaction,
    place: {
      blockNumber: environment.number,
      blockHash: undefined,
      index,
      baseFeePerGas: environment.baseFeePerGas,
    },
  }));

const softReceipts = ({ environment, receipts }: BlockExecution): PlacedReceipt[] =>
  place(receipts, environment.number, environment.timestamp, undefined);

function place(
  receipts: readonly Receipt[],
  blockNumber: bigint,
  timestamp: bigint,
  blockHash: Hex | undefined,
): PlacedReceipt[] {
  let firstLogIndex = 0;
  return receipts.map((receipt) => {
    const placed = { receipt, blockNumber, blockHash, timestamp, firstLogIndex };
    firstLogIndex += receipt.logs.length;
    return placed;
  });
}
