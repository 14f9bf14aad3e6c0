/** Memory that grows by being touched (yellow paper, appendix H: C_mem). */
import { CONTROL_CELLS, Sub } from "./memoryBusPlan.ts";
import type { MemoryPlanServices } from "./memoryServices.ts";

const cost = (words: bigint): bigint => 3n * words + words ** 2n / 512n;

/** Words that memory must have for a range; an empty one touches nothing. */
export const touchedWords = (offset: bigint, length: bigint): number =>
  length === 0n ? 0 : Number((offset + length + 31n) / 32n);

/** Opens the frame's memory at the row's time; the gas. */
export function expand(
  { bus, frames }: Pick<MemoryPlanServices, "bus" | "frames">,
  t: number,
  frame: number,
  touched: number,
): bigint {
  const cell = frames.column("memoryBase", frame);
  const before = bus.peek(cell);
  const after = Math.max(before, touched);
  bus.write(t, Sub.SIZE, cell, after);
  return cost(BigInt(after)) - cost(BigInt(before));
}

/** Byte address of the first byte of a frame's memory. */
export const memoryStart = (frames: MemoryPlanServices["frames"], frame: number): number =>
  32 * (frames.column("memoryBase", frame) + CONTROL_CELLS);
