/**
 * How many gates `bb` will make of a circuit, without running it: by scope, so that a gadget's author sees what he pays.
 * The figures are measured with `bb gates` 5.0.0; test/circuits/builder/estimateGates.test.ts holds them within 8%.
 */
import type { BlackBoxCall, BlackBoxName, Circuit } from "./circuit.ts";
import { type AssertZeroOp, type Operation, decodeOperations } from "./operations.ts";

export interface GateEstimate {
  readonly total: number;
  /** Gates by scope path with indices removed (`tx[3].nonce` counts as `tx[].nonce`), each including what lies inside. */
  readonly byScope: ReadonlyMap<string, number>;
  readonly byKind: ReadonlyMap<string, number>;
}

export function estimateGates(circuit: Circuit): GateEstimate {
  const ops = decodeOperations(circuit);
  const tables = tableUse(ops);
  const ranges = new Set<number>();
  const seen = new Map<BlackBoxName, number>();
  const byScope = new Map<string, number>();
  const byKind = new Map<string, number>();
  const scopeGates = new Map<number, number>();
  let total = EMPTY_CIRCUIT + circuit.publicInputs.length;
  for (const op of ops) {
    const gates = gatesOf(op, circuit, tables, seen);
    for (const bits of rangeLists(op)) ranges.add(bits);
    total += gates;
    scopeGates.set(op.scope, (scopeGates.get(op.scope) ?? 0) + gates);
    const kind = op.kind === "BLACK_BOX" ? op.call.name : op.kind;
    byKind.set(kind, (byKind.get(kind) ?? 0) + gates);
  }
  let lists = 0;
  for (const bits of ranges) lists += 2 ** bits / 6 + 4;
  byKind.set("range lists", lists);
  total = Math.max(total + lists, lookupTables(seen));
  for (const [scope, gates] of scopeGates) addToScopes(circuit, scope, gates, byScope);
  return { total: Math.round(total), byScope, byKind };
}

const EMPTY_CIRCUIT = 17;
const LIMB_BITS = 14;

/** First use and each further use of a black box. */
const BLACK_BOX_GATES: Record<
  Exclude<BlackBoxName, "AND" | "XOR">,
  readonly [first: number, further: number]
> = {
  Poseidon2Permutation: [73, 73],
  Keccakf1600: [17_380, 17_380],
  Sha256Compression: [3_946, 3_946],
  EcdsaSecp256k1: [42_610, 37_255],
  RecursiveAggregation: [682_250, 744_690],
};

/** Rows of lookup tables: a circuit is never smaller than the tables it uses. */
const TABLE_ROWS: Partial<Record<BlackBoxName, number>> = {
  AND: 4_096,
  XOR: 4_096,
  Keccakf1600: 40_600,
  Sha256Compression: 33_930,
};

function gatesOf(op: Operation, circuit: Circuit, tables: TableUse, seen: Map<BlackBoxName, number>) {
  switch (op.kind) {
    case "ASSERT_ZERO":
      return assertZeroGates(op);
    case "RANGE":
      return rangeGates(op.bits);
    case "MEMORY_INIT": {
      const { entries } = circuit.tables[op.table]!;
      if (tables.written.has(op.table)) return entries.length * 4.42;
      return tables.read.has(op.table) ? entries.length * 3 : 0;
    }
    case "MEMORY_READ":
      return tables.written.has(op.table) ? 4.42 : 2;
    case "MEMORY_WRITE":
      return 4.42;
    case "BLACK_BOX": {
      const used = seen.get(op.call.name) ?? 0;
      seen.set(op.call.name, used + 1);
      return blackBoxGates(op.call, used === 0);
    }
  }
}

/**
 * A gate takes four wires and one product of two of them; a longer sum carries a running total in the fourth wire, so
 * the first gate takes 4 wires and each further one 3. Every product has its own gate.
 */
function assertZeroGates({ products, terms }: AssertZeroOp): number {
  const inProducts = new Set(products.flatMap(([, a, b]) => [a, b]));
  const loose = terms.filter(([, wire]) => !inProducts.has(wire)).length;
  if (products.length === 0) return Math.max(1, Math.ceil((loose - 1) / 3));
  const spare = products.length + 1;
  return products.length + Math.ceil(Math.max(0, loose - spare) / 3);
}

/** One bit is a product; up to 14 bits one row of a range list; more are split into 14-bit limbs and summed. */
function rangeGates(bits: number): number {
  if (bits === 1) return 1;
  const limbs = Math.ceil(bits / LIMB_BITS);
  return limbs === 1 ? 1.25 : limbs / 4 + Math.ceil(limbs / 3);
}

/** The range lists an operation needs; each width is paid once a circuit. */
function rangeLists(op: Operation): number[] {
  const lists = (bits: number): number[] =>
    bits < LIMB_BITS ? (bits > 1 ? [bits] : []) : [LIMB_BITS, bits % LIMB_BITS].filter((n) => n > 0);
  if (op.kind === "RANGE") return lists(op.bits);
  if (op.kind === "BLACK_BOX" && (op.call.name === "AND" || op.call.name === "XOR"))
    return lists(op.call.parameter % 32);
  return [];
}

function blackBoxGates({ name, parameter }: BlackBoxCall, first: boolean): number {
  if (name !== "AND" && name !== "XOR") return BLACK_BOX_GATES[name][first ? 0 : 1];
  const chunks = Math.ceil(parameter / 32);
  const rest = parameter % 32;
  return 9 * chunks - 3 + (rest === 0 ? 0 : 2 * (rest === 1 ? 1.25 : rangeGates(rest)));
}

function lookupTables(seen: ReadonlyMap<BlackBoxName, number>): number {
  let rows = EMPTY_CIRCUIT;
  for (const name of seen.keys()) rows += TABLE_ROWS[name] ?? 0;
  return rows;
}

interface TableUse {
  readonly read: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
}

/** `bb` treats a RAM that is never written as a ROM and makes nothing of a table that is never read. */
function tableUse(ops: readonly Operation[]): TableUse {
  const [read, written] = [new Set<number>(), new Set<number>()];
  for (const op of ops) {
    if (op.kind === "MEMORY_READ") read.add(op.table);
    if (op.kind === "MEMORY_WRITE") written.add(op.table);
  }
  return { read, written };
}

function addToScopes(circuit: Circuit, scope: number, gates: number, byScope: Map<string, number>): void {
  const seen = new Set<string>();
  for (let s = scope; s !== 0; s = circuit.names.parentOf(s))
    seen.add(circuit.names.path(s).replace(/\[\d+\]/g, "[]"));
  for (const path of seen) byScope.set(path, (byScope.get(path) ?? 0) + gates);
}
