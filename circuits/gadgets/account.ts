/** Accounts without code as leaves of the state tree: their keys, values and leaf hashes. */
import { sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertFits, assertFitsWord } from "../builder/ranges.ts";
import type { U64, Wire, Word } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import { splitWord } from "../../protocol/field.ts";
import { NO_CODE } from "../../protocol/state/code.ts";
import { hashFields } from "./sponge.ts";

/** protocol/state/keys.ts `accountKey`. `address`: 160 bits. Cost: 73 gates. */
export const accountKeyOf = (b: Builder, address: Wire, name: string): Wire =>
  hashFields(b, Domain.ACCOUNT_KEY, [address], name);

export interface PlainAccount {
  readonly nonce: U64;
  readonly balance: Word;
}

/**
 * Proves: result = accountValueHash of the account with this nonce and balance and no code.
 * Sound because: the code fields are constants, so an account with code has no such hash.
 * Cost: 150 gates.
 */
export function plainAccountHash(b: Builder, { nonce, balance }: PlainAccount, name: string): Wire {
  assertFits(b, nonce, 64, name);
  assertFitsWord(b, balance, name);
  const codeHash = splitWord(NO_CODE.codeHash);
  const code = [codeHash.hi, codeHash.lo, NO_CODE.codeCommitment].map((value) => b.constant(value));
  return hashFields(b, Domain.ACCOUNT_VALUE, [nonce, balance.hi, balance.lo, ...code], name);
}

export interface LeafWires {
  readonly key: Wire;
  readonly nextKey: Wire;
  readonly nextIndex: Wire;
  readonly valueHash: Wire;
}

/** protocol/state/leaf.ts `leafHash`. Cost: 147 gates. */
export const leafHashOf = (b: Builder, leaf: LeafWires, name: string): Wire =>
  hashFields(b, Domain.LEAF, [leaf.key, leaf.nextKey, leaf.nextIndex, leaf.valueHash], name);

/** What a state root commits to. */
export interface StateWires {
  readonly root: Wire;
  readonly leafCount: Wire;
  readonly receiptsHead: Wire;
}

/** protocol/state/indexedTree.ts `stateRootOf`. Cost: 73 gates. */
export const stateRootOfWires = (
  b: Builder,
  { root, leafCount, receiptsHead }: StateWires,
  name: string,
): Wire => hashFields(b, Domain.STATE, [root, leafCount, receiptsHead], name);

/** Wires summed: the sender's address from the last 20 bytes of a digest. Cost: 7 gates. */
export const addressOfDigest = (b: Builder, digest: readonly Wire[], name: string): Wire =>
  sum(b, digest.slice(12).map((byte, i) => [1n << BigInt(8 * (19 - i)), byte] as const), 0n, name); // prettier-ignore
