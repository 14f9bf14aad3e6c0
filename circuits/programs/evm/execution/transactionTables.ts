/** What frames know of their transaction and its block: tables by the number of the transaction, from 1. */
import { mul } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits } from "../../../builder/ranges.ts";
import { type Rom, rom } from "../../../builder/rom.ts";
import type { U64, Wire } from "../../../builder/wire.ts";
import type { Blocks } from "../blocks/blocks.ts";
import type { TransactionPlace } from "../transactions/transactions.ts";

/** Of one place's block; of an inactive place any block's. */
export interface PlaceBlock {
  readonly number: U64;
  readonly timestamp: U64;
  /** 160 bits. */
  readonly feeRecipient: Wire;
  readonly baseFee: U64;
}

/**
 * Proves: entry i is of the block that `places[i].block.index` names.
 * Cost: 8 gates a place, 12 a block.
 */
export function placeBlocks(b: Builder, blocks: Blocks, places: readonly TransactionPlace[]): PlaceBlock[] {
  return b.scope("placeBlocks", () => {
    const { list } = blocks;
    const numbers = rom(b, list.map(({ number }) => number), "number"); // prettier-ignore
    const timestamps = rom(b, list.map(({ timestamp }) => timestamp), "timestamp"); // prettier-ignore
    const recipients = rom(b, list.map(({ feeRecipient }) => feeRecipient), "feeRecipient"); // prettier-ignore
    const baseFees = rom(b, list.map(({ baseFee }) => baseFee), "baseFee"); // prettier-ignore
    return places.map(({ block, active }, i) =>
      b.scope(`place[${i}]`, () => {
        // Where the chunk has room for fewer blocks than the index has values, an inactive place may name none.
        const index = mul(b, active, block.index, "block");
        return {
          number: numbers.read(b, index, "number"),
          timestamp: timestamps.read(b, index, "timestamp"),
          feeRecipient: recipients.read(b, index, "feeRecipient"),
          baseFee: baseFees.read(b, index, "baseFee"),
        };
      }),
    );
  });
}

/** By transaction; entry 0 is the system's, all zeros. */
export interface TransactionTables {
  readonly gasPrice: Rom<Wire>;
  readonly number: Rom<Wire>;
  readonly timestamp: Rom<Wire>;
  readonly feeRecipient: Rom<Wire>;
  readonly baseFee: Rom<Wire>;
}

export function transactionTables(
  b: Builder,
  places: readonly TransactionPlace[],
  own: readonly PlaceBlock[],
): TransactionTables {
  return b.scope("transactionTables", () => {
    const table = (name: string, entries: readonly Wire[]): Rom<Wire> => rom(b, [b.zero, ...entries], name);
    return {
      // Below 2^128: at most the transaction's fee cap.
      gasPrice: table("gasPrice", places.map(({ gasPrice }, i) => assertBits(b, gasPrice, 128, `gasPrice[${i}]`))), // prettier-ignore
      number: table("number", own.map(({ number }) => number)), // prettier-ignore
      timestamp: table("timestamp", own.map(({ timestamp }) => timestamp)), // prettier-ignore
      feeRecipient: table("feeRecipient", own.map(({ feeRecipient }) => feeRecipient)), // prettier-ignore
      baseFee: table("baseFee", own.map(({ baseFee }) => baseFee)), // prettier-ignore
    };
  });
}
