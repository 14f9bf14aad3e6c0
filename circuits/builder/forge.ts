/** The cheating prover as a test tool: change wires of a good witness and see which constraint notices. */
import { mod } from "../../protocol/field.ts";
import { type BrokenConstraint, check } from "./check.ts";
import type { Built } from "./builder.ts";
import type { Circuit } from "./circuit.ts";
import { builderError } from "./errors.ts";
import type { Wire } from "./wire.ts";

/** A wire by its full name (scope path and name), or by its handle. */
export type WireRef = string | Wire;
export type Overrides = ReadonlyMap<WireRef, bigint> | Readonly<Record<string, bigint>>;

/** The wires with this full name, in order of creation. */
export function wiresNamed(circuit: Circuit, name: string): number[] {
  const found: number[] = [];
  for (let wire = 0; wire < circuit.wireCount; wire++) if (circuit.wireName(wire) === name) found.push(wire);
  return found;
}

/** The one wire with this full name. Throws UNKNOWN_NAME, AMBIGUOUS_NAME. */
export function wireNamed(circuit: Circuit, name: string): number {
  const found = wiresNamed(circuit, name);
  if (found.length === 0) throw builderError({ code: "UNKNOWN_NAME", name });
  if (found.length > 1) throw builderError({ code: "AMBIGUOUS_NAME", name, count: found.length });
  return found[0]!;
}

/** A copy of the witness with some wires replaced. */
export function forge({ circuit, witness }: Built, overrides: Overrides): bigint[] {
  const forged = [...witness];
  const list =
    overrides instanceof Map ? [...overrides] : Object.entries(overrides as Record<string, bigint>);
  for (const [ref, value] of list) {
    const wire = typeof ref === "string" ? wireNamed(circuit, ref) : (ref as Wire).index;
    forged[wire] = mod(value as bigint);
  }
  return forged;
}

/** Every constraint the forged witness breaks, in circuit order. */
export function brokenBy(built: Built, overrides: Overrides, limit = 1000): readonly BrokenConstraint[] {
  return check(built.circuit, forge(built, overrides), limit).broken;
}
