/**
 * Wei move from one account to another.
 *
 * Proves: where `happens` is 1, at two times in a row the first account's balance is less by `value`, the second's more.
 * Assumes: `from` and `to` are the accounts' numbers where it happens.
 * Enforces: both differences over the integers, below 2^256; the new balances are the asserted words.
 * Sound because: the bus sees the second access after the first, so an account that pays itself ends where it began.
 * Cost: 100 gates.
 */
import { mul } from "../../../builder/arithmetic.ts";
import type { Builder } from "../../../builder/builder.ts";
import { promiseBits } from "../../../builder/ranges.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { addWords, subtractWords } from "../../../gadgets/word.ts";
import type { Facts } from "../facts/facts.ts";
import { cellOfAccount } from "../state/accounts.ts";
import { type StateBus, timeOf } from "../state/stateBus.ts";

export interface Transfer {
  readonly t: Wire;
  /** Of the payer's access; the payee's is the next. */
  readonly sub: number;
  readonly from: Wire;
  readonly to: Wire;
  readonly value: Word;
  readonly happens: Bool;
}

export interface Ledger {
  readonly facts: Facts;
  readonly state: StateBus;
}

export function transfer(b: Builder, ledger: Ledger, move: Transfer, name: string): void {
  b.scope(name, () => {
    const { t, sub, from, to, happens } = move;
    const value = wordIf(b, happens, move.value, "moved");
    changeBalance(b, ledger, { time: timeOf(b, t, sub, "from.time"), account: from, happens }, (old) => subtractWords(b, old, [value], "from.after"), "from"); // prettier-ignore
    changeBalance(b, ledger, { time: timeOf(b, t, sub + 1, "to.time"), account: to, happens }, (old) => addWords(b, old, value, "to.after"), "to"); // prettier-ignore
  });
}

/** Where `happens` is 1, the balance becomes `next` of what it was. `next` must take 0 where it is 0. */
export function changeBalance(
  b: Builder,
  { facts, state }: Ledger,
  { time, account, happens }: { readonly time: Wire; readonly account: Wire; readonly happens: Bool },
  next: (old: Word) => Word,
  name: string,
): void {
  const before = state.foretell(time, `${name}.before`, happens);
  const after = state.foretellAfter(time, `${name}.now`, happens);
  state.change(time, cellOfAccount(b, account, "balance", `${name}.cell`), "chain", { before, after }, name, happens); // prettier-ignore
  facts.assertWord(after, next(facts.word(before, `${name}.old`)), `${name}.new`);
}

/** The word where `condition` is 1, else 0. Cost: 2 gates. */
export const wordIf = (b: Builder, condition: Bool, { hi, lo }: Word, name: string): Word => ({
  hi: promiseBits(b, mul(b, condition, hi, `${name}.hi`), 128, `${name}.hi`),
  lo: promiseBits(b, mul(b, condition, lo, `${name}.lo`), 128, `${name}.lo`),
});
