import { expect } from "chai";
import type { Built } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { brokenBy, type Overrides } from "../../../circuits/builder/forge.ts";

/** The witness satisfies every constraint. */
export function expectSound(built: Built): void {
  expect(check(built.circuit, built.witness, 5).broken).to.deep.equal([]);
}

/** With these wires forged, the constraint `name` (scope path and name) is among the broken ones. */
export function expectBroken(built: Built, overrides: Overrides, name: string): void {
  const names = brokenBy(built, overrides).map((broken) => broken.name);
  expect(names, `forged witness breaks ${name}`).to.include(name);
}

/** With these wires forged, exactly these constraints are broken. */
export function expectOnlyBroken(built: Built, overrides: Overrides, names: readonly string[]): void {
  const broken = brokenBy(built, overrides).map((constraint) => constraint.name);
  expect([...new Set(broken)]).to.deep.equal(names);
}
