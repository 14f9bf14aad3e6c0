/** Changes of balances, natively as circuits/programs/evm/frames/transfer.ts proves them. */
import type { FactBook } from "../factBook.ts";
import type { StatePlan, When } from "../state/statePlan.ts";

export interface Books {
  readonly book: FactBook;
  readonly state: StatePlan;
}

export interface Move extends When {
  readonly from: number;
  readonly to: number;
  readonly value: bigint;
}

/** Two accesses, at `sub` and the next. */
export function moveBalance(books: Books, { t, sub, from, to, value }: Move): void {
  addToBalance(books, { t, sub }, from, -value);
  addToBalance(books, { t, sub: sub + 1 }, to, value);
}

export function addToBalance({ book, state }: Books, when: When, account: number, delta: bigint): void {
  const before = book.value(state.peekAccount(account, "balance"));
  state.setAccount(when, account, "balance", book.literal(before + delta));
}
