/**
 * Where a row of `segmentHashes` cuts the stream, and the bytes between the cuts.
 *
 * Proves: the row's three groups end after 31, 62 and 93 bytes, in a first row after 0, 6 and 37, but never past `end`;
 *   `goesOn` = 1 iff the third end was planned before `end`. The groups are what `hashBytes` absorbs, without the head.
 * Assumes: from <= end; both below 2^bits, as is from + 93.
 * Enforces: each cut is the lesser of plan and end; each group at most 31 bytes.
 * Parameters: bits.
 * Sound because: `isLess` is exact, so a row has one reading; a slice's weight puts it where its group begins.
 * Cost: 75 gates.
 */
import { mux, sum } from "../builder/arithmetic.ts";
import { not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { isLess } from "../builder/compare.ts";
import { assertBits } from "../builder/ranges.ts";
import type { Bool, Wire } from "../builder/wire.ts";

/** A stream whose slices can stand anywhere in a longer group: `ByteStream`, `SuffixStream`. */
export interface WeightedSlices {
  sliceWeighted(b: Builder, from: Wire, length: Wire, weight: Wire, name: string): Wire;
}

/** Bytes of a head. */
export const HEAD_BYTES = 56;
/** Bytes of a group. */
export const GROUP = 31;
/** Bytes of the head in its second group, and what is left there for the segment. */
export const HEAD_IN_SECOND = HEAD_BYTES - GROUP;

export type Cuts = { readonly points: readonly [Wire, Wire, Wire]; readonly goesOn: Bool };

/** Where the row's three groups end: after 31, 62, 93 bytes; in a first row after 0, 6, 37; never past `end`. */
export function cutPoints(b: Builder, from: Wire, end: Wire, begins: Bool, bits: number): Cuts {
  const planned = [
    sum(b, [[1n, from], [-BigInt(GROUP), begins]], BigInt(GROUP), "plan[0]"), // prettier-ignore
    sum(b, [[1n, from], [-BigInt(HEAD_BYTES), begins]], BigInt(2 * GROUP), "plan[1]"), // prettier-ignore
    sum(b, [[1n, from], [-BigInt(HEAD_BYTES), begins]], BigInt(3 * GROUP), "plan[2]"), // prettier-ignore
  ];
  const plans = planned.map((plan, i) => assertBits(b, plan, bits, `plan[${i}]`));
  const inside = plans.map((plan, i) => isLess(b, plan, end, bits, `inside[${i}]`));
  const points = plans.map((plan, i) => mux(b, inside[i]!, plan, end, `cut[${i}]`));
  return { points: points as unknown as Cuts["points"], goesOn: inside[2]! };
}

/** The bytes of the three groups, each left-aligned in its 31 bytes (after the head's 25 in a first row's second). */
export function absorbedBytes(
  b: Builder,
  stream: WeightedSlices,
  begins: Bool,
  from: Wire,
  cuts: Cuts["points"],
): Wire[] {
  const starts = [from, cuts[0], cuts[1]];
  const goesOn = not(b, begins, "goesOn");
  return starts.map((start, i) => {
    const difference = sum(b, [[1n, cuts[i]!], [-1n, start]], 0n, `length[${i}]`); // prettier-ignore
    const length = assertBits(b, difference, 5, `length[${i}]`);
    // The second group of a first row has 6 bytes after the head's 25.
    const [rest, more] = i === 1 ? [GROUP - HEAD_IN_SECOND, HEAD_IN_SECOND] : [GROUP, 0];
    const weight = sum(b, [[1n, start], [BigInt(more), goesOn]], BigInt(rest), `weight[${i}]`); // prettier-ignore
    return stream.sliceWeighted(b, start, length, weight, `group[${i}]`);
  });
}
