/**
 * Whether a change of one wire is noticed. Most are by a constraint that mentions the wire, which is looked at first; all others go
 * through the whole circuit, so that every wire of a large one can be changed.
 */
import type { Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { evaluateBlackBox, isRecomputed } from "../../../../circuits/builder/nativeBlackBox.ts";
import { decodeOperations, type Operation, wiresOf } from "../../../../circuits/builder/operations.ts";
import { FIELD_MODULUS } from "../../../../protocol/field.ts";

export class WireChanges {
  readonly #built: Built;
  readonly #forged: bigint[];
  readonly #mentions: Operation[][];
  /** Tables that are only read: what they hold does not depend on when. */
  readonly #written = new Set<number>();

  constructor(built: Built) {
    this.#built = built;
    this.#forged = [...built.witness];
    this.#mentions = built.witness.map(() => []);
    const { circuit } = built;
    for (const op of decodeOperations(circuit)) {
      if (op.kind === "MEMORY_WRITE") this.#written.add(op.table);
      if (op.kind !== "MEMORY_INIT")
        for (const wire of new Set(wiresOf(op, circuit))) this.#mentions[wire]!.push(op);
    }
  }

  isNoticed(wire: number, value: bigint): boolean {
    const { circuit, witness } = this.#built;
    const forged = this.#forged;
    forged[wire] = value;
    try {
      if (this.#mentions[wire]!.some((op) => !this.#holds(op))) return true;
      return check(circuit, forged).broken.length > 0;
    } finally {
      forged[wire] = witness[wire]!;
    }
  }

  /** True also where it is left open. */
  #holds(op: Operation): boolean {
    const values = this.#forged;
    const at = (wire: number): bigint => values[wire]!;
    if (op.kind === "RANGE") return at(op.wire) >> BigInt(op.bits) === 0n;
    if (op.kind === "ASSERT_ZERO") {
      let sum = op.constant;
      for (const [k, a, b] of op.products) sum += k * at(a) * at(b);
      for (const [k, a] of op.terms) sum += k * at(a);
      return sum % FIELD_MODULUS === 0n;
    }
    if (op.kind === "MEMORY_READ" && !this.#written.has(op.table)) {
      const { entries } = this.#built.circuit.tables[op.table]!;
      const index = at(op.index);
      return index < BigInt(entries.length) && at(entries[Number(index)]!) === at(op.value);
    }
    if (op.kind !== "BLACK_BOX" || !isRecomputed(op.call.name)) return true;
    const { name, inputs, outputs, parameter } = op.call;
    const given = inputs.map((group) => group.map((x) => (typeof x === "bigint" ? x : at(x))));
    const made = evaluateBlackBox(name, given, parameter);
    return made !== null && made.every((value, i) => value === at(outputs[i]!));
  }
}
