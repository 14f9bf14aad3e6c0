/**
 * Proves again, from the operations alone (`inferBounds.ts`), every bound the circuit's author relied on: the bound of
 * every handle that was used, each field of each packed key, each value written to a RAM, each index of a table. A gadget that promises a type
 * it did not prove, by a cast or by a slip, is found here (I-BUILDER-02).
 */
import type { Circuit } from "./circuit.ts";
import { type Bounds, INDEX_LIMIT, inferBounds } from "./inferBounds.ts";
import { type Operation, decodeOperations, operationName } from "./operations.ts";
import { MAX_FIELD } from "./wire.ts";

export interface BoundFault {
  readonly problem:
    | "CLAIM_NOT_PROVEN"
    | "KEY_FIELD_NOT_PROVEN"
    | "KEY_FIELDS_OVERLAP"
    | "KEY_NOT_CONSTRAINED"
    | "KEY_NOT_PACKED"
    | "RAM_VALUE_NOT_PROVEN"
    | "INDEX_NOT_PROVEN";
  /** Constraint, key or wire, by its full name. */
  readonly where: string;
  readonly wire: number;
  /** What is proven of the wire; undefined = nothing. */
  readonly proven: bigint | undefined;
  /** What was relied on. */
  readonly needed: bigint;
}

export interface BoundsReport {
  readonly faults: readonly BoundFault[];
  readonly packs: number;
  readonly boundedWires: number;
}

export function lintBounds(circuit: Circuit): BoundsReport {
  const ops = decodeOperations(circuit);
  const bounds = inferBounds(circuit, ops);
  const faults = [
    ...claimFaults(circuit, bounds),
    ...packFaults(circuit, ops, bounds),
    ...keyTableFaults(circuit, ops),
    ...ramFaults(circuit, ops, bounds),
    ...indexFaults(circuit, ops, bounds),
  ];
  return {
    faults,
    packs: circuit.packs.length,
    boundedWires: bounds.filter((max) => max !== undefined).length,
  };
}

const isProven = (bounds: Bounds, wire: number, needed: bigint): boolean => {
  const max = bounds[wire];
  return needed >= MAX_FIELD || (max !== undefined && max <= needed);
};

function claimFaults(circuit: Circuit, bounds: Bounds): BoundFault[] {
  const faults: BoundFault[] = [];
  circuit.claims.forEach((needed, wire) => {
    if (!isProven(bounds, wire, needed))
      faults.push({
        problem: "CLAIM_NOT_PROVEN",
        where: circuit.wireName(wire),
        wire,
        proven: bounds[wire],
        needed,
      });
  });
  return faults;
}

/** Every key is the sum its record says, its fields fit and do not overlap. */
function packFaults(circuit: Circuit, ops: readonly Operation[], bounds: Bounds): BoundFault[] {
  const sums = new Map<number, Set<string>>();
  for (const op of ops) {
    if (op.kind !== "ASSERT_ZERO") continue;
    for (const [k, wire] of op.terms) {
      if (k !== MAX_FIELD) continue;
      const rest = op.terms.filter(([, other]) => other !== wire);
      const shapes = sums.get(wire) ?? new Set<string>();
      sums.set(wire, shapes.add(shapeOf(op.products, rest, op.constant)));
    }
  }
  const faults: BoundFault[] = [];
  const products = gatedKeys(ops);
  const packed = new Set(circuit.packs.map(({ key }) => key));
  for (const { key, where, fields, constant, gated } of circuit.packs) {
    if (gated !== undefined) {
      const isProduct = products.has(`${key} ${gated.condition} ${gated.of}`);
      if (!isProduct || !packed.has(gated.of) || !isProven(bounds, gated.condition, 1n))
        faults.push({ problem: "KEY_NOT_CONSTRAINED", where, wire: key, proven: bounds[key], needed: 0n });
      continue;
    }
    const terms = new Map<number, bigint>();
    const conditional: [bigint, number, number][] = [];
    let end = 0;
    for (const { wire, at, bits, condition, times = 1n } of fields) {
      const all = (1n << BigInt(bits)) - 1n;
      const needed = all / times;
      if (!isProven(bounds, wire, needed))
        faults.push({ problem: "KEY_FIELD_NOT_PROVEN", where, wire, proven: bounds[wire], needed });
      if (condition !== undefined && !isProven(bounds, condition, 1n))
        faults.push({ problem: "KEY_FIELD_NOT_PROVEN", where, wire: condition, proven: bounds[condition], needed: 1n }); // prettier-ignore
      if (at < end || (constant >> BigInt(at)) & all)
        faults.push({ problem: "KEY_FIELDS_OVERLAP", where, wire, proven: bounds[wire], needed });
      end = at + bits;
      const k = times << BigInt(at);
      if (condition === undefined) terms.set(wire, (terms.get(wire) ?? 0n) + k);
      else conditional.push([k, condition, wire]);
    }
    const shape = shapeOf(conditional, [...terms].map(([wire, k]) => [k, wire] as const), constant); // prettier-ignore
    if (!sums.get(key)?.has(shape))
      faults.push({ problem: "KEY_NOT_CONSTRAINED", where, wire: key, proven: bounds[key], needed: 0n });
  }
  return faults;
}

