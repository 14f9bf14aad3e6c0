import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { circuitDigest } from "../../../circuits/builder/emit.ts";
import { estimateGates } from "../../../circuits/builder/estimateGates.ts";

const FOLDER = join(import.meta.dirname, "..", "snapshots");

/** What review sees when a circuit changes. */
export interface CircuitSnapshot {
  /** As estimated: within 8% of `bb gates`. */
  readonly gates: number;
  readonly digest: string;
}

const snapshotOf = (circuit: Circuit): CircuitSnapshot => ({
  gates: estimateGates(circuit).total,
  digest: circuitDigest(circuit),
});

/**
 * The circuits are those of test/circuits/snapshots/`name`.json. With UPDATE_SNAPSHOTS=1 the file is written instead.
 */
export function expectSnapshot(name: string, circuits: Readonly<Record<string, Circuit>>): void {
  const file = join(FOLDER, `${name}.json`);
  const actual = Object.fromEntries(
    Object.entries(circuits).map(([key, circuit]) => [key, snapshotOf(circuit)]),
  );
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  }
  expect(actual, `${file}; UPDATE_SNAPSHOTS=1 writes it`).to.deep.equal(
    JSON.parse(readFileSync(file, "utf8")),
  );
}
