import { encodeBatch } from "../../protocol/batch.ts";
import { encodeBlock, type BlockData } from "../../protocol/block.ts";
import { localPointer, type DaPointer } from "../../protocol/inscription/pointer.ts";
import { compress } from "../kit/da/compression.ts";
import type { DataAvailability } from "../kit/da/dataAvailability.ts";

/** Bytes of blocks in one blob, before compression: half of what a DA server takes at the least (8 MiB), in case they do not compress. */
export const MAX_BLOB_BYTES = 4 << 20;

/** Consecutive blocks in as few batches as `maxBytes` allows: the same blocks always give the same batches. */
export function splitBlocks(blocks: readonly BlockData[], maxBytes = MAX_BLOB_BYTES): BlockData[][] {
  const batches: BlockData[][] = [];
  let bytes = Infinity;
  for (const block of blocks) {
    const { length } = encodeBlock(block);
    if (bytes + length > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(block);
    bytes += length;
  }
  return batches;
}

/** Publishes the blocks and tells where they are. Repeating it is harmless. */
export async function publishBlocks(
  da: DataAvailability,
  blocks: readonly BlockData[],
): Promise<DaPointer[]> {
  const pointers: DaPointer[] = [];
  for (const batch of splitBlocks(blocks)) {
    const data = compress(encodeBatch(batch));
    await da.put(data);
    pointers.push(localPointer(data));
  }
  return pointers;
}
