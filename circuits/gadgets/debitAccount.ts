/**
 * An existing account without code pays and its nonce goes up by one.
 *
 * Proves: if `active`, the account of `key` had this nonce, at least `required` on its balance, and now has nonce + 1 and
 *   `paid` less.
 * Assumes: the tree is an indexed tree; paid <= required.
 * Enforces: required <= balance over the integers, nonce + 1 < 2^64, the leaf's replacement.
 * Sound because: `subtractWords` has no result below zero; the leaf hash fixes key, nonce, balance and the absence of code.
 * Cost: 650 gates and 1 replacement.
 */
import { sum } from "../builder/arithmetic.ts";
import type { Builder } from "../builder/builder.ts";
import { assertBits, assertFits, witnessWord } from "../builder/ranges.ts";
import type { Bool, U64, Wire, Word } from "../builder/wire.ts";
import { leafHashOf, plainAccountHash } from "./account.ts";
import type { LeafReplacements } from "./leafReplacements.ts";
import { subtractWords } from "./word.ts";

export interface DebitHint {
  readonly balance: bigint;
  readonly nextKey: bigint;
  readonly nextIndex: bigint;
}

export interface Debit {
  readonly active: Bool;
  readonly key: Wire;
  readonly nonce: U64;
  /** What the balance must cover, a sum. */
  readonly required: readonly Word[];
  /** What is taken from it, a sum. */
  readonly paid: readonly Word[];
}

export function debitAccount(
  b: Builder,
  tree: LeafReplacements,
  debit: Debit,
  hint: () => DebitHint,
  name: string,
): void {
  b.scope(name, () => {
    const { active, key, nonce, required, paid } = debit;
    const balance = witnessWord(b, "balance", () => hint().balance);
    subtractWords(b, balance, required, "covers");
    const rest = subtractWords(b, balance, paid, "rest");
    assertFits(b, nonce, 64, "nonce");
    const nextNonce = assertBits(b, sum(b, [[1n, nonce]], 1n, "nextNonce"), 64, "nextNonce");
    const nextKey = b.witness("nextKey", () => hint().nextKey);
    const nextIndex = b.witness("nextIndex", () => hint().nextIndex);
    const before = plainAccountHash(b, { nonce, balance }, "before");
    const after = plainAccountHash(b, { nonce: nextNonce, balance: rest }, "after");
    const oldLeaf = leafHashOf(b, { key, nextKey, nextIndex, valueHash: before }, "old");
    const newLeaf = leafHashOf(b, { key, nextKey, nextIndex, valueHash: after }, "new");
    tree.claim(b, { used: active, oldLeaf, newLeaf }, "leaf");
  });
}
