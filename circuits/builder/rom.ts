/** Read-only tables. Cost: 2 gates a read, 3 an entry (0 when never read). No limit on accesses. */
import type { Builder } from "./builder.ts";
import { MEMORY_READ } from "./circuit.ts";
import { builderError } from "./errors.ts";
import type { Key } from "./pack.ts";
import { assertFits } from "./ranges.ts";
import { MAX_FIELD, type Wire } from "./wire.ts";

/** Width of any index that a circuit computes; it must be far from the field's modulus, no more. */
export const INDEX_BITS = 64;

/**
 * Proves: what is read at an index is the entry at that index.
 * Assumes: nothing; the static bound of an index proves that it is below 2^64 (checked when building).
 * Enforces: the index is below the number of entries.
 * Sound because: all accesses, sorted, go from index to index in steps of 0 or 1, equal indices have equal values, and the
 *   number of entries follows the last; so an integer below 2^64 that is no entry's index is in no such list. An index
 *   near the modulus, before the first entry, is kept out by its bound and not by `bb` alone (A-BUILDER-01).
 */
export class Rom<T extends Wire> {
  readonly length: number;
  readonly name: string;
  readonly #entries: readonly T[];
  readonly #max: bigint;
  readonly #id: number;
  readonly #readIndices = new Set<number>();

  constructor(b: Builder, entries: readonly T[], name: string, holdsKeys = false) {
    if (entries.length === 0) throw builderError({ code: "EMPTY_TABLE", where: b.where(name) });
    this.length = entries.length;
    this.name = name;
    this.#entries = entries;
    this.#max = entries.reduce((max, e) => (e.max > max ? e.max : max), 0n);
    const wires = entries.map((e) => e.index);
    this.#id = b.addTable(
      { name: b.where(name), entries: wires, isRam: false, holdsKeys, max: this.#max },
      name,
    );
  }

  /** The entry at `index`, with the type all entries share. An index out of range reads 0 and `check` fails. */
  read(b: Builder, index: Wire, name: string): T {
    const wire = b.witness(name, () => this.#valueAt(b, index));
    const value = { index: wire.index, max: this.#max } as T;
    this.assertAt(b, index, value, name);
    return value;
  }

  /** Enforces that the entry at `index` is `value`: the lookup. Throws BOUND_UNKNOWN, BOUND_TOO_LARGE. */
  assertAt(b: Builder, index: Wire, value: T, name: string): void {
    assertFits(b, index, INDEX_BITS, name);
    this.#readIndices.add(index.index);
    b.memoryOp(MEMORY_READ, this.#id, index, value, name);
  }

  /** `index` with the bound that reading at it has proven. Throws INDEX_NOT_READ when it was never read at. */
  checkedIndex(b: Builder, index: Wire): Wire {
    if (!this.#readIndices.has(index.index))
      throw builderError({ code: "INDEX_NOT_READ", where: b.where(this.name), wire: index.index });
    const max = BigInt(this.length - 1);
    return { index: index.index, max: index.max < max ? index.max : max };
  }

  #valueAt(b: Builder, index: Wire): bigint {
    const i = b.value(index);
    const entry = i < BigInt(this.length) ? this.#entries[Number(i)] : undefined;
    return entry === undefined ? 0n : b.value(entry);
  }
}

/** A table of any wires. */
export const rom = <T extends Wire>(b: Builder, entries: readonly T[], name: string): Rom<T> =>
  new Rom(b, entries, name);

/** A table of lookup keys: entries and what is looked up are made by `pack`. */
export const keyRom = (b: Builder, entries: readonly Key[], name: string): Rom<Key> =>
  new Rom(b, entries, name, true);

/** A table of raw fields read as raw fields: nothing is known of what comes out. */
export const fieldRom = (b: Builder, entries: readonly Wire[], name: string): Rom<Wire> =>
  new Rom<Wire>(b, entries.map((e) => ({ index: e.index, max: MAX_FIELD })), name); // prettier-ignore
