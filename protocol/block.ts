/**
 * A block is its inputs: what a chain's data must contain for anyone to compute everything else.
 *
 * Layout, big endian:
 *   number u64 | timestamp u64 (seconds) | feeRecipient 20 bytes | gasLimit u64 | baseFeePerGas u64 (wei)
 *   | txCount u32 | txCount times (txLength u32 | raw transaction, EIP-2718)
 */
import type { Address } from "./address.ts";
import { ADDRESS_BYTES, addressToBytes, bytesToAddress } from "./address.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import {
  BASE_FEE_CHANGE_DENOMINATOR,
  ELASTICITY_MULTIPLIER,
  MAX_TRANSACTION_BYTES,
  MIN_BASE_FEE,
} from "./constants.ts";
import { Domain } from "./domains.ts";
import { StackError } from "./errors.ts";
import type { Field } from "./field.ts";
import { hash, hashBytes } from "./hash.ts";

export type BlockData = {
  readonly number: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  /** Gets the priority fees. */
  readonly feeRecipient: Address;
  readonly gasLimit: bigint;
  /** Wei per gas, burned. */
  readonly baseFeePerGas: bigint;
  /** Raw signed transactions, EIP-2718. */
  readonly transactions: readonly Uint8Array[];
};

export type BlockError =
  | { code: "BLOCK_TRANSACTION_COUNT"; count: number; available: number }
  | { code: "BLOCK_TRANSACTION_LENGTH"; index: number; bytes: number; maxBytes: number };

/** Bytes of a block without transactions. */
export const BLOCK_HEADER_BYTES = 8 + 8 + ADDRESS_BYTES + 8 + 8 + 4;

/** Throws `INTEGER_OUT_OF_RANGE`, `ADDRESS_INVALID`, `BLOCK_TRANSACTION_LENGTH`. */
export function encodeBlock(block: BlockData): Uint8Array {
  const writer = new ByteWriter();
  writeBlock(writer, block);
  return writer.finish();
}

/** Throws `BYTES_TRUNCATED`, `BYTES_TRAILING`, `BLOCK_TRANSACTION_COUNT`, `BLOCK_TRANSACTION_LENGTH`. */
export function decodeBlock(bytes: Uint8Array): BlockData {
  const reader = new ByteReader(bytes);
  const block = readBlock(reader);
  reader.end();
  return block;
}

export function writeBlock(writer: ByteWriter, block: BlockData): void {
  writer.u64(block.number).u64(block.timestamp).bytes(addressToBytes(block.feeRecipient));
  writer.u64(block.gasLimit).u64(block.baseFeePerGas).u32(block.transactions.length);
  block.transactions.forEach((raw, index) => {
    assertTransactionLength(index, raw.length);
    writer.u32(raw.length).bytes(raw);
  });
}

export function readBlock(reader: ByteReader): BlockData {
  const header = {
    number: reader.u64(),
    timestamp: reader.u64(),
    feeRecipient: bytesToAddress(reader.bytes(ADDRESS_BYTES)),
    gasLimit: reader.u64(),
    baseFeePerGas: reader.u64(),
  };
  return { ...header, transactions: readTransactions(reader) };
}

function readTransactions(reader: ByteReader): Uint8Array[] {
  const count = reader.u32();
  // A length and at least one byte each: a count that cannot be true must not make us allocate.
  if (count * 5 > reader.available)
    throw new StackError({ code: "BLOCK_TRANSACTION_COUNT", count, available: reader.available }, "fatal");
  return Array.from({ length: count }, (_, index) => {
    const length = reader.u32();
    assertTransactionLength(index, length);
    return reader.bytes(length);
  });
}

function assertTransactionLength(index: number, bytes: number): void {
  if (bytes === 0 || bytes > MAX_TRANSACTION_BYTES)
    throw new StackError(
      { code: "BLOCK_TRANSACTION_LENGTH", index, bytes, maxBytes: MAX_TRANSACTION_BYTES },
      "fatal",
    );
}

/** Commits to the block's inputs and, through the parent, to every block before it and to the genesis state. */
export const blockHash = (parentHash: Field, block: BlockData): Field =>
  hash(Domain.BLOCK, [parentHash, hashBytes(encodeBlock(block))]);

/** What the genesis block has for a parent. */
export const genesisParentHash = (chainId: bigint, stateRoot: Field): Field =>
  hash(Domain.GENESIS, [chainId, stateRoot]);

/** The data hash of the blocks that follow the one with hash `previous`: the hash of the last. */
export const dataHashOf = (previous: Field, blocks: readonly BlockData[]): Field =>
  blocks.reduce(blockHash, previous);

/** What a child's base fee is a function of. */
export type FeeParent = { readonly baseFee: bigint; readonly gasUsed: bigint; readonly gasLimit: bigint };

/** Wei per gas of the next block: EIP-1559's formula, never below `MIN_BASE_FEE`. Assumes `gasUsed <= gasLimit`. */
export function nextBaseFee({ baseFee, gasUsed, gasLimit }: FeeParent): bigint {
  const target = gasLimit / ELASTICITY_MULTIPLIER;
  const step = (gas: bigint): bigint => (baseFee * gas) / target / BASE_FEE_CHANGE_DENOMINATOR;
  if (gasUsed === target) return max(baseFee, MIN_BASE_FEE);
  if (gasUsed > target) return max(baseFee + max(step(gasUsed - target), 1n), MIN_BASE_FEE);
  return max(baseFee - step(target - gasUsed), MIN_BASE_FEE);
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
