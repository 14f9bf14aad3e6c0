/** A leaf of the indexed Merkle tree: one entry of a linked list of all keys in ascending order. */
import { ByteReader, ByteWriter } from "../bytes.ts";
import { Domain } from "../domains.ts";
import type { Field } from "../field.ts";
import { bytesToField, FIELD_BYTES, fieldToBytes } from "../field.ts";
import { hash } from "../hash.ts";

export type Leaf = {
  readonly key: Field;
  /** The least greater key; 0 when there is none. */
  readonly nextKey: Field;
  /** Where the leaf of `nextKey` is; 0 when there is none. */
  readonly nextIndex: number;
  readonly valueHash: Field;
};

/** Leaf 0 of every tree: less than every key. */
export const SENTINEL: Leaf = { key: 0n, nextKey: 0n, nextIndex: 0, valueHash: 0n };

export const leafFields = (leaf: Leaf): Field[] => [
  leaf.key,
  leaf.nextKey,
  BigInt(leaf.nextIndex),
  leaf.valueHash,
];

export const leafHash = (leaf: Leaf): Field => hash(Domain.LEAF, leafFields(leaf));

/** Does the leaf show that `key` is in no leaf, being between it and the next one? */
export const isLowLeafOf = (leaf: Leaf, key: Field): boolean =>
  leaf.key < key && (leaf.nextKey === 0n || key < leaf.nextKey);

/** The leaf of a new key whose low leaf is `low`, as it was before it was linked to the new one. */
export const newLeafAfter = (low: Leaf, key: Field, valueHash: Field): Leaf => ({
  key,
  nextKey: low.nextKey,
  nextIndex: low.nextIndex,
  valueHash,
});

/** Layout, big endian: key 32 | nextKey 32 | nextIndex u32 | valueHash 32 */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  const writer = new ByteWriter().bytes(fieldToBytes(leaf.key)).bytes(fieldToBytes(leaf.nextKey));
  return writer.u32(leaf.nextIndex).bytes(fieldToBytes(leaf.valueHash)).finish();
}

/** Throws `BYTES_TRUNCATED`, `BYTES_TRAILING`, `FIELD_OUT_OF_RANGE`. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  const reader = new ByteReader(bytes);
  const leaf = readLeaf(reader);
  reader.end();
  return leaf;
}

export const readLeaf = (reader: ByteReader): Leaf => ({
  key: bytesToField(reader.bytes(FIELD_BYTES)),
  nextKey: bytesToField(reader.bytes(FIELD_BYTES)),
  nextIndex: reader.u32(),
  valueHash: bytesToField(reader.bytes(FIELD_BYTES)),
});
