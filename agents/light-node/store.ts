import type { BlockRef } from "../kit/bitcoin/chainCursor.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import type { Store } from "../kit/lmdb.ts";
import type { RefusalKind } from "./refusals.ts";

/** Where the node stands after a Bitcoin block: the seal that is unspent, the epochs verified. */
export interface Position {
  readonly block: BlockRef;
  readonly seal: Outpoint;
  readonly epoch: number;
}

/** How far it has come in the block on top of its position, when a later inscription in it could not be checked yet. */
export interface Partial extends Position {
  /** `block` is the block it is in. */
  readonly block: BlockRef;
}

/** A verified epoch, as served. Roots and hashes are hex. */
export interface EpochRecord {
  readonly epoch: number;
  readonly verifiedAt: string;
  readonly txid: string;
  readonly bitcoin: BlockRef;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly stateRoot: string;
  readonly dataHash: string;
  readonly batchCount: number;
}

/** Why the node stands, or the last inscription it skipped. */
export interface RefusalRecord {
  readonly kind: RefusalKind;
  readonly code: string;
  /** The values of the refusal as text. */
  readonly values: Readonly<Record<string, string>>;
  readonly txid: string;
  readonly bitcoin: BlockRef;
  readonly at: string;
}

/** Blocks for which positions are kept: a deeper reorganisation means starting again from genesis. */
export const KEPT_POSITIONS = 4032; // four weeks; the longest reorganisation Bitcoin has seen since 2010 had 53 blocks

/**
 * What the light node holds true, in one LMDB store. Every change of the position is one transaction: it is on the disk, or
 * it never happened. Deleting the folder starts again from genesis.
 */
export function createLightStore(store: Store, genesis: Position) {
  const positions = store.table("positions");
  const epochs = store.table("epochs");
  const meta = store.table("meta");

  const read = <T>(bytes: Uint8Array | undefined): T | undefined =>
    bytes ? (JSON.parse(Buffer.from(bytes).toString()) as T) : undefined;
  const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

  const positionAt = (height: number): Position | undefined =>
    height === genesis.block.height ? genesis : read<Position>(positions.getBinary(key(height)));

  function last(): Position {
    for (const { value } of positions.getRange({ reverse: true, limit: 1 })) return read<Position>(value)!;
    return genesis;
  }

  /** Drops what is above, in a transaction of the caller's. */
  function dropAbove({ block, epoch }: Position): void {
    for (const height of [...positions.getKeys({ start: key(block.height + 1) })])
      positions.removeSync(height as Buffer);
    for (const number of [...epochs.getKeys({ start: key(epoch + 1) })]) epochs.removeSync(number);
    meta.removeSync(PARTIAL);
  }

  return {
    position: last,
    hashAt: (height: number) => positionAt(height)?.block.hash,
    positionAt,
    partial: () => read<Partial>(meta.getBinary(PARTIAL)),
    refusal: () => read<RefusalRecord>(meta.getBinary(REFUSAL)),
    epoch: (number: number) => read<EpochRecord>(epochs.getBinary(key(number))),
    epochs: (): EpochRecord[] => [...epochs.getRange({})].map(({ value }) => read<EpochRecord>(value)!),

    /** Moves on; old positions beyond `KEPT_POSITIONS` go. */
    advance: (moved: readonly Position[]) =>
      store.commit(() => {
        for (const position of moved) {
          positions.putSync(key(position.block.height), write(position));
          positions.removeSync(key(position.block.height - KEPT_POSITIONS));
        }
        meta.removeSync(PARTIAL);
      }),
    /** The epoch holds: from here on it is served as verified. */
    verified: (partial: Partial, record: EpochRecord) =>
      store.commit(() => {
        epochs.putSync(key(record.epoch), write(record));
        meta.putSync(PARTIAL, write(partial));
        meta.removeSync(REFUSAL);
      }),
    /** An inscription was refused; a false one moves the seal all the same. */
    refused: (record: RefusalRecord, moved: Partial | undefined) =>
      store.commit(() => {
        meta.putSync(REFUSAL, write(record));
        if (moved) meta.putSync(PARTIAL, write(moved));
      }),
    rollback: (to: Position) => store.commit(() => dropAbove(to)),
  };
}
export type LightStore = ReturnType<typeof createLightStore>;

const PARTIAL = Buffer.from("partial");
const REFUSAL = Buffer.from("refusal");

function key(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.max(number, 0));
  return bytes;
}
