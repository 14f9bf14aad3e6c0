import { decodeTip, encodeTip } from "../../protocol/tip.ts";
import { openStore } from "../kit/lmdb.ts";
import type { Batch } from "./batch.ts";

/** Batches by first block. It is a cache of work: without it blocks are cut, published and proven anew. */
export interface BatchJournal {
  all(): Batch[];
  /** Resolves when the batch is on the disk. */
  put(batch: Batch): Promise<void>;
  drop(batch: Batch): Promise<void>;
  close(): Promise<void>;
}

export function openBatchJournal(path: string): BatchJournal {
  const store = openStore(path);
  const table = store.table("batches");
  return {
    all: () => Array.from(table.getRange(), ({ value }) => decode(value)),
    put: (batch) => store.commit(() => void table.putSync(keyOf(batch), encode(batch))),
    drop: (batch) => store.commit(() => void table.removeSync(keyOf(batch))),
    close: () => store.close(),
  };
}

function keyOf({ firstBlock }: Batch): Buffer {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt(firstBlock));
  return key;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const encode = (batch: Batch): Buffer =>
  Buffer.from(
    JSON.stringify({ ...batch, prev: hex(encodeTip(batch.prev)), next: hex(encodeTip(batch.next)) }),
  );

function decode(bytes: Uint8Array): Batch {
  const batch = JSON.parse(Buffer.from(bytes).toString());
  const tip = (text: string) => decodeTip(Buffer.from(text, "hex"));
  return { ...batch, prev: tip(batch.prev), next: tip(batch.next) };
}
