import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { emitProgram } from "../../../../circuits/builder/emit.ts";
import { lintUsage } from "../../../../circuits/builder/usageLint.ts";
import { everything, worldOf } from "./demoWorld.ts";
import { buildWorld } from "./memoryWorld.ts";
import { MEMORY_USED_ONCE } from "./usage.ts";

/** What is not memory's: the pool of hashes has its own lint, the rest are stand-ins. */
const OTHERS = /^(pool|shift|codeWord|code|literal|row|return)[.[]/;

describe("chips of memory, statically", () => {
  const world = worldOf(everything);
  const { capacities } = world.book;
  const { circuit } = buildWorld(capacities, null);

  it("prove every bound they rely on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("tie every wire, and need every exception", () => {
    const { faults, unusedExceptions } = lintUsage(circuit, MEMORY_USED_ONCE);
    expect(faults.filter(({ wire }) => !OTHERS.test(wire))).to.deep.equal([]);
    expect(unusedExceptions).to.deep.equal([]);
  });

  it("are the same circuit with a plan and without", () =>
    expect(
      Buffer.from(emitProgram(buildWorld(capacities, world).circuit)).equals(emitProgram(circuit)),
    ).to.equal(true));
});
