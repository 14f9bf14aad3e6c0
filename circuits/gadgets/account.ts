/** Accounts as leaves of the state tree: their keys, values and leaf hashes. */
import { sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertFits, assertFitsWord } from "../builder/ranges.ts";
import type { U64, Wire, Word } from "../builder/wire.ts";
import { Domain } from "../../protocol/domains.ts";
import { hashFields } from "./sponge.ts";

/** protocol/state/keys.ts `accountKey`. `address`: 160 bits. Cost: 73 gates. */
export const accountKeyOf = (b: Builder, address: Wire, name: string): Wire =>
  hashFields(b, Domain.ACCOUNT_KEY, [address], name);

export interface AccountWires {
  readonly nonce: U64;
  readonly balance: Word;
  /** Bytes. */
  readonly codeSize: Wire;
  readonly codeHash: Word;
  readonly codeCommitment: Wire;
}

/** protocol/state/account.ts `accountValueHash`. Assumes `codeSize` below 2^32. Cost: 150 gates. */
export function accountValueOf(b: Builder, account: AccountWires, name: string): Wire {
  const { nonce, balance, codeSize, codeHash, codeCommitment } = account;
  assertFits(b, nonce, 64, name);
  for (const word of [balance, codeHash]) assertFitsWord(b, word, name);
  const first = sum(b, [[1n, nonce], [1n << 64n, codeSize]], 0n, `${name}.first`); // prettier-ignore
  const rest = [balance.hi, balance.lo, codeHash.hi, codeHash.lo, codeCommitment];
  return hashFields(b, Domain.ACCOUNT_VALUE, [first, ...rest], name);
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
