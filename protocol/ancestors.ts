/**
 * Blocks before a range whose hashes its code may ask for (BLOCKHASH). A block's hash is a hash of its parent's and of its bytes'
 * (block.ts), so the oldest hash and the digests of the blocks after it make all hashes up to the range, and the last must be known.
 */
import { Domain } from "./domains.ts";
import { StackError } from "./errors.ts";
import { type Field, fieldToHex } from "./field.ts";
import { hash } from "./hash.ts";

/** BLOCKHASH knows the 256 blocks before its own; the one before the range needs no digest. */
export const MAX_ANCESTORS = 255;

export type Ancestors = {
  /** Hash of the oldest block that can be asked for. */
  readonly oldest: Field;
  /** `hashBytes` of each block after it, the last of them the one before the range. None: `oldest` is that block's hash. */
  readonly digests: readonly Field[];
};

/** What a block's hash is a hash of. */
export type OpenedHash = { readonly parentHash: Field; readonly digest: Field };

export type AncestorsError =
  | { code: "ANCESTORS_TOO_MANY"; count: number; limit: number }
  | { code: "ANCESTORS_MISMATCH"; expected: string; actual: string };

/** The block before the range is all there is. */
export const noAncestors = (dataHash: Field): Ancestors => ({ oldest: dataHash, digests: [] });

/**
 * The hashes, oldest first; the last is `dataHash`, that of the block before the range.
 * Throws ANCESTORS_MISMATCH if they do not lead there, ANCESTORS_TOO_MANY.
 */
export function ancestorHashes({ oldest, digests }: Ancestors, dataHash: Field): Field[] {
  if (digests.length > MAX_ANCESTORS)
    throw new StackError<AncestorsError>(
      { code: "ANCESTORS_TOO_MANY", count: digests.length, limit: MAX_ANCESTORS },
      "fatal",
    );
  const hashes = [oldest];
  for (const digest of digests) hashes.push(hash(Domain.BLOCK, [hashes.at(-1)!, digest]));
  const actual = hashes.at(-1)!;
  if (actual !== dataHash)
    throw new StackError<AncestorsError>(
      { code: "ANCESTORS_MISMATCH", expected: fieldToHex(dataHash), actual: fieldToHex(actual) },
      "fatal",
    );
  return hashes;
}

/** Newest first: what the hash of the block before the range is made of, then of its parent, and so on. Throws as `ancestorHashes`. */
export function openAncestors(ancestors: Ancestors, dataHash: Field): OpenedHash[] {
  const hashes = ancestorHashes(ancestors, dataHash);
  return ancestors.digests.map((digest, i) => ({ parentHash: hashes[i]!, digest })).reverse();
}
