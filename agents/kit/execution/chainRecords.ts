import { bytesToField, fieldToBytes } from "../../../protocol/field.ts";
import type { ReceiptCommitment } from "../../../protocol/state/receipts.ts";
import { bytesToBigInt, fromHex, toHex, type Hex } from "../hex.ts";
import type { Store, Table } from "../lmdb.ts";
import type { BlockHeader } from "./blockHeader.ts";
import { decodeHeader, encodeHeader } from "./headerCodec.ts";
import { decodeProvingNeeds, encodeProvingNeeds, type ProvingNeeds } from "./provingNeeds.ts";
import type { Receipt } from "./receipt.ts";
import { receiptCommitment } from "./receiptCommitment.ts";
import { decodeReceipts, encodeReceipts } from "./receiptCodec.ts";
import type { SealedBlock, StoredWitness } from "./sealedBlock.ts";
import { blockKey } from "./versionedTable.ts";

const HEAD = Buffer.from("head");
const HASH_BYTES = 32;

export interface TransactionPosition {
  readonly blockNumber: bigint;
  readonly index: number;
}

/**
 * Sealed blocks by number and hash, transactions by hash.
 *
 *   header, block, receipts, witness   number u64 -> codec's bytes; a witness without its codes
 *   logCommitments                     number u64 -> commitments to the data of the block's logs, concatenated
 *   witnessCodes                       number u64 -> hashes of the witness's codes, concatenated
 *   provingNeeds                       number u64 -> capacities used, oldest ancestor asked for; of metered blocks
 *   blockByHash                        hash -> number u64
 *   transactionByHash                  hash -> number u64 | index u32
 *   chain                              "head" -> number u64
 */
export class ChainRecords {
  readonly #headers: Table;
  readonly #blocks: Table;
  readonly #receipts: Table;
  readonly #logCommitments: Table;
  readonly #witnesses: Table;
  readonly #witnessCodes: Table;
  readonly #provingNeeds: Table;
  readonly #blockByHash: Table;
  readonly #transactionByHash: Table;
  readonly #chain: Table;

  constructor(store: Store) {
    this.#headers = store.table("header");
    this.#blocks = store.table("block");
    this.#receipts = store.table("receipts");
    this.#logCommitments = store.table("logCommitments");
    this.#witnesses = store.table("witness");
    this.#witnessCodes = store.table("witnessCodes");
    this.#provingNeeds = store.table("provingNeeds");
    this.#blockByHash = store.table("blockByHash");
    this.#transactionByHash = store.table("transactionByHash");
    this.#chain = store.table("chain");
  }

  /** Undefined: the store is new. */
  headNumber(): bigint | undefined {
    const bytes = this.#chain.getBinary(HEAD);
    return bytes && bytesToBigInt(bytes);
  }

  header(number: bigint): BlockHeader | undefined {
    const bytes = this.#headers.getBinary(blockKey(number));
    return bytes && decodeHeader(bytes);
  }

  blockData(number: bigint): Uint8Array | undefined {
    return this.#blocks.getBinary(blockKey(number));
  }

  receipts(number: bigint): Receipt[] | undefined {
    const bytes = this.#receipts.getBinary(blockKey(number));
    return bytes && decodeReceipts(bytes);
  }

  witness(number: bigint): StoredWitness | undefined {
    const values = this.#witnesses.getBinary(blockKey(number));
    const hashes = this.#witnessCodes.getBinary(blockKey(number));
    if (!values || !hashes) return undefined;
    return { values, codeHashes: split(hashes).map(toHex) };
  }

  provingNeeds(number: bigint): ProvingNeeds | undefined {
    const bytes = this.#provingNeeds.getBinary(blockKey(number));
    return bytes && decodeProvingNeeds(bytes);
  }

  /** What the receipts' head takes of each receipt of a block. */
  receiptCommitments(number: bigint): ReceiptCommitment[] | undefined {
    const receipts = this.receipts(number);
    const bytes = this.#logCommitments.getBinary(blockKey(number));
    if (!receipts || !bytes) return undefined;
    const rest = split(bytes).map(bytesToField);
    return receipts.map((receipt) => receiptCommitment(receipt, rest.splice(0, receipt.logs.length)));
  }

  numberOf(hash: Hex): bigint | undefined {
    const bytes = this.#blockByHash.getBinary(fromHex(hash));
    return bytes && bytesToBigInt(bytes);
  }

  position(transactionHash: Hex): TransactionPosition | undefined {
    const bytes = this.#transactionByHash.getBinary(fromHex(transactionHash));
    if (!bytes) return undefined;
    return { blockNumber: bytesToBigInt(bytes.subarray(0, 8)), index: bytes.readUInt32BE(8) };
  }

  /** Inside `Store.commit`. */
  append({ header, data, receipts, logCommitments, witness, needs }: SealedBlock): void {
    const number = Buffer.from(blockKey(header.number));
    this.#headers.putSync(number, Buffer.from(encodeHeader(header)));
    this.#blocks.putSync(number, Buffer.from(data));
    this.#receipts.putSync(number, Buffer.from(encodeReceipts(receipts)));
    this.#logCommitments.putSync(number, Buffer.concat(logCommitments.map(fieldToBytes)));
    this.#witnesses.putSync(number, Buffer.from(witness.values));
    this.#witnessCodes.putSync(number, Buffer.concat(witness.codeHashes.map(fromHex)));
    if (needs) this.#provingNeeds.putSync(number, encodeProvingNeeds(needs));
    this.#blockByHash.putSync(fromHex(header.hash), number);
    header.transactionHashes.forEach((hash, index) => {
      const position = Buffer.concat([number, Buffer.alloc(4)]);
      position.writeUInt32BE(index, 8);
      this.#transactionByHash.putSync(fromHex(hash), position);
    });
    this.#chain.putSync(HEAD, number);
  }

  /** Takes the last block off. Inside `Store.commit`. */
  removeLast(header: BlockHeader): void {
    const number = blockKey(header.number);
    for (const table of this.#byNumber()) table.removeSync(number);
    this.#blockByHash.removeSync(fromHex(header.hash));
    for (const hash of header.transactionHashes) this.#transactionByHash.removeSync(fromHex(hash));
    this.#chain.putSync(HEAD, Buffer.from(blockKey(header.number - 1n)));
  }

  #byNumber(): Table[] {
    const receipts = [this.#receipts, this.#logCommitments];
    const forProof = [this.#witnesses, this.#witnessCodes, this.#provingNeeds];
    return [this.#headers, this.#blocks, ...receipts, ...forProof];
  }
}

/** Hashes that stand one after another. */
const split = (hashes: Uint8Array): Uint8Array[] =>
  Array.from(
    { length: hashes.length / HASH_BYTES },
    (_, i) => new Uint8Array(hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
