/** The operations of a circuit as objects, names as numbers: for lints and statistics. `check` and `emit` walk the integers themselves. */
import * as C from "./circuit.ts";

export interface AssertZeroOp {
  readonly kind: "ASSERT_ZERO";
  readonly scope: number;
  readonly name: number;
  readonly products: readonly (readonly [coefficient: bigint, a: number, b: number])[];
  readonly terms: readonly (readonly [coefficient: bigint, wire: number])[];
  readonly constant: bigint;
}
export interface RangeOp {
  readonly kind: "RANGE";
  readonly scope: number;
  readonly name: number;
  readonly wire: number;
  readonly bits: number;
}
export interface MemoryInitOp {
  readonly kind: "MEMORY_INIT";
  readonly scope: number;
  readonly name: number;
  readonly table: number;
}
export interface MemoryOp {
  readonly kind: "MEMORY_READ" | "MEMORY_WRITE";
  readonly scope: number;
  readonly name: number;
  readonly table: number;
  readonly index: number;
  readonly value: number;
}
export interface BlackBoxOp {
  readonly kind: "BLACK_BOX";
  readonly scope: number;
  readonly name: number;
  readonly call: C.BlackBoxCall;
}
export type Operation = AssertZeroOp | RangeOp | MemoryInitOp | MemoryOp | BlackBoxOp;

export function decodeOperations(circuit: C.Circuit): Operation[] {
  const { ops, constants } = circuit;
  const list: Operation[] = [];
  let i = 0;
  const next = (): number => ops.at(i++);
  const constant = (): bigint => constants[next()]!;
  while (i < ops.length) {
    const kind = next();
    const head = { scope: next(), name: next() };
    if (kind === C.ASSERT_ZERO) {
      const [products, terms] = [next(), next()];
      const c = constant();
      list.push({
        ...head,
        kind: "ASSERT_ZERO",
        constant: c,
        products: Array.from({ length: products }, () => [constant(), next(), next()] as const),
        terms: Array.from({ length: terms }, () => [constant(), next()] as const),
      });
    } else if (kind === C.RANGE) list.push({ ...head, kind: "RANGE", wire: next(), bits: next() });
    else if (kind === C.MEMORY_INIT) list.push({ ...head, kind: "MEMORY_INIT", table: next() });
    else if (kind === C.BLACK_BOX)
      list.push({ ...head, kind: "BLACK_BOX", call: circuit.blackBoxes[next()]! });
    else {
      const access = kind === C.MEMORY_WRITE ? "MEMORY_WRITE" : "MEMORY_READ";
      list.push({ ...head, kind: access, table: next(), index: next(), value: next() });
    }
  }
  return list;
}

/** Scope path and name of an operation. */
export const operationName = (circuit: C.Circuit, { scope, name }: Operation): string =>
  circuit.names.full(scope, name);

/** Every wire an operation mentions, once for each mention. */
export function wiresOf(op: Operation, circuit: C.Circuit): number[] {
  switch (op.kind) {
    case "ASSERT_ZERO":
      return [...op.products.flatMap(([, a, b]) => [a, b]), ...op.terms.map(([, wire]) => wire)];
    case "RANGE":
      return [op.wire];
    case "MEMORY_INIT":
      return [...circuit.tables[op.table]!.entries];
    case "BLACK_BOX":
      return [...op.call.inputs.flat().filter((x) => typeof x === "number"), ...op.call.outputs];
    default:
      return [op.index, op.value];
  }
}
