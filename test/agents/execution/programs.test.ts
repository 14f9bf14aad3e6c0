import { expect } from "chai";
import { programs } from "../../../agents/kit/execution/programs.ts";
import { PROGRAMS } from "../../../protocol/genesis.ts";
import { PROVEN_PROGRAMS, provenProgramNames } from "../../../protocol/programs/provenPrograms.ts";

describe("programs of chains", () => {
  it("I-NODE-03: a chain is metered exactly if it is proven, by the profiles that batchers cut with", () => {
    for (const name of PROGRAMS) expect(programs[name].proof?.profiles, name).to.equal(PROVEN_PROGRAMS[name]);
  });

  it("all that are proven have the same rules: a settled batch does not tell which circuits proved it", () => {
    const lists = provenProgramNames().map((name) => programs[name].precompiles);
    for (const list of lists) expect(list).to.deep.equal(programs.evm.precompiles);
  });
});
