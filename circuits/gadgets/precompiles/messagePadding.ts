/** How the messages of a pool are laid into its blocks: native values for the witness of `messageBlocks.ts`. */

/** Bytes of a block. */
export const BLOCK_BYTES = 64;
/** The length that blocks nobody needs claim for their message: more than any pool holds, so it does not end. */
export const ENDLESS = (1n << 24n) - 1n;

export interface PaddedBlock {
  /** 64 bytes of the message, padded. */
  readonly bytes: Uint8Array;
  /** Of the whole message. */
  readonly length: bigint;
  readonly last: boolean;
  /** Place of the byte 80 in this block, -1 when it is in another. */
  readonly padAt: number;
  /** Words of the message in this block that its commitment absorbs: 0 to 2. */
  readonly words: number;
}

export const blocksOf = (length: number): number => Math.floor((length + 8) / BLOCK_BYTES) + 1;

/**
 * `count` blocks: the messages one after another, then a message without an end. What does not fit is left out: a witness
 * of a plan over capacity has no such job.
 */
export function padMessages(
  messages: readonly Uint8Array[],
  count: number,
  littleEndian: boolean,
): PaddedBlock[] {
  const blocks = messages.flatMap((message) => padMessage(message, littleEndian)).slice(0, count);
  const idle = { bytes: new Uint8Array(BLOCK_BYTES), length: ENDLESS, last: false, padAt: -1, words: 0 };
  while (blocks.length < count) blocks.push(idle);
  return blocks;
}

function padMessage(message: Uint8Array, littleEndian: boolean): PaddedBlock[] {
  const count = blocksOf(message.length);
  const padded = new Uint8Array(count * BLOCK_BYTES);
  padded.set(message);
  padded[message.length] = 0x80;
  const bits = BigInt(message.length) * 8n;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, bits, littleEndian);
  return Array.from({ length: count }, (_, i) => {
    const from = i * BLOCK_BYTES;
    const padAt = message.length - from;
    return {
      bytes: padded.subarray(from, from + BLOCK_BYTES),
      length: BigInt(message.length),
      last: i === count - 1,
      padAt: padAt >= 0 && padAt < BLOCK_BYTES ? padAt : -1,
      words: Math.min(2, Math.max(0, Math.ceil(padAt / 32))),
    };
  });
}
