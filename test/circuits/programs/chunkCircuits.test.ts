import { expect } from "chai";
import { estimateGates } from "../../../circuits/builder/estimateGates.ts";
import { CHUNK_CIRCUITS, chunkCircuit } from "../../../circuits/programs/chunkCircuits.ts";
import { assertDistinctKeys } from "../../../circuits/programs/keys.ts";
import { findProvenProgram, provenProgramNames } from "../../../protocol/programs/provenPrograms.ts";
import { expectCode } from "../builder/expectCode.ts";

const PROFILES = provenProgramNames().flatMap((name) => findProvenProgram(name)!.profiles);

describe("circuits of chunks", () => {
  const names = CHUNK_CIRCUITS.map(({ name }) => name);

  it("are those that the programs' profiles name, each once", () => {
    const named = PROFILES.map(({ name }) => name);
    expect(names).to.have.members([...new Set(named)]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("have names that outer programs leave free, and that jobs and records take", () => {
    assertDistinctKeys(Object.fromEntries(names.map((name, i) => [name, BigInt(i + 1)])));
    for (const name of names) expect(name.length).to.be.at.most(32);
    for (const outer of ["batch", "epoch"]) expect(names).not.to.include(outer);
  });

  for (const { name, gates } of PROFILES)
    it(`have the gates that their profiles say, as far as an estimate tells: ${name}`, () => {
      const estimate = estimateGates(chunkCircuit(name).shape().circuit).total;
      expect(estimate / gates).to.be.within(0.98, 1.08);
    }).timeout(60_000);

  it("are found by name alone", () => {
    for (const circuit of CHUNK_CIRCUITS) expect(chunkCircuit(circuit.name)).to.equal(circuit);
    const known = names.join(" ");
    expectCode(() => chunkCircuit("batch"), { code: "CHUNK_CIRCUIT_UNKNOWN", circuit: "batch", known });
  });
});
