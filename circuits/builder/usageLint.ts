/**
 * Finds wires that constrain too little. A value that is computed and then tied to nothing is the commonest hole, and
 * no random test sees it. Where a single use is right (the free inverse of `isZero`), the author says why.
 */
import type { Circuit } from "./circuit.ts";
import { type Operation, decodeOperations, operationName, wiresOf } from "./operations.ts";

/** Why wires of this name may be used once. */
export interface UsageException {
  /** Matches the full name with indices removed (`tx[].nonce`). Anchored at both ends: it must not excuse a namesake. */
  readonly name: RegExp;
  readonly because: string;
}

export interface UsageFault {
  /**
   * UNCONSTRAINED: no constraint mentions it. UNTIED: only bounds it, so any value in the range does.
   * USED_ONCE: one constraint mentions it, which is its own definition or a mere sum.
   */
  readonly problem: "UNCONSTRAINED" | "UNTIED" | "USED_ONCE";
  readonly wire: string;
  /** The last constraint that mentions it. */
  readonly constraint?: string;
}

export interface UsageReport {
  readonly faults: readonly UsageFault[];
  /** Exceptions that matched no wire: delete them. */
  readonly unusedExceptions: readonly UsageException[];
}

/** Exceptions that hold in every circuit: wires of the builder's own functions, by `wire in constraint`. */
const BUILDER_EXCEPTIONS: readonly { readonly use: RegExp; readonly because: string }[] = [
  {
    use: /^(.*)\.inverse in \1(\.one)?$/,
    because:
      "isZero, assertNotZero: an inverse exists to satisfy its one product; its value says nothing else",
  },
  {
    use: /^(.*)\.low in \1\.split$/,
    because: "isLess: the remainder of a division is bounded by its range and fixed by the division",
  },
];

export function lintUsage(circuit: Circuit, exceptions: readonly UsageException[] = []): UsageReport {
  const { ties, last } = countTies(circuit);
  const matched = new Set<UsageException>();
  const isAllowed = (wire: string, constraint: string | undefined): boolean => {
    if (BUILDER_EXCEPTIONS.some(({ use }) => use.test(`${wire} in ${constraint}`))) return true;
    const name = wire.replace(/\[\d+\]/g, "[]");
    const rule = exceptions.find((e) => e.name.test(name));
    if (rule) matched.add(rule);
    return rule !== undefined;
  };
  const faults: UsageFault[] = [];
  for (let index = 0; index < circuit.wireCount; index++) {
    if (ties[index]! > 1) continue;
    const wire = circuit.wireName(index);
    const op = last.get(index);
    const constraint = op && operationName(circuit, op);
    if (isAllowed(wire, constraint)) continue;
    if (constraint === undefined) faults.push({ problem: "UNCONSTRAINED", wire });
    else faults.push({ problem: ties[index] === 0 ? "UNTIED" : "USED_ONCE", wire, constraint });
  }
  return { faults, unusedExceptions: exceptions.filter((e) => !matched.has(e)) };
}

/** How many constraints tie each wire to something, and the last one that mentions it. */
function countTies(circuit: Circuit): { ties: number[]; last: ReadonlyMap<number, Operation> } {
  const ties = new Array<number>(circuit.wireCount).fill(0);
  const last = new Map<number, Operation>();
  const ops = decodeOperations(circuit);
  const unread = unreadTables(circuit, ops);
  for (const op of ops) {
    if (op.kind === "MEMORY_INIT" && unread.has(op.table)) continue;
    const weight = tieWeight(op);
    for (const wire of new Set(wiresOf(op, circuit))) {
      ties[wire]! += weight;
      last.set(wire, op);
    }
  }
  for (const { wire } of circuit.publicInputs) ties[wire]! += 1;
  return { ties, last };
}

/** A bound ties a wire to nothing; an equation with a constant fixes it entirely. */
function tieWeight(op: Operation): number {
  if (op.kind === "RANGE") return 0;
  if (op.kind !== "ASSERT_ZERO") return 1;
  const { products, terms } = op;
  if (products.length === 0 && terms.length === 1) return 2;
  const isBooleanCheck =
    products.length === 1 &&
    terms.length === 1 &&
    products[0]![1] === products[0]![2] &&
    products[0]![1] === terms[0]![1];
  return isBooleanCheck ? 0 : 1;
}

/** `bb` makes no constraint for a table that is never accessed. */
function unreadTables(circuit: Circuit, ops: readonly Operation[]): Set<number> {
  const unread = new Set(circuit.tables.keys());
  for (const op of ops) if (op.kind === "MEMORY_READ" || op.kind === "MEMORY_WRITE") unread.delete(op.table);
  return unread;
}
