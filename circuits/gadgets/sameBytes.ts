/**
 * Bytes that two streams have in common.
 *
 * Proves: the `count` bytes at `at` of one stream are those at `start` of another; returns where they end in the first.
 * Assumes: nothing. `count` is at most 124 (4 slices), else there is no proof.
 * Enforces: four slices of each, end to end, pairwise equal, their lengths adding up to `count`.
 * Parameters: none.
 * Sound because: equal integers of equally many bytes are equal bytes; how `count` is divided does not matter.
 * Cost: 85 gates.
 */
import { add } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { witnessBits } from "../builder/ranges.ts";
import type { Wire } from "../builder/wire.ts";
import { type ByteStream, SLICE_BYTES } from "./byteStream.ts";

const MAX_SLICES = 4;

export function assertSameBytes(
  b: Builder,
  to: ByteStream,
  at: Wire,
  from: ByteStream,
  start: Wire,
  count: Wire,
): Wire {
  let [left, right] = [at, start];
  const takes: Wire[] = [];
  for (let i = 0; i < MAX_SLICES; i++) {
    const take = witnessBits(b, 5, `items[${i}].length`, () => {
      const rest = b.value(count) - takes.reduce((n, wire) => n + b.value(wire), 0n);
      return rest > BigInt(SLICE_BYTES) ? BigInt(SLICE_BYTES) : rest > 0n ? rest : 0n;
    });
    takes.push(take);
    const [u, v] = [
      to.slice(b, left, take, `items[${i}].payload`),
      from.slice(b, right, take, `items[${i}].stream`),
    ];
    b.assertZero([], [[1n, u], [-1n, v]], 0n, `items[${i}].same`); // prettier-ignore
    left = add(b, left, take, `items[${i}].left`);
    right = add(b, right, take, `items[${i}].right`);
  }
  b.assertZero([], [...takes.map((take) => [1n, take] as const), [-1n, count]], 0n, "items.all");
  return left;
}
