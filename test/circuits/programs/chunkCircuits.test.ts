import { expect } from "chai";
import { CHUNK_CIRCUITS, chunkCircuit } from "../../../circuits/programs/chunkCircuits.ts";
import { assertDistinctKeys } from "../../../circuits/programs/keys.ts";
import {
  replacementCapacity,
  TRANSFERS_PARAMETERS,
} from "../../../circuits/programs/transfers/parameters.ts";
import { findProvenProgram, provenProgramNames } from "../../../protocol/programs/provenPrograms.ts";
import { expectCode } from "../builder/expectCode.ts";

describe("circuits of chunks", () => {
  const names = CHUNK_CIRCUITS.map(({ name }) => name);

  it("are those that the programs' profiles name, each once", () => {
    const named = provenProgramNames().flatMap((name) =>
      findProvenProgram(name)!.profiles.map((profile) => profile.name),
    );
    expect(names).to.have.members([...new Set(named)]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it("have names that outer programs leave free, and that jobs and records take", () => {
    assertDistinctKeys(Object.fromEntries(names.map((name, i) => [name, BigInt(i + 1)])));
    for (const name of names) expect(name.length).to.be.at.most(32);
    for (const outer of ["batch", "epoch"]) expect(names).not.to.include(outer);
  });

  it("of transfers holds what its profile says", () => {
    const [profile] = findProvenProgram("transfers")!.profiles;
    const { blocks, transfers } = TRANSFERS_PARAMETERS;
    const replacements = replacementCapacity(TRANSFERS_PARAMETERS);
    expect(profile!.capacities).to.deep.equal({ blocks, transfers, replacements });
  });

  it("are found by name alone", () => {
    for (const circuit of CHUNK_CIRCUITS) expect(chunkCircuit(circuit.name)).to.equal(circuit);
    const known = names.join(" ");
    expectCode(() => chunkCircuit("batch"), { code: "CHUNK_CIRCUIT_UNKNOWN", circuit: "batch", known });
  });
});
