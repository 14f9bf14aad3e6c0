/**
 * The accounts a chunk touches.
 *
 * Proves: `find` gives the one number of an address.
 * Assumes: nothing. What the cells hold at the start is proven against the tree (leaves.ts).
 * Enforces: addresses of active rows are pairwise different (distinct.ts), `find` looks the address up at its number and
 *   only among active rows.
 * Cost: 70 gates an account.
 */
import { combine, isZero, sum } from "../../../builder/arithmetic.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { assertBits, promiseBits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { rom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire, Word } from "../../../builder/wire.ts";
import { ACCOUNT_CELLS, type AccountCell, accountCell } from "../../../../protocol/evm/stateCells.ts";
import type { AccountEntry } from "../../../../protocol/evm/plan/state/statePlan.ts";
import { assertDistinct } from "./distinct.ts";

/** Precompiled contracts of chains on this program: never cold (EIP-2929). */
export const PRECOMPILES = [1n, 2n, 3n, 4n, 5n, 9n] as const;

/** Bits of an account's number. */
export const ACCOUNT_BITS = 14;

export interface AccountRow {
  readonly active: Bool;
  /** 160 bits. */
  readonly address: Wire;
  readonly isPrecompile: Bool;
}

export class Accounts {
  readonly rows: readonly AccountRow[];
  readonly #b: Builder;
  readonly #addresses: Rom<Wire>;
  readonly #precompiles: Rom<Bool>;
  readonly #numbers: () => ReadonlyMap<bigint, number>;

  constructor(b: Builder, count: number, entries: () => readonly AccountEntry[]) {
    this.#b = b;
    const list = b.compute(entries) ?? [];
    const numbers = new Map(list.map(({ address }, i) => [address, i]));
    this.#numbers = () => numbers;
    this.rows = b.scope("accounts", () =>
      Array.from({ length: count }, (_, i) => b.scope(`account[${i}]`, () => accountRow(b, () => list[i]))),
    );
    // A number names an active row: the null row, which no address equals, is what an unused one holds.
    this.#addresses = rom(b, this.rows.map(({ active, address }, i) => b.scope(`accounts.account[${i}]`, () => known(b, active, address))), "accounts.addresses"); // prettier-ignore
    this.#precompiles = rom(b, this.rows.map(({ isPrecompile }) => isPrecompile), "accounts.precompiles"); // prettier-ignore
    this.#assertDistinct(list);
  }

  /** The number of the account with this address of 160 bits; 0 where `condition` is given and 0. */
  find(address: Wire, name: string, condition?: Bool): Wire {
    const b = this.#b;
    const number = witnessBits(b, ACCOUNT_BITS, name, () =>
      condition !== undefined && b.value(condition) === 0n
        ? 0n
        : BigInt(this.#numbers().get(b.value(address)) ?? 0),
    );
    const found = this.#addresses.read(b, number, `${name}.address`);
    const wanted = sum(b, [[1n, address]], KNOWN, `${name}.wanted`); // prettier-ignore
    if (condition === undefined) b.assertZero([], [[1n, found], [-1n, wanted]], 0n, `${name}.isAddress`); // prettier-ignore
    else b.assertZero([[1n, condition, found], [-1n, condition, wanted]], [], 0n, `${name}.isAddress`); // prettier-ignore
    return number;
  }

  isPrecompile(number: Wire, name: string): Bool {
    return this.#precompiles.read(this.#b, number, name);
  }

  #assertDistinct(list: readonly AccountEntry[]): void {
    const b = this.#b;
    const active = this.rows.map((row) => row.active);
    const count = sum(b, active.map((bit): Term => [1n, bit]), 0n, "accounts.count"); // prettier-ignore
    const order = list.map((_, i) => i).sort((x, y) => (list[x]!.address < list[y]!.address ? -1 : 1));
    assertDistinct(b, { active, count }, () => order, (before, now, isUsed, name) => {
      const [x, y] = [this.#addresses.read(b, before, `${name}.before`), this.#addresses.read(b, now, `${name}.now`)]; // prettier-ignore
      const step = combine(b, [[1n, isUsed, y], [-1n, isUsed, x]], [[-1n, isUsed]], 0n, `${name}.step`); // prettier-ignore
      assertBits(b, step, 161, name);
    }, "accounts.distinct"); // prettier-ignore
  }
}

/** Added to the address of an active row. */
const KNOWN = 1n << 160n;

const known = (b: Builder, active: Bool, address: Wire): Wire =>
  promiseBits(b, combine(b, [[1n, active, address]], [[KNOWN, active]], 0n, "known"), 161, "known"); // prettier-ignore

function accountRow(b: Builder, entry: () => AccountEntry | undefined): AccountRow {
  const active = witnessBool(b, "active", () => entry() !== undefined);
  const address = witnessBits(b, 160, "address", () => entry()?.address ?? 0n);
  // The product of the differences is 0 iff the address is one of them.
  const product = PRECOMPILES.reduce<Wire>(
    (so, p) => combine(b, [[1n, so, address]], [[-p, so]], 0n, `precompile.not${p}`), // prettier-ignore
    b.one,
  );
  const isPrecompile = isZero(b, product, "isPrecompile");
  return { active, address, isPrecompile };
}

/** The 160 low bits of a word, as EVM opcodes read an address. Cost: 12 gates. */
export function addressOfWord(b: Builder, { lo, hi }: Word, name: string): Wire {
  const low = witnessBits(b, 32, `${name}.low`, () => b.value(hi) & 0xffff_ffffn);
  const rest = witnessBits(b, 96, `${name}.rest`, () => b.value(hi) >> 32n);
  b.assertZero([], [[1n, low], [1n << 32n, rest], [-1n, hi]], 0n, `${name}.split`); // prettier-ignore
  return sum(b, [[1n << 128n, low], [1n, lo]], 0n, name); // prettier-ignore
}

/** The cell of an account in wires. */
export const cellOfAccount = (b: Builder, account: Wire, cell: AccountCell, name: string): Wire =>
  sum(b, [[BigInt(ACCOUNT_CELLS.length), account]], BigInt(accountCell(0, cell)), name); // prettier-ignore
