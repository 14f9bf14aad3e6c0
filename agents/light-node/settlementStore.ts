import {
  emptySettlementView,
  type RollupView,
  type SettledBatch,
  type SettlementView,
} from "../kit/epoch/settlementView.ts";
import { fromHex, toHex, type Hex } from "../kit/hex.ts";
import type { Store } from "../kit/lmdb.ts";
import { fromJson, toJson } from "./bigintJson.ts";
import { KEPT_POSITIONS } from "./store.ts";

/** What replaying a settled batch needs, after the epoch that proved it. */
export type StoredBatch = Pick<SettledBatch, "batchIndex" | "dataPointer"> & {
  readonly epoch: number;
  readonly next: SettledBatch["statement"]["next"];
};

/**
 * The settlement contracts as execution has shown them, after each of the last epochs, and every settled batch, so that a
 * chain may be followed later than it began. Written before its epoch counts as verified: what is newer than the verified
 * epoch means nothing, and is written again.
 *
 *   settlementView     epoch u32 -> view
 *   settledBatch       rollup 20 | batch index u64 -> batch
 */
export function createSettlementStore(store: Store) {
  const views = store.table("settlementView");
  const batches = store.table("settledBatch");

  return {
    viewAfter(epoch: number): SettlementView {
      const bytes = views.getBinary(epochKey(epoch));
      if (!bytes) return emptySettlementView;
      const { settlement, rollups } = fromJson<{ settlement: bigint; rollups: RollupView[] }>(bytes);
      return { settlement, rollups: new Map(rollups.map((rollup) => [rollup.address, rollup])) };
    },

    write: (epoch: number, { settlement, rollups }: SettlementView, settled: readonly SettledBatch[]) =>
      store.commit(() => {
        views.putSync(epochKey(epoch), toJson({ settlement, rollups: [...rollups.values()] }));
        views.removeSync(epochKey(epoch - KEPT_POSITIONS));
        for (const { rollup, batchIndex, dataPointer, statement } of settled) {
          const { next } = statement;
          const record = { epoch, batchIndex, dataPointer: toHex(dataPointer), next };
          batches.putSync(batchKey(rollup, batchIndex), toJson(record));
        }
      }),

    /** The settled batches of `rollup` up to `epoch` that go beyond `block`, in order. */
    batchesBeyond(rollup: Hex, block: bigint, last: bigint): StoredBatch[] {
      const found: StoredBatch[] = [];
      // Newest first, and only as far back as is missing.
      for (let index = last; index > 0n; index--) {
        const bytes = batches.getBinary(batchKey(rollup, index));
        const batch = fromJson<Omit<StoredBatch, "dataPointer"> & { dataPointer: Hex }>(bytes!);
        if (batch.next.blockNumber <= block) break;
        found.unshift({ ...batch, dataPointer: fromHex(batch.dataPointer) });
      }
      return found;
    },
  };
}
export type SettlementStore = ReturnType<typeof createSettlementStore>;

function epochKey(epoch: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(Math.max(epoch, 0));
  return key;
}

function batchKey(rollup: Hex, index: bigint): Buffer {
  const key = Buffer.alloc(28);
  key.set(fromHex(rollup));
  key.writeBigUInt64BE(index, 20);
  return key;
}
