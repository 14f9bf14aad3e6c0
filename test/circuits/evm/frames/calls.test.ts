import { expect } from "chai";
import { check } from "../../../../circuits/builder/check.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { call, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

const B = 0xbbbbn;

function expectProven(world: World): PlannedRun {
  const run = new PlannedRun(world);
  expect(run.book.shortages()).to.deep.equal([]);
  const { circuit, witness } = buildRun(run);
  expect(check(circuit, witness, 5).broken).to.deep.equal([]);
  return run;
}

describe("frames of the program evm", () => {
  it("proves a frame that stops", () => {
    const run = expectProven({ contracts: new Map([[RECIPIENT, program(1, "POP", "STOP")]]) });
    expect(run.result.success).to.equal(true);
  });

  it("proves a call that writes and returns a word", () => {
    const callee = program(7, 1, "SSTORE", 9, 0, "MSTORE", 32, 0, "RETURN");
    const caller = program(call({ to: B, output: [4, 32] }), "POP", "STOP");
    const run = expectProven({ contracts: new Map([[RECIPIENT, caller], [B, callee]]) }); // prettier-ignore
    expect(run.result.frames.map(({ outcome }) => outcome.reason)).to.deep.equal(["STOP", "RETURN"]);
  });
  void OPCODE;
});
