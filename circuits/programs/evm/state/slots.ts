/**
 * The storage slots a chunk touches.
 *
 * Proves: `find` gives the one number of a slot of an account.
 * Assumes: nothing. What the cells hold at the start is proven against the tree (leaves.ts).
 * Enforces: pairs (account, slot) of active rows are pairwise different (distinct.ts); `find` looks both up at the number,
 *   among active rows only.
 * Sound because: of neighbours in ascending order, (account, hi, lo) differs first by `above` >= 1 in one part, the parts
 *   before it being equal.
 * Cost: 90 gates a slot.
 */
import { assertEqualIf, combine, sum } from "../../../builder/arithmetic.ts";
import { and, not } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, witnessBits, witnessBool, witnessWord } from "../../../builder/ranges.ts";
import { rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, U128, Wire, Word } from "../../../builder/wire.ts";
import { isLessWord } from "../../../gadgets/word.ts";
import type { Capacities } from "../../../../protocol/evm/capacities.ts";
import { SLOT_CELLS, type SlotCell, slotCell } from "../../../../protocol/evm/stateCells.ts";
import type { SlotEntry } from "../../../../protocol/evm/plan/state/statePlan.ts";
import { ACCOUNT_BITS } from "./accounts.ts";
import { assertDistinct } from "./distinct.ts";

/** Bits of a slot's number. */
export const SLOT_BITS = 14;

export interface SlotRow {
  readonly active: Bool;
  readonly account: Wire;
  readonly slot: Word;
}

export class Slots {
  readonly rows: readonly SlotRow[];
  readonly #b: Builder;
  readonly #accounts: Rom<Wire>;
  readonly #hi: Rom<U128>;
  readonly #lo: Rom<U128>;
  readonly #numbers: () => ReadonlyMap<string, number>;

  constructor(b: Builder, count: number, entries: () => readonly SlotEntry[]) {
    this.#b = b;
    const list = b.compute(entries) ?? [];
    const numbers = new Map(list.map(({ account, slot }, i) => [nameOf(BigInt(account), slot), i]));
    this.#numbers = () => numbers;
    this.rows = b.scope("slots", () =>
      Array.from({ length: count }, (_, i) => b.scope(`slot[${i}]`, () => slotRow(b, () => list[i]))),
    );
    this.#accounts = rom(b, this.rows.map(({ active, account }, i) => sum(b, [[1n, account], [ACTIVE, active]], 0n, `slots.account[${i}]`)), "slots.accounts"); // prettier-ignore
    this.#hi = rom(b, this.rows.map(({ slot }) => slot.hi), "slots.hi"); // prettier-ignore
    this.#lo = rom(b, this.rows.map(({ slot }) => slot.lo), "slots.lo"); // prettier-ignore
    this.#assertDistinct(list);
  }

  /** The number of the account's slot; 0 where `condition` is given and 0. */
  find(account: Wire, slot: Word, name: string, condition: Bool): Wire {
    const b = this.#b;
    const number = witnessBits(b, SLOT_BITS, name, () =>
      b.value(condition) === 0n
        ? 0n
        : BigInt(this.#numbers().get(nameOf(b.value(account), valueOf(b, slot))) ?? 0),
    );
    const wanted = sum(b, [[1n, account]], ACTIVE, `${name}.wanted`); // prettier-ignore
    assertEqualIf(
      b,
      condition,
      this.#accounts.read(b, number, `${name}.account`),
      wanted,
      `${name}.isAccount`,
    );
    assertEqualIf(b, condition, this.#hi.read(b, number, `${name}.hi`), slot.hi, `${name}.isHi`);
    assertEqualIf(b, condition, this.#lo.read(b, number, `${name}.lo`), slot.lo, `${name}.isLo`);
    return number;
  }

  #assertDistinct(list: readonly SlotEntry[]): void {
    const b = this.#b;
    const active = this.rows.map((row) => row.active);
    const count = sum(b, active.map((bit): Term => [1n, bit]), 0n, "slots.count"); // prettier-ignore
    const order = list
      .map((_, i) => i)
      .sort((x, y) => list[x]!.account - list[y]!.account || (list[x]!.slot < list[y]!.slot ? -1 : 1));
    const read = (number: Wire, name: string) => ({
      account: this.#accounts.read(b, number, `${name}.account`),
      slot: { hi: this.#hi.read(b, number, `${name}.hi`), lo: this.#lo.read(b, number, `${name}.lo`) },
    });
    assertDistinct(b, { active, count }, () => order, (before, now, isUsed, name) => {
      const [x, y] = [read(before, `${name}.before`), read(now, `${name}.now`)];
      const isSame = witnessBool(b, `${name}.isSameAccount`, () => b.value(x.account) === b.value(y.account));
      const same = and(b, isUsed, isSame, `${name}.same`);
      assertEqualIf(b, same, x.account, y.account, `${name}.account.isSame`);
      const other = and(b, isUsed, not(b, isSame, `${name}.isOther`), `${name}.other`);
      const step = combine(b, [[1n, other, y.account], [-1n, other, x.account]], [[-1n, other]], 0n, `${name}.step`); // prettier-ignore
      assertBits(b, step, ACCOUNT_BITS + 1, `${name}.account.ascends`);
      assertEqualIf(b, same, isLessWord(b, x.slot, y.slot, `${name}.isLess`), b.one, `${name}.slot.ascends`);
    }, "slots.distinct"); // prettier-ignore
  }
}

const ACTIVE = 1n << BigInt(ACCOUNT_BITS);

const nameOf = (account: bigint, slot: bigint): string => `${account} ${slot}`;
const valueOf = (b: Builder, { hi, lo }: Word): bigint => (b.value(hi) << 128n) + b.value(lo);

function slotRow(b: Builder, entry: () => SlotEntry | undefined): SlotRow {
  return {
    active: witnessBool(b, "active", () => entry() !== undefined),
    account: witnessBits(b, ACCOUNT_BITS, "account", () => BigInt(entry()?.account ?? 0)),
    slot: witnessWord(b, "slot", () => entry()?.slot ?? 0n),
  };
}

/** The cell of a slot in wires. */
export const cellOfSlot = (b: Builder, capacities: Capacities, slot: Wire, cell: SlotCell, name: string): Wire =>
  sum(b, [[BigInt(SLOT_CELLS.length), slot]], BigInt(slotCell(capacities, 0, cell)), name); // prettier-ignore
