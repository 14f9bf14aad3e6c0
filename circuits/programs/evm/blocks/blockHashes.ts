/**
 * The chain's block hashes around a chunk: its own blocks', and its ancestors' as far back as the prover opens them.
 *
 * Proves: each `available` entry is the hash of the block of that number in the chain that ends with the chunk's last block.
 * Assumes: `previous.dataHash` is the hash of block `previous.blockNumber` (the statement's); digests are `hashBytes` of the
 *   chunk's blocks where those are active.
 * Enforces: hash = hash(BLOCK, [parent, digest]) for each ancestor opened, backwards from `previous`, without gaps and not before
 *   the genesis block; the same forwards.
 * Sound because: the hash binds the parent. Which ancestors are opened is free: one that is not has no entry, so what needs it
 *   has no proof.
 * Cost: 82 gates an ancestor, 76 a block.
 */
import { assertEqualIf, combine, mux, sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder } from "../../../builder/builder.ts";
import { assertBits, witnessBool } from "../../../builder/ranges.ts";
import type { Bool, U64, Wire } from "../../../builder/wire.ts";
import { hashFields } from "../../../gadgets/sponge.ts";
import { Domain } from "../../../../protocol/domains.ts";
import type { ChainWires } from "../chainStatement.ts";
import type { BlockWires } from "./blocks.ts";

/** What an ancestor's hash is a hash of. */
export interface AncestorHint {
  readonly parentHash: bigint;
  /** hashBytes of the block. */
  readonly digest: bigint;
}

export interface BlockHashEntry {
  readonly available: Bool;
  /** 0 where not available in an ancestor; of the last active block in an unused block. */
  readonly number: U64;
  readonly hash: Wire;
}

export interface BlockHashes {
  /**
   * Ascending: `ancestors` before the previous block, the previous block, the chunk's blocks. Entry e is of block
   * previous.blockNumber - ancestors + e if available.
   */
  readonly entries: readonly BlockHashEntry[];
  /** The hash of the last active block. */
  readonly dataHash: Wire;
}

/** `digests[i]`: hashBytes of block i. `hint(k)`: of the block k before the previous one, from 0. */
export function chainHashes(
  b: Builder,
  chain: ChainWires,
  blocks: readonly BlockWires[],
  digests: readonly Wire[],
  ancestors: { readonly capacity: number; readonly hint: (k: number) => AncestorHint | undefined },
): BlockHashes {
  return b.scope("blockHashes", () => {
    const { blockNumber, dataHash } = chain.previous;
    const before = openAncestors(b, chain, ancestors.capacity, ancestors.hint);
    const entries = [...before, { available: b.one, number: blockNumber, hash: dataHash }];
    let parent = dataHash;
    blocks.forEach(({ active, number }, i) => {
      const hash = hashFields(b, Domain.BLOCK, [parent, digests[i]!], `hash[${i}]`);
      parent = mux(b, active, hash, parent, `tip[${i}]`);
      entries.push({ available: active, number, hash: parent });
    });
    return { entries, dataHash: parent };
  });
}

/** Oldest first. Step k opens the hash of the block k before the previous one and so shows the hash of the one before. */
function openAncestors(
  b: Builder,
  { previous }: ChainWires,
  capacity: number,
  hint: (k: number) => AncestorHint | undefined,
): BlockHashEntry[] {
  const entries: BlockHashEntry[] = [];
  let newer: { available: Bool; hash: Wire } = { available: b.one, hash: previous.dataHash };
  for (let k = 0; k < capacity; k++) {
    newer = b.scope(`ancestor[${k}]`, () => {
      const available = witnessBool(b, "available", () => hint(k) !== undefined);
      assertImplies(b, available, newer.available, "available.prefix");
      const parent = b.witness("parent", () => hint(k)?.parentHash ?? 0n);
      const digest = b.witness("digest", () => hint(k)?.digest ?? 0n);
      const hash = hashFields(b, Domain.BLOCK, [parent, digest], "hash");
      assertEqualIf(b, available, hash, newer.hash, "opens");
      const back = sum(b, [[1n, previous.blockNumber]], -BigInt(k + 1), "back");
      const number = assertBits(b, combine(b, [[1n, available, back]], [], 0n, "number"), 64, "number");
      entries.unshift({ available, number, hash: parent });
      return { available, hash: parent };
    });
  }
  return entries;
}