/** `key condition of` of every constraint condition * of - key = 0. */
function gatedKeys(ops: readonly Operation[]): Set<string> {
  const found = new Set<string>();
  for (const op of ops) {
    if (op.kind !== "ASSERT_ZERO" || op.products.length !== 1 || op.terms.length !== 1 || op.constant !== 0n)
      continue;
    const [[k, condition, of], [l, key]] = [op.products[0]!, op.terms[0]!];
    if (k === 1n && l === MAX_FIELD) found.add(`${key} ${condition} ${of}`);
  }
  return found;
}

const shapeOf = (
  products: readonly (readonly [bigint, number, number])[],
  terms: readonly (readonly [bigint, number])[],
  constant: bigint,
): string =>
  [
    ...products.map(([k, x, y]) => `${x}*${y}:${k}`).sort(),
    ...terms.map(([k, wire]) => `${wire}:${k}`).sort(),
    constant,
  ].join(" ");

/** A table of keys holds and is asked for packed keys only: any other value is bounded by nothing. */
function keyTableFaults(circuit: Circuit, ops: readonly Operation[]): BoundFault[] {
  const keys = new Set(circuit.packs.map((pack) => pack.key));
  const faults: BoundFault[] = [];
  const need = (wire: number, where: string): void => {
    if (!keys.has(wire))
      faults.push({ problem: "KEY_NOT_PACKED", where, wire, proven: undefined, needed: 0n });
  };
  for (const op of ops) {
    if (op.kind === "MEMORY_INIT" && circuit.tables[op.table]!.holdsKeys)
      for (const wire of circuit.tables[op.table]!.entries) need(wire, operationName(circuit, op));
    if (op.kind === "MEMORY_READ" && circuit.tables[op.table]!.holdsKeys)
      need(op.value, operationName(circuit, op));
  }
  return faults;
}

/** The induction step of the RAM bound: what goes in is below it. */
function ramFaults(circuit: Circuit, ops: readonly Operation[], bounds: Bounds): BoundFault[] {
  const faults: BoundFault[] = [];
  const need = (wire: number, needed: bigint, where: string): void => {
    if (!isProven(bounds, wire, needed))
      faults.push({ problem: "RAM_VALUE_NOT_PROVEN", where, wire, proven: bounds[wire], needed });
  };
  for (const op of ops) {
    if (op.kind === "MEMORY_WRITE") need(op.value, circuit.tables[op.table]!.max, operationName(circuit, op));
    if (op.kind === "MEMORY_INIT" && circuit.tables[op.table]!.isRam)
      for (const wire of circuit.tables[op.table]!.entries)
        need(wire, circuit.tables[op.table]!.max, operationName(circuit, op));
  }
  return faults;
}

/** Every index is a small integer: a table keeps out what is past its end, not what is before its first entry. */
function indexFaults(circuit: Circuit, ops: readonly Operation[], bounds: Bounds): BoundFault[] {
  const needed = INDEX_LIMIT - 1n;
  const faults: BoundFault[] = [];
  for (const op of ops) {
    if (op.kind !== "MEMORY_READ" && op.kind !== "MEMORY_WRITE") continue;
    const { index: wire } = op;
    if (isProven(bounds, wire, needed)) continue;
    const where = operationName(circuit, op);
    faults.push({ problem: "INDEX_NOT_PROVEN", where, wire, proven: bounds[wire], needed });
  }
  return faults;
}
