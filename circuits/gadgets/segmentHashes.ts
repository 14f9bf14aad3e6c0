/**
 * hashBytes (protocol/hash.ts) of many byte strings of variable length: each a head of 56 bytes given as two integers,
 * followed by a segment of a stream. The permutations of all strings form one list of rows.
 *
 * Proves: digest i = hashBytes(head i || stream[position i, position i+1)) for every i < count.
 * Assumes: positions are ascending and at most stream length - 31; 1 <= count <= segments. Static bounds prove that
 *   head[0] < 2^248 (31 bytes) and head[1] < 2^200 (25 bytes).
 * Enforces: rows follow one another: a row that reaches the end of its string is compared with the digest, and the next
 *   row, if active, begins the next string; the last row ends string count - 1; rows after it do nothing.
 * Parameters: `rows`: permutations that fit; positions below 2^positionBits.
 * Sound because: a row's cut points are min(planned, end), computed exactly, so the bytes it absorbs and whether it is the
 *   last of its string follow from where it starts; that follows from the row before.
 * Cost: 170 gates a row.
 */
import { add, assertEqualIf, combine, mux, sum } from "../builder/arithmetic.ts";
import { and, assertImplies, not } from "../builder/bool.ts";
import { poseidon2Permutation } from "../builder/blackBoxes.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, assertFits, witnessBool } from "../builder/ranges.ts";
import { type Rom, fieldRom } from "../builder/rom.ts";
import type { Bool, Wire } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import {
  absorbedBytes,
  cutPoints,
  GROUP,
  HEAD_BYTES,
  HEAD_IN_SECOND,
  type WeightedSlices,
} from "./segmentRow.ts";

export interface Segments {
  readonly stream: WeightedSlices;
  readonly heads: readonly (readonly [Wire, Wire])[];
  /** One more than heads: segment i is from positions[i] to positions[i + 1]. */
  readonly positions: readonly Wire[];
  readonly count: Wire;
}

export interface RowShape {
  readonly rows: number;
  readonly positionBits: number;
}

type Row = { begun: Wire; position: Wire; state: readonly Wire[]; active: Bool; isLast: Bool };
type Tables = { heads: readonly [Rom<Wire>, Rom<Wire>]; positions: Rom<Wire>; digests: Rom<Wire> };

/** Returns the digests; those from `count` on are raw witnesses, unconstrained. */
export function segmentHashes(
  b: Builder,
  segments: Segments,
  { rows, positionBits }: RowShape,
  native: () => readonly bigint[],
  name: string,
): Wire[] {
  return b.scope(name, () => {
    for (const [first, second] of segments.heads) {
      assertFits(b, first, 8 * GROUP, "heads[0]");
      assertFits(b, second, 8 * HEAD_IN_SECOND, "heads[1]");
    }
    const digests = segments.heads.map((_, i) => b.witness(`digest[${i}]`, () => native()[i] ?? 0n));
    const head = (part: 0 | 1): Rom<Wire> => fieldRom(b, [b.zero, ...segments.heads.map((pair) => pair[part])], `heads[${part}]`); // prettier-ignore
    // Segment i is entry i + 1: a row reads at the number of segments begun, which is never below 0.
    const tables: Tables = {
      heads: [head(0), head(1)],
      positions: fieldRom(b, [b.zero, ...segments.positions], "positions"),
      digests: fieldRom(b, [b.zero, ...digests], "digests"),
    };
    let row: Row = {
      begun: b.zero,
      position: b.zero,
      state: [b.zero, b.zero, b.zero, b.zero],
      active: b.one,
      isLast: b.one,
    };
    for (let i = 0; i < rows; i++)
      row = b.scope(`row[${i}]`, () => nextRow(b, row, segments, tables, positionBits));
    b.assertZero([], [[1n, row.isLast]], -1n, "ends");
    b.assertZero([], [[1n, row.begun], [-1n, segments.count]], 0n, "allSegments"); // prettier-ignore
    return digests;
  });
}

function nextRow(b: Builder, before: Row, segments: Segments, tables: Tables, positionBits: number): Row {
  const { stream, count } = segments;
  const more = (): boolean => b.value(before.isLast) === 0n || b.value(before.begun) !== b.value(count);
  const active = witnessBool(b, "active", () => b.value(before.active) === 1n && more());
  assertImplies(b, active, before.active, "active.prefix");
  // A string is not left in the middle.
  const idle = not(b, active, "idle");
  assertImplies(b, idle, before.isLast, "idle.afterLast");
  const begins = and(b, active, before.isLast, "begins");
  const begun = add(b, before.begun, begins, "begun");

  const start = tables.positions.read(b, begun, "start");
  const end = boundedPosition(b, tables.positions.read(b, sum(b, [[1n, begun]], 1n, "following"), "end"), positionBits, "end"); // prettier-ignore
  const from = boundedPosition(b, mux(b, begins, start, before.position, "from"), positionBits, "from");
  const cuts = cutPoints(b, from, end, begins, positionBits);
  const groups = absorbedBytes(b, stream, begins, from, cuts.points);
  const state = rowState(b, before, begins, groups, tables, begun, sum(b, [[1n, end], [-1n, start]], tag(HEAD_BYTES), "tag")); // prettier-ignore
  const isLast = not(b, cuts.goesOn, "isLast");
  const compares = and(b, active, isLast, "compares");
  assertEqualIf(b, compares, state[0]!, tables.digests.read(b, begun, "claimed"), "digest");
  return { begun, position: cuts.points[2], state, active, isLast };
}

const boundedPosition = (b: Builder, wire: Wire, bits: number, name: string): Wire =>
  assertBits(b, wire, bits, `${name}.bits`);

const tag = (bytes: number): bigint => (BigInt(Domain.BYTES) << 64n) + BigInt(bytes);

/** The sponge after the row: from nothing and the head in a first row, else from the state before. */
function rowState(
  b: Builder,
  before: Row,
  begins: Bool,
  groups: readonly Wire[],
  tables: Tables,
  begun: Wire,
  spongeTag: Wire,
): Wire[] {
  const [head0, head1] = tables.heads.map((table, i) => table.read(b, begun, `head[${i}]`));
  const shifted = sum(b, [[1n << BigInt(8 * (GROUP - HEAD_IN_SECOND)), head1!]], 0n, "head[1].shifted");
  const initial = [head0!, shifted, b.zero, spongeTag];
  const absorbed = before.state.map((lane, i) => {
    const products = [[-1n, begins, lane], [1n, begins, initial[i]!]] as const; // prettier-ignore
    return combine(b, products, [[1n, lane], [1n, groups[i] ?? b.zero]], 0n, `absorb[${i}]`); // prettier-ignore
  });
  return poseidon2Permutation(b, absorbed, "permutation");
}
