/**
 * The memory of all frames: one table of cells and the list of its accesses in the order of time. Chips claim accesses.
 *
 * Proves: a claimed access of a cell saw (`before`) what the last active access of that cell left, else the cell's initial id,
 *   and left `after` there.
 * Assumes: no two claims have the same time. Each chip claims at times of its own row t, which no other active entry has
 *   (facts.ts), with subs of its own; messages and copies likewise (messages.ts, copyRows.ts).
 * Enforces: M-1 times ascend strictly; M-2 active accesses come first; M-3 an access reads its cell, then writes it; M-4 a
 *   claim's key is an active access's; M-5 as many claims as active accesses.
 * Sound because: a key holds time, cell, before and after in fields of their own, so a claim equals one access. Times are
 *   distinct, so distinct claims have distinct accesses, and equal counts leave no active access that nobody claimed: nothing
 *   else was written. The table's order is that of the list, which is that of time.
 * Cost: 22 gates an access, 4.42 a cell; a claim 9.
 */
import { sum } from "../../../builder/arithmetic.ts";
import { assertImplies } from "../../../builder/bool.ts";
import type { Builder, Term } from "../../../builder/builder.ts";
import { type Key, keyIf, pack } from "../../../builder/pack.ts";
import { ram } from "../../../builder/ram.ts";
import { assertBits, assertFits, witnessBits, witnessBool } from "../../../builder/ranges.ts";
import { keyRom, type Rom } from "../../../builder/rom.ts";
import type { Bool, Wire } from "../../../builder/wire.ts";
import { SUB_BITS, TIME_BITS } from "../../../../protocol/evm/accessKey.ts";
import type { MemoryAccessEntry } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";

/** Cells, and the ids they hold. */
export const CELL_BITS = 20;
const PLACE_BITS = 20;

export interface MemoryBusShape {
  readonly memoryCells: number;
  readonly memoryAccesses: number;
}

/** The time of access `sub` of row `t`; `sub` a constant and perhaps a small number more. */
export const memoryTime = (b: Builder, t: Wire, sub: number, more: Wire | undefined, name: string): Wire =>
  sum(b, [[1n << BigInt(SUB_BITS), t], ...(more === undefined ? [] : [[1n, more] as const])], BigInt(sub), name); // prettier-ignore

interface AccessWires {
  readonly time: Wire;
  readonly cell: Wire;
  readonly before: Wire;
  readonly after: Wire;
}

export class MemoryBus {
  readonly #b: Builder;
  readonly #keys: Rom<Key>;
  readonly #accesses: (AccessWires & { readonly active: Bool })[] = [];
  readonly #placeOf: ReadonlyMap<bigint, number>;
  readonly #claims: Term[] = [];

  /** `initial`: ids of the first cells; the others hold the word 0. `entries`: the plan's, in order. */
  constructor(
    b: Builder,
    shape: MemoryBusShape,
    initial: readonly Wire[],
    entries: () => readonly MemoryAccessEntry[],
  ) {
    this.#b = b;
    const list = b.compute(entries) ?? [];
    this.#placeOf = new Map(list.map(({ time }, i) => [time, i + 1]));
    this.#keys = b.scope("memory", () => this.#run(shape, initial, list));
  }

  /** The id in a cell. */
  read(time: Wire, cell: Wire, name: string, condition?: Bool): Wire {
    const before = this.foretell(time, name, condition);
    this.change({ time, cell, before, after: before }, name, condition);
    return before;
  }

  /** Puts `after` into a cell; the id it held. */
  write(time: Wire, cell: Wire, after: Wire, name: string, condition?: Bool): Wire {
    const before = this.foretell(time, name, condition);
    this.change({ time, cell, before, after }, name, condition);
    return before;
  }

  /** What the access at this time sees, for an `after` that depends on it: `change` must claim it. 0 where `condition` is 0. */
  foretell(time: Wire, name: string, condition?: Bool): Wire {
    const b = this.#b;
    const before = witnessBits(b, CELL_BITS, `${name}.before`, () => {
      const place = this.#place(time, condition);
      return place === 0 ? 0n : b.value(this.#accesses[place - 1]!.before);
    });
    if (condition !== undefined)
      b.assertZero([[1n, condition, before]], [[-1n, before]], 0n, `${name}.zeroIfNotAsked`); // prettier-ignore
    return before;
  }

  /** Claims an access. Where `condition` is given and 0, nothing is claimed. */
  change(access: AccessWires, name: string, condition?: Bool): void {
    const b = this.#b;
    const key = keyOf(b, access, b.one, `${name}.key`);
    const gated = condition === undefined ? key : keyIf(b, condition, key, `${name}.claim`);
    const place = witnessBits(b, PLACE_BITS, `${name}.place`, () =>
      BigInt(this.#place(access.time, condition)),
    );
    this.#keys.assertAt(b, place, gated, `${name}.isAccess`);
    this.#claims.push([1n, condition ?? b.one]);
  }

  /** After the last claim. */
  close(): void {
    const active = this.#accesses.map((access): Term => [-1n, access.active]);
    this.#b.assertZero([], [...this.#claims, ...active], 0n, "memory.accesses.eachClaimed");
  }

  #place(time: Wire, condition: Bool | undefined): number {
    if (condition !== undefined && this.#b.value(condition) === 0n) return 0;
    return this.#placeOf.get(this.#b.value(time)) ?? 0;
  }

  #run(shape: MemoryBusShape, initial: readonly Wire[], list: readonly MemoryAccessEntry[]): Rom<Key> {
    const b = this.#b;
    // One cell more: a word at the end of the last region has a neighbour, whose bytes nobody keeps.
    const start = Array.from({ length: shape.memoryCells + 1 }, (_, i) => initial[i] ?? b.zero);
    const cells = ram(b, start, CELL_BITS, "cells");
    const keys: Key[] = [pack(b, [], "null")];
    for (let i = 0; i < shape.memoryAccesses; i++)
      b.scope(`access[${i}]`, () => {
        const last = this.#accesses[i - 1];
        const active = witnessBool(b, "active", () => i < list.length);
        if (last !== undefined) assertImplies(b, active, last.active, "active.prefix");
        const time = witnessBits(b, TIME_BITS, "time", () => list[i]?.time ?? (last === undefined ? 0n : b.value(last.time) + 1n)); // prettier-ignore
        if (last !== undefined)
          assertBits(b, sum(b, [[1n, time], [-1n, last.time]], -1n, "later"), TIME_BITS, "time.ascends"); // prettier-ignore
        const cell = witnessBits(b, CELL_BITS, "cell", () => BigInt(list[i]?.cell ?? 0));
        const before = cells.read(b, cell, "before");
        const after = witnessBits(b, CELL_BITS, "after", () => BigInt(list[i]?.after ?? b.value(before)));
        cells.write(b, cell, after, "write");
        const access = { time, cell, before, after, active };
        this.#accesses.push(access);
        keys.push(keyOf(b, access, active, "key"));
      });
    return keyRom(b, keys, "accesses");
  }
}

function keyOf(b: Builder, { time, cell, before, after }: AccessWires, active: Bool, name: string): Key {
  for (const id of [before, after]) assertFits(b, id, CELL_BITS, name);
  const at = TIME_BITS;
  return pack(
    b,
    [
      { wire: time, at: 0, bits: TIME_BITS },
      { wire: cell, at, bits: CELL_BITS },
      { wire: before, at: at + CELL_BITS, bits: CELL_BITS },
      { wire: after, at: at + 2 * CELL_BITS, bits: CELL_BITS },
      { wire: active, at: at + 3 * CELL_BITS, bits: 1 },
    ],
    name,
  );
}
