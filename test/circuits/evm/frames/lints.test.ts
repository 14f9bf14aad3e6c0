import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { Builder } from "../../../../circuits/builder/builder.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { lintUsage } from "../../../../circuits/builder/usageLint.ts";
import { call, program } from "./assembler.ts";
import { demoCreation, ROOM } from "./creationWorld.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT } from "./plannedRun.ts";
import { FRAMES_USED_ONCE } from "./usage.ts";

const OWN = /^(frame|exception|settle|code)[.[]/;

describe("frames, statically", () => {
  const capacities = { ...ROOM, exceptions: 2 };
  const run = new PlannedRun({ ...demoCreation, capacities });
  const { circuit } = buildRun(run, new Builder("shape"));

  it("prove every bound they rely on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("tie every wire, and need every exception", () => {
    const { faults, unusedExceptions } = lintUsage(circuit, FRAMES_USED_ONCE);
    expect([
      ...new Set(faults.map(({ wire }) => wire.replace(/\d+/g, "")).filter((wire) => OWN.test(wire))),
    ]).to.deep.equal([]);
    expect(unusedExceptions).to.deep.equal([]);
  });

  it("are the same circuit with this plan, another, and none", () => {
    const contracts = new Map([[RECIPIENT, program(call({ to: 5n }), "STOP")]]);
    const other = new PlannedRun({
      contracts: new Map([...contracts].map(([a]) => [a, program(1, "STOP")])),
      capacities,
    });
    const shape = Buffer.from(emitProgram(circuit));
    for (const plan of [run, other]) expect(shape.equals(emitProgram(buildRun(plan).circuit))).to.equal(true);
  });
});
