/** Every wire of frames and exceptions, changed alone, is noticed; but inverses of zero, and a flag that may have either value. */
import { expect } from "chai";
import { demoCreation } from "./creationWorld.ts";
import { freeWires } from "../../../../circuits/builder/perturb.ts";
import { call, program } from "./assembler.ts";
import { buildRun } from "./framesWorld.ts";
import { PlannedRun, RECIPIENT, type World } from "./plannedRun.ts";

const [B, C] = [0xbbbbn, 0xccccn];
const contracts = (...codes: readonly Uint8Array[]): World["contracts"] =>
  new Map(codes.map((code, i) => [[RECIPIENT, B, C][i]!, code]));
const balances = new Map([[RECIPIENT, 1000n], [B, 9n]]); // prettier-ignore

/** `masks`: whether a copy looks at what is available where all is available (copyRows.ts); the hash of init code, which nobody has. */
const HARMLESS = /\.inverse$|\.copy\.masks$|^codeObject\[2\]\.hash\./;

describe("frames: perturbation", () => {
  const worlds: Readonly<Record<string, World>> = {
    "calls inside calls": { contracts: contracts(program(call({ to: B, value: 5, output: [3, 16] }), "POP", "STOP"), program(call({ op: "DELEGATECALL", to: C, output: [0, 9] }), 1, "SSTORE", "STOP"), program(5, 0, "MSTORE", 40, 5, "REVERT")), balances, capacities: { frames: 3, exceptions: 1 } }, // prettier-ignore
    "halts": { contracts: contracts(program(call({ to: B }), "POP", call({ op: "STATICCALL", to: C }), "STOP"), program(1, 2n ** 60n, 0, "MCOPY"), program(1, 1, "SSTORE")), balances, capacities: { frames: 3, exceptions: 3 } }, // prettier-ignore
    "a jump to nowhere, an account that goes": { contracts: contracts(program(call({ to: B }), "POP", call({ to: C }), "STOP"), program(0x1234, "SELFDESTRUCT"), program(1, 3, "JUMPI")), balances, capacities: { frames: 3, exceptions: 2 } }, // prettier-ignore
  };
  for (const [name, world] of Object.entries(worlds))
    it(name, () => {
      const run = new PlannedRun(world);
      expect(run.book.shortages()).to.deep.equal([]);
      const built = buildRun(run);
      const own = (wire: number): boolean =>
        /^(frame\[2\]|exception\[0\])/.test(built.circuit.wireName(wire));
      expect(freeWires(built, own).filter((wire) => !HARMLESS.test(wire))).to.deep.equal([]);
    }).timeout(60_000);

  it("a creation that deposits, one that is destroyed", () => {
    const run = new PlannedRun(demoCreation);
    expect(run.book.shortages()).to.deep.equal([]);
    const built = buildRun(run);
    const own = (wire: number): boolean =>
      /^(frame\[2\]|code\.row\[[12]\]\.(?!.*\[[1-7]\d\])|codeObject\[[23]\]|messages\.message(Row)?\[[01]\]|settle\[[01]\])/.test(
        built.circuit.wireName(wire),
      );
    expect(freeWires(built, own).filter((wire) => !HARMLESS.test(wire))).to.deep.equal([]);
  }).timeout(120_000);
});
