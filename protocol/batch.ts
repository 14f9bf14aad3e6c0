/**
 * A batch is a range of consecutive blocks as it is published, before compression.
 *
 * Layout, big endian: version u8 = 1 | blockCount u32 | blockCount blocks (block.ts)
 */
import { BLOCK_HEADER_BYTES, readBlock, writeBlock } from "./block.ts";
import type { BlockData } from "./block.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { BATCH_VERSION, MAX_BATCH_BYTES } from "./constants.ts";
import type { ErrorType } from "./errors.ts";
import { StackError } from "./errors.ts";

export type BatchError =
  | { code: "BATCH_TOO_LARGE"; bytes: number; maxBytes: number }
  | { code: "BATCH_VERSION"; expected: number; actual: number }
  | { code: "BATCH_BLOCK_COUNT"; count: number; available: number }
  | { code: "BATCH_NOT_CONSECUTIVE"; expected: bigint; actual: bigint }
  | { code: "BATCH_TIME_NOT_INCREASING"; previous: bigint; actual: bigint };

const fail = (type: BatchError & ErrorType): never => {
  throw new StackError(type, "fatal");
};

/**
 * Refuses what `decodeBatch` would refuse. Throws `BATCH_TOO_LARGE`, `BATCH_BLOCK_COUNT`, `BATCH_NOT_CONSECUTIVE`,
 * `BATCH_TIME_NOT_INCREASING` and what a block's codec throws.
 */
export function encodeBatch(blocks: readonly BlockData[]): Uint8Array {
  if (blocks.length === 0) fail({ code: "BATCH_BLOCK_COUNT", count: 0, available: 0 });
  assertConsecutive(blocks);
  const writer = new ByteWriter().u8(BATCH_VERSION).u32(blocks.length);
  for (const block of blocks) writeBlock(writer, block);
  return assertSize(writer.finish());
}

/** Strict: one encoding for each batch. Throws as `encodeBatch`, and `BATCH_VERSION`, `BYTES_TRUNCATED`, `BYTES_TRAILING`. */
export function decodeBatch(bytes: Uint8Array): BlockData[] {
  const reader = new ByteReader(assertSize(bytes));
  const version = reader.u8();
  if (version !== BATCH_VERSION) fail({ code: "BATCH_VERSION", expected: BATCH_VERSION, actual: version });
  const count = reader.u32();
  if (count === 0 || count * BLOCK_HEADER_BYTES > reader.available)
    fail({ code: "BATCH_BLOCK_COUNT", count, available: reader.available });
  const blocks = Array.from({ length: count }, () => readBlock(reader));
  reader.end();
  assertConsecutive(blocks);
  return blocks;
}

function assertSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BATCH_BYTES)
    fail({ code: "BATCH_TOO_LARGE", bytes: bytes.length, maxBytes: MAX_BATCH_BYTES });
  return bytes;
}

function assertConsecutive(blocks: readonly BlockData[]): void {
  let previous: BlockData | undefined;
  for (const block of blocks) {
    if (previous !== undefined && block.number !== previous.number + 1n)
      fail({ code: "BATCH_NOT_CONSECUTIVE", expected: previous.number + 1n, actual: block.number });
    if (previous !== undefined && block.timestamp <= previous.timestamp)
      fail({ code: "BATCH_TIME_NOT_INCREASING", previous: previous.timestamp, actual: block.timestamp });
    previous = block;
  }
}
