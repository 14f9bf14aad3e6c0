/** What one more of each takes, where 128 of each are: the figures of the gadget's files and of its profiles. */
import { expect } from "chai";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { topLevels } from "../../../../protocol/state/treeAccessShape.ts";
import { shapeCircuit } from "./shapeCircuit.ts";

const COUNTS = { reads: 128, writes: 128, insertions: 128, absences: 128 };

/** Without range lists, which a circuit pays once. */
const gatesOf = (height: number, less: Partial<typeof COUNTS> = {}, touched = 2): number => {
  const { total, byKind } = estimateGates(shapeCircuit({ height, ...COUNTS, ...less }, touched));
  return total - (byKind.get("range lists") ?? 0);
};

describe("costs of tree accesses", function () {
  this.timeout(60_000);

  it("a read one path, a write two, whatever the tree's height", () => {
    const costs = [16, 20, 24, 32].map((height) => {
      const all = gatesOf(height);
      const one = (less: Partial<typeof COUNTS>): number => Math.round(all - gatesOf(height, less));
      return { height, read: one({ reads: 127 }), write: one({ writes: 127 }) };
    });
    expect(costs).to.deep.equal([
      { height: 16, read: 781, write: 1576 },
      { height: 20, read: 1089, write: 2190 },
      { height: 24, read: 1397, write: 2805 },
      { height: 32, read: 2013, write: 4034 },
    ]);
  });

  it("an insertion and an absence no path: that of the leaf below is a write or a read", () => {
    const all = gatesOf(16);
    expect(Math.round(all - gatesOf(16, { insertions: 127 }))).to.equal(385);
    expect(Math.round(all - gatesOf(16, { absences: 127 }))).to.equal(108);
    // With the four flags and the birth, which are the caller's: 5.5 gates.
    expect(Math.round(all - gatesOf(16, {}, 1))).to.equal(25);
  });

  it("a level of the top for all instead of one for each, while that is less", () => {
    const top = (reads: number, writes: number, height = 20) =>
      topLevels({ ...COUNTS, height, reads, writes });
    expect([top(0, 0), top(1, 1), top(32, 32), top(128, 128), top(512, 512)]).to.deep.equal([0, 1, 6, 8, 10]);
    expect(top(512, 512, 6)).to.equal(5);
  });
});
