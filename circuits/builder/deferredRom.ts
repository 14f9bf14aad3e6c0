/**
 * Read-only tables whose entries are made after the first reads: everything that proves facts may look up the facts of
 * everything else, whichever is built first. Cost: as a ROM's.
 */
import type { Builder } from "./builder.ts";
import { MEMORY_READ } from "./circuit.ts";
import { builderError } from "./errors.ts";
import type { Key } from "./pack.ts";
import { assertFits } from "./ranges.ts";
import { INDEX_BITS } from "./rom.ts";
import { MAX_FIELD, type Wire, maxOfBits } from "./wire.ts";

/**
 * Proves: what is read at an index is the wire that `define` put there, before or after.
 * Assumes: `foretell` tells the values of entries that do not exist yet; a wrong one breaks the lookup, nothing else.
 * Enforces: the index is below the length.
 * Sound because: a table is one set of entries for all reads, whatever their order in the circuit (see rom.ts); `close`
 *   refuses a table with an entry that nobody defined.
 */
export class DeferredRom<T extends Wire> {
  readonly length: number;
  readonly name: string;
  readonly #max: bigint;
  readonly #bits: number;
  readonly #id: number;
  readonly #entries: number[];
  readonly #defined: boolean[];
  readonly #foretell: (index: number) => bigint;
  readonly #readIndices = new Set<number>();
  #closed = false;

  /** `bits`: bound of every entry; 254 = raw fields. */
  constructor(
    b: Builder,
    shape: { readonly length: number; readonly bits: number; readonly holdsKeys: boolean },
    foretell: (index: number) => bigint,
    name: string,
  ) {
    if (shape.length === 0) throw builderError({ code: "EMPTY_TABLE", where: b.where(name) });
    this.length = shape.length;
    this.name = b.where(name);
    this.#bits = shape.bits;
    this.#max = shape.bits >= 254 ? MAX_FIELD : maxOfBits(shape.bits);
    this.#entries = new Array<number>(shape.length).fill(-1);
    this.#defined = new Array<boolean>(shape.length).fill(false);
    this.#foretell = foretell;
    const { holdsKeys } = shape;
    const table = { name: this.name, entries: this.#entries, isRam: false, holdsKeys, max: this.#max };
    this.#id = b.addTable(table, name);
  }

  /** Makes `wire` entry `index`. Throws ENTRY_DEFINED, TABLE_CLOSED, BOUND_UNKNOWN, BOUND_TOO_LARGE. */
  define(b: Builder, index: number, wire: T): void {
    if (this.#closed) throw builderError({ code: "TABLE_CLOSED", where: this.name });
    if (index >= this.length || this.#defined[index])
      throw builderError({ code: "ENTRY_DEFINED", where: this.name, index });
    if (this.#max !== MAX_FIELD) assertFits(b, wire, this.#bits, this.name);
    this.#defined[index] = true;
    this.#entries[index] = wire.index;
  }

  /** The entry at `index`. Throws BOUND_UNKNOWN, BOUND_TOO_LARGE for an index that is no small integer. */
  read(b: Builder, index: Wire, name: string): T {
    const wire = b.witness(name, () => this.#foretell(Number(b.value(index) & 0xffff_ffffn)));
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
  checkedIndex(index: Wire): Wire {
    if (!this.#readIndices.has(index.index))
      throw builderError({ code: "INDEX_NOT_READ", where: this.name, wire: index.index });
    const max = BigInt(this.length - 1);
    return { index: index.index, max: index.max < max ? index.max : max };
  }

  /** No entry is missing, and none comes after. Throws ENTRY_MISSING. */
  close(): void {
    const missing = this.#defined.indexOf(false);
    if (missing >= 0) throw builderError({ code: "ENTRY_MISSING", where: this.name, index: missing });
    this.#closed = true;
  }
}

/** One that holds keys. */
export const deferredKeyRom = (
  b: Builder,
  length: number,
  foretell: (index: number) => bigint,
  name: string,
): DeferredRom<Key> => new DeferredRom<Key>(b, { length, bits: 254, holdsKeys: true }, foretell, name);
