/**
 * A list of rows that owners share: owner 0 has the first count(0) rows, owner 1 the next count(1), and so on.
 *
 * Proves: an active row's `owner` is the one whose rows it is among, `index` its number among them; `rest` is
 *   how many follow. As many rows are active as all owners have, and active rows come first.
 * Assumes: nothing; static bounds prove that counts are small integers. More rows than the capacity have no proof.
 * Enforces: base(owner) <= row < base(owner + 1), where base is the sum of the counts before.
 * Sound because: bases ascend, so one owner alone has this row, and it has one.
 * Cost: 14 gates a row, 4 an owner. In an inactive row owner and index are 0 or any; nothing may be read from it.
 */
import { add, combine, sum } from "../builder/arithmetic.ts";
import { assertImplies } from "../builder/bool.ts";
import type { Builder, Term } from "../builder/builder.ts";
import { assertBits, witnessBits, witnessBool } from "../builder/ranges.ts";
import { type Rom, rom } from "../builder/rom.ts";
import type { Bool, Wire } from "../builder/wire.ts";

export interface SharedRow {
  readonly active: Bool;
  readonly owner: Wire;
  readonly index: Wire;
  /** Rows of the owner after this one; 0 in an inactive row. */
  readonly rest: Wire;
}

export class SharedList {
  /** Rows before each owner's, and of all. */
  readonly bases: readonly Wire[];
  readonly rows: readonly SharedRow[];

  constructor(b: Builder, counts: readonly Wire[], capacity: number, name: string) {
    const bases: Wire[] = [b.zero];
    for (const [i, count] of counts.entries()) bases.push(add(b, bases[i]!, count, `${name}.base[${i + 1}]`));
    this.bases = bases;
    const table = rom(b, bases, `${name}.bases`);
    const rows: SharedRow[] = [];
    for (let r = 0; r < capacity; r++) {
      const before = rows[r - 1]?.active ?? b.one;
      rows.push(b.scope(`${name}[${r}]`, () => this.#row(b, table, r, before, capacity)));
    }
    this.rows = rows;
    const active = rows.map((row): Term => [1n, row.active]);
    b.assertZero([], [...active, [-1n, bases.at(-1)!]], 0n, `${name}.holdsAll`);
  }

  #row(b: Builder, table: Rom<Wire>, r: number, before: Bool, capacity: number): SharedRow {
    const { bases } = this;
    const active = witnessBool(b, "active", () => BigInt(r) < b.value(bases.at(-1)!));
    assertImplies(b, active, before, "active.prefix");
    const bits = bases.length.toString(2).length;
    const owner = witnessBits(b, bits, "owner", () => {
      const next = bases.findIndex((base) => b.value(base) > BigInt(r));
      return next < 0 ? 0n : BigInt(next - 1);
    });
    const base = table.read(b, owner, "base");
    const following = table.read(b, sum(b, [[1n, owner]], 1n, "owner.next"), "following");
    const width = capacity.toString(2).length;
    const from = combine(b, [[-1n, active, base]], [[BigInt(r), active]], 0n, "index");
    const index = assertBits(b, from, width, "index");
    const to = combine(b, [[1n, active, following]], [[-BigInt(r + 1), active]], 0n, "rest");
    const rest = assertBits(b, to, width, "rest");
    return { active, owner, index, rest };
  }
}
