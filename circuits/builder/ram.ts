/** Tables that are written. Cost: 4.42 gates an access, an initial entry included. */
import { assertFits } from "./ranges.ts";
import type { Builder } from "./builder.ts";
import { MEMORY_READ, MEMORY_WRITE } from "./circuit.ts";
import { builderError } from "./errors.ts";
import { INDEX_BITS } from "./rom.ts";
import { type Bits, MAX_FIELD, type Wire, maxOfBits } from "./wire.ts";

/** bb refuses a table with more accesses than this, initial entries included. */
export const RAM_ACCESS_LIMIT = 65_535;

/**
 * Proves: what is read at an index is what was last written there in the order of the circuit, else the initial entry.
 * Assumes: nothing; the static bound of an index proves that it is below 2^64 (checked when building).
 * Enforces: the index is below the number of entries, as in a ROM.
 * Parameters: every entry and every write is statically below 2^bits, so every read is.
 */
export class Ram<N extends number> {
  readonly length: number;
  readonly bits: N;
  readonly name: string;
  readonly #id: number;
  readonly #values: bigint[];
  readonly #max: bigint;
  #accesses: number;

  constructor(b: Builder, entries: readonly Wire[], bits: N, name: string) {
    if (entries.length === 0) throw builderError({ code: "EMPTY_TABLE", where: b.where(name) });
    this.length = entries.length;
    this.bits = bits;
    this.name = name;
    this.#max = bits >= 254 ? MAX_FIELD : maxOfBits(bits);
    this.#accesses = 0;
    for (const entry of entries) this.#assertHolds(b, entry, name);
    this.#values = b.compute(() => entries.map((e) => b.value(e))) ?? [];
    const wires = entries.map((e) => e.index);
    this.#id = b.addTable(
      { name: b.where(name), entries: wires, isRam: true, holdsKeys: false, max: this.#max },
      name,
    );
    this.#count(b, entries.length, name);
  }

  /** What `index` holds now. An index out of range reads 0 and `check` fails. */
  read(b: Builder, index: Wire, name: string): Bits<N> {
    const wire = b.witness(name, () => this.#values[this.#slot(b, index)] ?? 0n);
    assertFits(b, index, INDEX_BITS, name);
    b.memoryOp(MEMORY_READ, this.#id, index, wire, name);
    this.#count(b, 1, name);
    return { index: wire.index, max: this.#max } as Bits<N>;
  }

  /** What `index` holds now, for a witness function. */
  peek(index: bigint): bigint {
    return this.#values[Number(index)] ?? 0n;
  }

  write(b: Builder, index: Wire, value: Wire, name: string): void {
    assertFits(b, index, INDEX_BITS, name);
    this.#assertHolds(b, value, name);
    b.compute(() => {
      const slot = this.#slot(b, index);
      if (slot >= 0) this.#values[slot] = b.value(value);
    });
    b.memoryOp(MEMORY_WRITE, this.#id, index, value, name);
    this.#count(b, 1, name);
  }

  #assertHolds(b: Builder, wire: Wire, name: string): void {
    if (this.#max !== MAX_FIELD) assertFits(b, wire, this.bits, name);
  }

  #slot(b: Builder, index: Wire): number {
    const i = b.value(index);
    return i < BigInt(this.length) ? Number(i) : -1;
  }

  #count(b: Builder, accesses: number, name: string): void {
    this.#accesses += accesses;
    if (this.#accesses > RAM_ACCESS_LIMIT)
      throw builderError({
        code: "RAM_ACCESS_LIMIT",
        where: b.where(name),
        accesses: this.#accesses,
        limit: RAM_ACCESS_LIMIT,
      });
  }
}

/** A table whose every value is below 2^bits; bits 254 = raw fields. */
export const ram = <N extends number>(b: Builder, entries: readonly Wire[], bits: N, name: string): Ram<N> =>
  new Ram(b, entries, bits, name);
