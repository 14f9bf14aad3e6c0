/**
 * Which reads of a table the *constraints* of `bb` 5.0.0 allow, as opposed to its own witness generator, which a cheating
 * prover does not run.
 *
 * A table of n entries becomes one list of records (index, value): an initial one for each entry, one for each read. The
 * prover gives the list again, sorted, and the relation (memory_relation.hpp, rom_ram_logic.cpp) demands of it:
 *   same records as the unsorted list; from each index to the next a step of 0 or 1; equal indices, equal records;
 *   after the last record the index n;
 *   the first index is the constant 0 (`isStartPinned`).
 * The last demand is young: older versions lack it, and there records of indices p - k .. p - 1 may precede the entries, with
 * any values. In 5.0.0 the first sorted record has no index of its own (seen in the prover's memory: one variable fewer).
 */
import { FIELD_MODULUS } from "../../../protocol/field.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { check } from "../../../circuits/builder/check.ts";
import { decodeOperations } from "../../../circuits/builder/operations.ts";

type RomRecord = readonly [index: bigint, value: bigint];

const inField = (x: bigint): bigint => ((x % FIELD_MODULUS) + FIELD_MODULUS) % FIELD_MODULUS;

/** The relation over the sorted list, word for word. `list` is any order the prover likes. */
export function sortedListHolds(list: readonly RomRecord[], size: number, isStartPinned = true): boolean {
  if (isStartPinned && list[0]?.[0] !== 0n) return false;
  return list.every(([index, value], i) => {
    const [nextIndex, nextValue] = list[i + 1] ?? [BigInt(size), undefined];
    const step = inField(nextIndex - index);
    // After the last record stands the row (n, 0, 0, 0): a record of index n there would have to be 0 for a random eta.
    return step === 1n || (step === 0n && value === nextValue);
  });
}

/** A prover's best order: as integers in (-p/2, p/2). */
export function sortRecords(list: readonly RomRecord[]): RomRecord[] {
  const signed = (x: bigint): bigint => (x > FIELD_MODULUS / 2n ? x - FIELD_MODULUS : x);
  return [...list].sort(([x], [y]) => (signed(x) < signed(y) ? -1 : signed(x) > signed(y) ? 1 : 0));
}

/** Names of constraints that a witness breaks when tables are judged by the relation. Tables that are written are not judged. */
export function brokenInBarretenberg(
  circuit: Circuit,
  witness: readonly bigint[],
  isStartPinned = true,
): string[] {
  const others = check(circuit, witness, 10_000).broken.filter(({ kind }) => kind !== "MEMORY_READ");
  const records = new Map<number, RomRecord[]>();
  for (const op of decodeOperations(circuit)) {
    if (op.kind !== "MEMORY_READ") continue;
    const { entries } = circuit.tables[op.table]!;
    const list = records.get(op.table) ?? entries.map((wire, i): RomRecord => [BigInt(i), witness[wire]!]);
    records.set(op.table, list);
    list.push([witness[op.index]!, witness[op.value]!]);
  }
  const tables = [...records]
    .filter(([table, list]) => {
      const size = circuit.tables[table]!.entries.length;
      return !sortedListHolds(sortRecords(list), size, isStartPinned);
    })
    .map(([table]) => circuit.tables[table]!.name);
  return [...others.map(({ name }) => name), ...tables];
}
