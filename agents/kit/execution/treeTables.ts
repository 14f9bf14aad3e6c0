import { bytesToField, fieldToBytes, type Field } from "../../../protocol/field.ts";
import { decodeLeaf, encodeLeaf, type Leaf } from "../../../protocol/state/leaf.ts";
import { OrderedIndex } from "../../../protocol/state/orderedIndex.ts";
import type { NodeHash, TreeStore } from "../../../protocol/state/treeStore.ts";
import { bigIntToBytes } from "../hex.ts";
import type { Store, Table } from "../lmdb.ts";
import { blockKey, VersionedTable } from "./versionedTable.ts";

type Writes = Map<string, Uint8Array>;

/**
 * The state tree on the disk, at every block.
 *
 *   leaf         index u32 -> leaf (protocol/state/leaf.ts), versioned
 *   node         level u8 | index u32 -> 32 bytes, versioned
 *   leafByKey    key 32 -> index u32; a leaf keeps its key for ever, so that only a rollback removes one
 *   leafCount    block u64 -> u32
 */
export class TreeTables {
  readonly #leaves: VersionedTable;
  readonly #nodes: VersionedTable;
  readonly #leafByKey: Table;
  readonly #leafCounts: Table;

  constructor(store: Store) {
    this.#leaves = new VersionedTable(store, "leaf", 4);
    this.#nodes = new VersionedTable(store, "node", 5);
    this.#leafByKey = store.table("leafByKey");
    this.#leafCounts = store.table("leafCount");
  }

  /** The tree after block `block`, to be changed in memory. Undefined: an empty one. Assumes `block` is the last. */
  draft(block: bigint | undefined): TreeDraft {
    return new TreeDraft(block === undefined ? undefined : this.#view(block, (table, key) => table.get(key)));
  }

  /** The tree after block `block`, for reading. */
  at(block: bigint): TreeDraft {
    return new TreeDraft(this.#view(block, (table, key) => table.getAt(key, block)));
  }

  /** Inside `Store.commit`. */
  write(block: bigint, draft: TreeDraft): void {
    this.#leaves.write(block, draft.leafWrites());
    this.#nodes.write(block, draft.nodeWrites());
    for (const [key, index] of draft.newKeys())
      this.#leafByKey.putSync(fieldToBytes(key), Buffer.from(indexBytes(index)));
    this.#leafCounts.putSync(blockKey(block), Buffer.from(indexBytes(draft.getLeafCount())));
  }

  /** Inside `Store.commit`. Assumes `block` is the last, and not the first. */
  undo(block: bigint): void {
    const [before, after] = [this.#leafCount(block - 1n), this.#leafCount(block)];
    for (let index = before; index < after; index++) {
      const leaf = this.#leaves.get(indexBytes(index));
      if (leaf) this.#leafByKey.removeSync(fieldToBytes(decodeLeaf(leaf).key));
    }
    this.#leaves.undo(block);
    this.#nodes.undo(block);
    this.#leafCounts.removeSync(blockKey(block));
  }

  #leafCount(block: bigint): number {
    return this.#leafCounts.getBinary(blockKey(block))?.readUInt32BE() ?? 0;
  }

  #view(block: bigint, read: (table: VersionedTable, key: Uint8Array) => Uint8Array | undefined): TreeView {
    const leafCount = this.#leafCount(block);
    return {
      leafCount,
      leaf: (index) => {
        const bytes = read(this.#leaves, indexBytes(index));
        return bytes && decodeLeaf(bytes);
      },
      node: (level, index) => read(this.#nodes, nodeKey(level, index)),
      low: (key) => this.#low(key, leafCount),
    };
  }

  /** The greatest key not above `key` among the first `leafCount` leaves: leaves of later blocks are passed over. */
  #low(key: Field, leafCount: number): LowLeaf | undefined {
    const range = { start: fieldToBytes(key), reverse: true };
    for (const { key: found, value } of this.#leafByKey.getRange(range)) {
      const index = value.readUInt32BE();
      if (index < leafCount) return { key: bytesToField(new Uint8Array(found as Uint8Array)), index };
    }
    return undefined;
  }
}

type LowLeaf = { readonly key: Field; readonly index: number };

interface TreeView {
  readonly leafCount: number;
  leaf(index: number): Leaf | undefined;
  node(level: number, index: number): NodeHash | undefined;
  low(key: Field): LowLeaf | undefined;
}

/** A tree on the disk with changes that are in memory until `TreeTables.write`. */
export class TreeDraft implements TreeStore {
  readonly #view: TreeView | undefined;
  readonly #leaves = new Map<number, Leaf>();
  readonly #nodes: Writes = new Map();
  readonly #keys = new OrderedIndex();
  readonly #newKeys = new Map<Field, number>();
  #leafCount: number;

  constructor(view: TreeView | undefined) {
    this.#view = view;
    this.#leafCount = view?.leafCount ?? 0;
  }

  getLeafCount = (): number => this.#leafCount;
  setLeafCount = (count: number): void => void (this.#leafCount = count);
  getLeaf = (index: number): Leaf | undefined => this.#leaves.get(index) ?? this.#view?.leaf(index);

  setLeaf(index: number, leaf: Leaf): void {
    if (index >= (this.#view?.leafCount ?? 0) && !this.#newKeys.has(leaf.key)) {
      this.#keys.insert(leaf.key, index);
      this.#newKeys.set(leaf.key, index);
    }
    this.#leaves.set(index, leaf);
  }

  findLow(key: Field): number | undefined {
    const added = this.#keys.floor(key);
    const stored = this.#view?.low(key);
    if (added === undefined) return stored?.index;
    return stored && stored.key > (this.#leaves.get(added)?.key ?? 0n) ? stored.index : added;
  }

  getNode = (level: number, index: number): NodeHash | undefined =>
    this.#nodes.get(nodeText(level, index)) ?? this.#view?.node(level, index);

  setNode = (level: number, index: number, hash: NodeHash): void =>
    void this.#nodes.set(nodeText(level, index), hash.slice());

  leafWrites(): Writes {
    return new Map([...this.#leaves].map(([index, leaf]) => [hex(indexBytes(index)), encodeLeaf(leaf)]));
  }

  nodeWrites(): Writes {
    return this.#nodes;
  }

  newKeys(): Iterable<[Field, number]> {
    return this.#newKeys;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const indexBytes = (index: number): Uint8Array => bigIntToBytes(BigInt(index), 4);

function nodeKey(level: number, index: number): Buffer {
  const key = Buffer.alloc(5);
  key.writeUInt8(level);
  key.writeUInt32BE(index, 1);
  return key;
}

const nodeText = (level: number, index: number): string => nodeKey(level, index).toString("hex");
