/** The block that a place's transaction belongs to. */
import { combine, mul, sum } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits } from "../../../builder/ranges.ts";
import { type Rom, rom } from "../../../builder/rom.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import type { Blocks } from "../blocks/blocks.ts";

/** What places read of blocks. */
export interface BlockTables {
  readonly indexBits: number;
  readonly first: Rom<Wire>;
  readonly baseFees: Rom<U64>;
}

export const blockTables = (b: Builder, blocks: Blocks): BlockTables => ({
  indexBits: blocks.list.length.toString(2).length,
  first: rom(b, blocks.firstTransactions, "firstTransactions"),
  baseFees: rom(
    b,
    blocks.list.map(({ baseFee }) => baseFee),
    "baseFees",
  ),
});

export interface OwnBlock {
  /** Which block of the chunk, from 0. */
  readonly index: Wire;
  /** The number of the block's first transaction in the chunk. */
  readonly first: Wire;
  /** 0 in an inactive place. */
  readonly baseFee: U64;
}

/**
 * Proves: an active place i is among the transactions of block `index`: first <= i < following.
 * Sound because: blocks without transactions hold no i, so one block alone does. Cost: 16 gates.
 */
export function readOwnBlock(
  b: Builder,
  tables: BlockTables,
  i: number,
  active: Bool,
  block: () => number,
): OwnBlock {
  const index = witnessBits(b, tables.indexBits, "block", () => BigInt(block()));
  const first = tables.first.read(b, index, "block.first");
  const following = tables.first.read(b, sum(b, [[1n, index]], 1n, "block.next"), "block.following");
  const earlier = combine(b, [[-1n, active, first]], [[BigInt(i), active]], 0n, "block.earlier");
  assertBits(b, earlier, 16, "block.startsBefore");
  const later = combine(b, [[1n, active, following]], [[-BigInt(i + 1), active]], 0n, "block.later");
  assertBits(b, later, 16, "block.endsAfter");
  const baseFee = mul(b, active, tables.baseFees.read(b, index, "block.baseFee"), "baseFee");
  return { index, first, baseFee: promiseBits(b, baseFee, 64, "baseFee") };
}
