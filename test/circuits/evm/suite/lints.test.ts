/** What can be said of the whole program without a witness, and that a witness changes nothing of it. */
import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import type { Circuit } from "../../../../circuits/builder/circuit.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { lintUsage } from "../../../../circuits/builder/usageLint.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import { evenProfile, otherChunk, realisticChunk, roomyProfile } from "./realisticChunk.ts";
import { EVM_USED_ONCE } from "./usedOnce.ts";

describe("EVM: the whole program, statically", function () {
  this.timeout(120_000);

  let circuit: Circuit;
  before(() => (circuit = buildEvm(evenProfile(4), null).circuit));

  it("proves every bound it relies on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("ties every wire, and needs every exception", () =>
    expect(lintUsage(circuit, EVM_USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] }));

  it("is the same circuit with a chunk, with another, and without", async () => {
    const chunk = await realisticChunk();
    const profile = roomyProfile(chunk);
    const shape = Buffer.from(emitProgram(buildEvm(profile, null).circuit));
    for (const input of [chunk, await otherChunk()]) {
      const plan = planEvm(profile, input);
      expect(shape.equals(emitProgram(buildEvm(profile, plan).circuit))).to.equal(true);
    }
  });
});
