/** What a gadget's circuit must show whatever it computes: bounds proven, wires tied, changes noticed. */
import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { Builder, type Built } from "../../../../circuits/builder/builder.ts";
import { check } from "../../../../circuits/builder/check.ts";
import { circuitDigest } from "../../../../circuits/builder/emit.ts";
import { lintUsage, type UsageException } from "../../../../circuits/builder/usageLint.ts";
import { mod } from "../../../../protocol/field.ts";
import type { Random } from "../../../protocol/random.ts";

/** Wires whose change is not noticed, by their full names, and why that is right. */
export interface FreeWire {
  readonly name: RegExp;
  readonly because: string;
}

/** Both lints are clean, apart from the exceptions, each of which is needed. */
export function expectClean(built: Built, exceptions: readonly UsageException[]): void {
  expect(lintBounds(built.circuit).faults).to.deep.equal([]);
  expect(lintUsage(built.circuit, exceptions)).to.deep.equal({ faults: [], unusedExceptions: [] });
}

/** The circuit built without a witness is the circuit that is proven. */
export function expectSameShape(built: Built, body: (b: Builder) => unknown): void {
  const b = new Builder("shape");
  body(b);
  expect(circuitDigest(b.finish().circuit)).to.equal(circuitDigest(built.circuit));
}

/** Of each kind of wire, `picks` are changed, one at a time and in two ways, and none without notice. */
export function expectNoticed(built: Built, random: Random, picks: number, free: readonly FreeWire[]): void {
  const { circuit, witness } = built;
  const kinds = new Map<string, number[]>();
  for (let wire = 0; wire < circuit.wireCount; wire++) {
    const full = circuit.wireName(wire);
    if (full.startsWith("constants.") || free.some(({ name }) => name.test(full))) continue;
    const kind = full.replace(/\[\d+\]/g, "[]");
    kinds.set(kind, [...(kinds.get(kind) ?? []), wire]);
  }
  const unnoticed: string[] = [];
  const forged = [...witness];
  for (const wires of kinds.values())
    for (const wire of wires.length <= picks
      ? wires
      : Array.from({ length: picks }, () => random.pick(wires))) {
      const honest = witness[wire]!;
      for (const lie of [honest ^ 1n, mod(honest + 2n ** 64n)]) {
        forged[wire] = mod(lie);
        if (check(circuit, forged, 1).broken.length === 0) unnoticed.push(circuit.wireName(wire));
      }
      forged[wire] = honest;
    }
  expect(unnoticed).to.deep.equal([]);
}

/** Names a job's wires as public inputs, as a caller's tables would take them. */
export const publish = (
  b: Builder,
  wires: Readonly<Record<string, { readonly index: number; readonly max: bigint }>>,
): void => {
  for (const [name, wire] of Object.entries(wires)) b.publicInput(wire, name);
};
