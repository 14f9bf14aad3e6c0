/**
 * An amount added to an account, which is made if it does not exist.
 *
 * Proves: if `active` and amount > 0, the account of `key` has `amount` more than before; if it was in no leaf, it is now in
 *   leaf `leafCount` with nonce 0 and balance `amount`, linked into the list of keys. Otherwise the tree does not change.
 * Assumes: `keyWord` is the canonical split of `key`; the tree is an indexed tree with `leafCount` used leaves.
 * Enforces: `inserts` only if something is credited. Update: the leaf of `key`. Insertion: the low leaf's key below `key`, its next key
 *   above or 0; both leaves of the insertion.
 * Sound because: an indexed tree has for each key either its leaf or exactly one leaf that encloses it, so only one of the two
 *   ways has a proof. A balance of 2^256 has no hi half.
 * Cost: 910 gates and up to 2 replacements.
 */
import { add, isZero, mul, mux, sum } from "../builder/arithmetic.ts";
import { and, assertImplies, not } from "../builder/bool.ts";
import type { Builder } from "../builder/builder.ts";
import { witnessBool, witnessU64, witnessWord } from "../builder/ranges.ts";
import type { Bool, Wire, Word } from "../builder/wire.ts";
import { leafHashOf, plainAccountHash } from "./account.ts";
import { splitField } from "./canonicalField.ts";
import type { LeafReplacements } from "./leafReplacements.ts";
import { addWords, isLessWord } from "./word.ts";

/** What the prover knows of the leaf that is replaced: the account's own, or the low leaf of an insertion. */
export interface CreditHint {
  readonly inserts: boolean;
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
    const total = sum(b, [[1n, amount.hi], [1n, amount.lo]], 0n, "amount"); // prettier-ignore
    const used = and(b, active, not(b, isZero(b, total, "isNothing"), "isSomething"), "used");
    const inserts = witnessBool(b, "inserts", () => hint().inserts);
    assertImplies(b, inserts, used, "inserts.used");
    const nonce = witnessU64(b, "nonce", () => hint().nonce);
    const balance = witnessWord(b, "balance", () => hint().balance);
    assertNewIsEmpty(b, inserts, nonce, balance);
    const nextKey = b.witness("nextKey", () => hint().nextKey);
    const nextIndex = b.witness("nextIndex", () => hint().nextIndex);
    const lowKey = b.witness("lowKey", () => hint().lowKey);
    assertEnclosed(b, inserts, lowKey, keyWord, nextKey);

    const before = plainAccountHash(b, { nonce, balance }, "before");
    const after = plainAccountHash(b, { nonce, balance: addWords(b, balance, amount, "credited") }, "after");
    const lowValueHash = b.witness("lowValueHash", () => hint().lowValueHash);
    const ownKey = mux(b, inserts, lowKey, key, "replaced.key");
    const kept = mux(b, inserts, lowValueHash, before, "replaced.kept");
    tree.claim(b, {
      used,
      oldLeaf: leafHashOf(b, { key: ownKey, nextKey, nextIndex, valueHash: kept }, "replaced.old"),
      newLeaf: leafHashOf(b, {
        key: ownKey,
        nextKey: mux(b, inserts, key, nextKey, "replaced.nextKey"),
        nextIndex: mux(b, inserts, leafCount, nextIndex, "replaced.nextIndex"),
        valueHash: mux(b, inserts, lowValueHash, after, "replaced.value"),
      }, "replaced.new"), // prettier-ignore
    }, "replaced"); // prettier-ignore
    const added = leafHashOf(b, { key, nextKey, nextIndex, valueHash: after }, "added.leaf");
    tree.claim(b, { used: inserts, oldLeaf: b.zero, newLeaf: added, index: leafCount }, "added");
    return add(b, leafCount, inserts, "leafCount");
  });
}

/** A new account had nonce 0 and balance 0; the sum of three integers below 2^128 is 0 only if all are. */
function assertNewIsEmpty(b: Builder, inserts: Bool, nonce: Wire, balance: Word): void {
  const content = sum(b, [[1n, nonce], [1n, balance.hi], [1n, balance.lo]], 0n, "content"); // prettier-ignore
  b.assertZero([[1n, inserts, content]], [], 0n, "inserts.fromNothing");
}

/** If `inserts`: lowKey < key, and key < nextKey unless nextKey is 0. */
function assertEnclosed(b: Builder, inserts: Bool, lowKey: Wire, key: Word, nextKey: Wire): void {
  const isAbove = isLessWord(b, splitField(b, lowKey, "low"), key, "low.isBelow");
  assertImplies(b, inserts, isAbove, "inserts.aboveLow");
  const isLast = isZero(b, nextKey, "next.isNone");
  const isBelow = isLessWord(b, key, splitField(b, nextKey, "next"), "next.isAbove");
  const enclosed = sum(b, [[1n, isLast], [1n, isBelow]], 0n, "enclosed"); // prettier-ignore
  // nextKey 0 is above no key, so at most one of the two holds.
  const open = mul(b, inserts, enclosed, "enclosed.inserts");
  b.assertZero([], [[1n, open], [-1n, inserts]], 0n, "inserts.belowNext"); // prettier-ignore
}
