/** Ranges of a frame's memory and what they cost, natively as openRange.ts, memoryPrice.ts and calleeGas.ts prove them. */
import { CONTROL_CELLS, type MemoryBusPlan } from "../memory/memoryBusPlan.ts";
import type { FrameValues } from "./frameEntry.ts";

export interface NativeRange {
  /** It ends past 2^24: no gas pays for it. Then the rest is 0. */
  readonly isHuge: boolean;
  readonly offset: number;
  readonly length: number;
  readonly words: number;
}

const LIMIT = 1n << 24n;

export function openRange(offset: bigint, length: bigint): NativeRange {
  const start = length === 0n ? 0n : offset;
  const end = start + length;
  if (end >= LIMIT) return { isHuge: true, offset: 0, length: 0, words: 0 };
  return { isHuge: false, offset: Number(start), length: Number(length), words: Number((end + 31n) / 32n) };
}

/** Gas of memory of so many words. */
export const memoryGas = (words: number): bigint => 3n * BigInt(words) + BigInt(words) ** 2n / 512n;

export interface Growth {
  readonly before: number;
  readonly after: number;
  readonly gas: bigint;
}

/** What it costs to have so many words, without an access. */
export function memoryGrowth(bus: MemoryBusPlan, memoryBase: number, words: number): Growth {
  const before = bus.peek(memoryBase);
  const after = Math.max(before, words);
  return { before, after, gas: memoryGas(after) - memoryGas(before) };
}

export const byteAddress = ({ memoryBase }: FrameValues, offset: number): number =>
  32 * (Number(memoryBase) + CONTROL_CELLS) + offset;

/** EIP-150. */
export const allButOne64th = (gas: bigint): bigint => gas - (gas >> 6n);
