/** The tip of a chain: all that execution and proofs take from one block to a later one. */
import type { BlockData } from "./block.ts";
import { blockHash, nextBaseFee } from "./block.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { StackError } from "./errors.ts";
import type { Field } from "./field.ts";
import { bytesToField, FIELD_BYTES, fieldToBytes } from "./field.ts";

export type ChainTip = {
  readonly stateRoot: Field;
  /** The block's hash: with the data hash of an earlier tip it commits to every byte between them. */
  readonly dataHash: Field;
  readonly blockNumber: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  /** Wei per gas paid in this block. */
  readonly baseFee: bigint;
  readonly gasUsed: bigint;
};

export type TipError =
  | { code: "BLOCK_NUMBER_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "BLOCK_TIME_NOT_LATER"; parent: bigint; actual: bigint }
  | { code: "BLOCK_GAS_LIMIT_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "BLOCK_BASE_FEE_MISMATCH"; expected: bigint; actual: bigint }
  | { code: "BLOCK_GAS_EXCEEDED"; gasUsed: bigint; gasLimit: bigint };

const fail = (type: TipError): never => {
  throw new StackError(type, "fatal");
};

/** Wei per gas of the block after `tip`. */
export const baseFeeAfter = (tip: ChainTip, gasLimit: bigint): bigint =>
  nextBaseFee({ baseFee: tip.baseFee, gasUsed: tip.gasUsed, gasLimit });

/** The rules that tie a block's inputs to its parent (I-BLOCK-02). Throws the first `TipError` that applies. */
export function assertFollows(tip: ChainTip, gasLimit: bigint, block: BlockData): void {
  const number = tip.blockNumber + 1n;
  if (block.number !== number)
    fail({ code: "BLOCK_NUMBER_MISMATCH", expected: number, actual: block.number });
  if (block.timestamp <= tip.timestamp)
    fail({ code: "BLOCK_TIME_NOT_LATER", parent: tip.timestamp, actual: block.timestamp });
  if (block.gasLimit !== gasLimit)
    fail({ code: "BLOCK_GAS_LIMIT_MISMATCH", expected: gasLimit, actual: block.gasLimit });
  const baseFee = baseFeeAfter(tip, gasLimit);
  if (block.baseFeePerGas !== baseFee)
    fail({ code: "BLOCK_BASE_FEE_MISMATCH", expected: baseFee, actual: block.baseFeePerGas });
}

/** What execution of a block adds to its inputs. */
export type BlockOutcome = { readonly stateRoot: Field; readonly gasUsed: bigint };

/** The tip after `block`. Assumes `assertFollows`. Throws `BLOCK_GAS_EXCEEDED`. */
export function tipAfter(tip: ChainTip, block: BlockData, { stateRoot, gasUsed }: BlockOutcome): ChainTip {
  if (gasUsed > block.gasLimit) fail({ code: "BLOCK_GAS_EXCEEDED", gasUsed, gasLimit: block.gasLimit });
  return {
    stateRoot,
    dataHash: blockHash(tip.dataHash, block),
    blockNumber: block.number,
    timestamp: block.timestamp,
    baseFee: block.baseFeePerGas,
    gasUsed,
  };
}

/** Layout, big endian: stateRoot 32 | dataHash 32 | blockNumber u64 | timestamp u64 | baseFee u64 | gasUsed u64 */
export function encodeTip(tip: ChainTip): Uint8Array {
  const writer = new ByteWriter().bytes(fieldToBytes(tip.stateRoot)).bytes(fieldToBytes(tip.dataHash));
  return writer.u64(tip.blockNumber).u64(tip.timestamp).u64(tip.baseFee).u64(tip.gasUsed).finish();
}

/** Throws `BYTES_TRUNCATED`, `BYTES_TRAILING`, `FIELD_OUT_OF_RANGE`. */
export function decodeTip(bytes: Uint8Array): ChainTip {
  const reader = new ByteReader(bytes);
  const tip = {
    stateRoot: bytesToField(reader.bytes(FIELD_BYTES)),
    dataHash: bytesToField(reader.bytes(FIELD_BYTES)),
    blockNumber: reader.u64(),
    timestamp: reader.u64(),
    baseFee: reader.u64(),
    gasUsed: reader.u64(),
  };
  reader.end();
  return tip;
}
