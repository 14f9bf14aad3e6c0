/**
 * An amount added to an account without code, which is made if it does not exist.
 *
 * Proves: if `active`, the account of `key` has no code and has `amount` more than before; if it was in no leaf, an amount
 *   above 0 is now in leaf `leafCount` with nonce 0, linked into the list of keys, and an amount of 0 makes nothing
 *   (EIP-161). If not `active`, the tree does not change.
 * Assumes: `keyWord` is the canonical split of `key`; the tree is an indexed tree with `leafCount` used leaves.
 * Enforces: `isAbsent` only if active. Present: the leaf of `key`. Absent: the low leaf, its key below `key`, its next key above
 *   or 0; it is linked, and the new leaf made, if something is credited; else it is replaced by itself.
 * Sound because: an indexed tree has for each key either its leaf or exactly one leaf that encloses it, so only one of the two
 *   ways has a proof; a credit of nothing opens a leaf as well, so an account with code has no way. A balance of 2^256
 *   has no hi half.
 * Cost: 910 gates, 1 replacement, 2 if it makes the account.
 */
import { add, isZero, mul, mux, sum } from "../builder/arithmetic.ts";
import { and, assertImplies, not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { assertFitsWord, witnessBool, witnessU64, witnessWord } from "../builder/ranges.ts";
import type { Bool, Wire, Word } from "../builder/wire.ts";
import { leafHashOf, plainAccountHash } from "./account.ts";
import { splitField } from "./canonicalField.ts";
import type { LeafReplacements } from "./leafReplacements.ts";
import { addWords, isLessWord } from "./word.ts";

/** What the prover knows of the leaf that is replaced: the account's own, or the low leaf that shows its absence. */
export interface CreditHint {
  readonly isAbsent: boolean;
  readonly lowKey: bigint;
  readonly lowValueHash: bigint;
  readonly nextKey: bigint;
  readonly nextIndex: bigint;
  readonly nonce: bigint;
  readonly balance: bigint;
}

export interface Credit {
  readonly active: Bool;
  readonly key: Wire;
  readonly keyWord: Word;
  readonly amount: Word;
}

/** Returns the leaf count after. */
export function creditAccount(
  b: Builder,
  tree: LeafReplacements,
  leafCount: Wire,
  { active, key, keyWord, amount }: Credit,
  hint: () => CreditHint,
  name: string,
): Wire {
  return b.scope(name, () => {
    assertFitsWord(b, amount, "amount");
    const total = sum(b, [[1n, amount.hi], [1n, amount.lo]], 0n, "amount"); // prettier-ignore
    const isSomething = not(b, isZero(b, total, "isNothing"), "isSomething");
    const isAbsent = witnessBool(b, "isAbsent", () => hint().isAbsent);
    assertImplies(b, isAbsent, active, "isAbsent.active");
    const inserts = and(b, isAbsent, isSomething, "inserts");
    const nonce = witnessU64(b, "nonce", () => hint().nonce);
    const balance = witnessWord(b, "balance", () => hint().balance);
    assertAbsentIsEmpty(b, isAbsent, nonce, balance);
    const nextKey = b.witness("nextKey", () => hint().nextKey);
    const nextIndex = b.witness("nextIndex", () => hint().nextIndex);
    const lowKey = b.witness("lowKey", () => hint().lowKey);
    assertEnclosed(b, isAbsent, lowKey, keyWord, nextKey);

    const before = plainAccountHash(b, { nonce, balance }, "before");
    const after = plainAccountHash(b, { nonce, balance: addWords(b, balance, amount, "credited") }, "after");
    const lowValueHash = b.witness("lowValueHash", () => hint().lowValueHash);
    const ownKey = mux(b, isAbsent, lowKey, key, "replaced.key");
    const kept = mux(b, isAbsent, lowValueHash, before, "replaced.kept");
    tree.claim(b, {
      used: active,
      oldLeaf: leafHashOf(b, { key: ownKey, nextKey, nextIndex, valueHash: kept }, "replaced.old"),
      newLeaf: leafHashOf(b, {
        key: ownKey,
        nextKey: mux(b, inserts, key, nextKey, "replaced.nextKey"),
        nextIndex: mux(b, inserts, leafCount, nextIndex, "replaced.nextIndex"),
        valueHash: mux(b, isAbsent, lowValueHash, after, "replaced.value"),
      }, "replaced.new"), // prettier-ignore
    }, "replaced"); // prettier-ignore
    const added = leafHashOf(b, { key, nextKey, nextIndex, valueHash: after }, "added.leaf");
    tree.claim(b, { used: inserts, oldLeaf: b.zero, newLeaf: added, index: leafCount }, "added");
    return add(b, leafCount, inserts, "leafCount");
  });
}

/** An account that is not there has nonce 0 and balance 0; the sum of three integers below 2^128 is 0 only if all are. */
function assertAbsentIsEmpty(b: Builder, isAbsent: Bool, nonce: Wire, balance: Word): void {
  const content = sum(b, [[1n, nonce], [1n, balance.hi], [1n, balance.lo]], 0n, "content"); // prettier-ignore
  b.assertZero([[1n, isAbsent, content]], [], 0n, "isAbsent.isEmpty");
}

/** If `isAbsent`: lowKey < key, and key < nextKey unless nextKey is 0. */
function assertEnclosed(b: Builder, isAbsent: Bool, lowKey: Wire, key: Word, nextKey: Wire): void {
  const isAbove = isLessWord(b, splitField(b, lowKey, "low"), key, "low.isBelow");
  assertImplies(b, isAbsent, isAbove, "isAbsent.aboveLow");
  const isLast = isZero(b, nextKey, "next.isNone");
  const isBelow = isLessWord(b, key, splitField(b, nextKey, "next"), "next.isAbove");
  const enclosed = sum(b, [[1n, isLast], [1n, isBelow]], 0n, "enclosed"); // prettier-ignore
  // nextKey 0 is above no key, so at most one of the two holds.
  const open = mul(b, isAbsent, enclosed, "enclosed.isAbsent");
  b.assertZero([], [[1n, open], [-1n, isAbsent]], 0n, "isAbsent.belowNext"); // prettier-ignore
}
