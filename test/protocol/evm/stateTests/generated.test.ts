import { expect } from "chai";
import { MATRICES, generateFixture } from "./generate.ts";
import { runFixture } from "./runFixture.ts";
import { Tally } from "./tally.ts";

/** BVM_STATE_TESTS="seed:most" takes others, or more; all of them: scripts/stateTests.ts --generate. */
const [seed, most] = (process.env["BVM_STATE_TESTS"] ?? "1:10").split(":").map(Number) as [number, number];

describe("state tests by matrices of rules, expectations by the reference implementation", () => {
  for (const [name, matrix] of MATRICES)
    it(name, async () => {
      const lines: string[] = [];
      const tally = new Tally((line) => lines.push(line));
      const fixture = await generateFixture(matrix, { seed, most });
      await runFixture({ folder: name, file: name }, fixture, tally, {
        fork: "Cancun",
        isFirstFailureLast: false,
      });
      expect(lines.join("\n")).to.equal("");
      expect(tally.passed).to.equal(Object.keys(fixture).length);
    });
});
