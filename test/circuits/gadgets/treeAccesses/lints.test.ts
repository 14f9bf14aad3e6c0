import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { type UsageException, lintUsage } from "../../../../circuits/builder/usageLint.ts";
import { expectSnapshot } from "../../builder/expectSnapshot.ts";
import { shapeCircuit } from "./shapeCircuit.ts";

const USED_ONCE: readonly UsageException[] = [
  {
    name: /^(tree\.(read|write|insertion)\[\]\.(leaf|leafAfter|(path|pathAfter)\.node\[\])|tree\.top\.(before|after)\.node\[\]\[\]\.hash|tree\.(before|after)\.beyond\[\]|tree\.append\.(unused\.node\[\]|node\[\]\[\]))\.permutation\[\]\[\]$/,
    because: "a sponge's result is its first lane; the others are what the permutation makes them",
  },
  {
    name: /^tree\.read\[\]\.nextIndex$/,
    because: "a leaf that is only read: its hash fixes it, and nothing needs it",
  },
  {
    name: /^tree\.read\[\]\.(turn\[\]|subtree)$/,
    because: "where the leaf is read does not matter, only that it is in the tree",
  },
  {
    name: /^tree\.(write|insertion)\[\]\.(nextKey|nextIndex)\.new$/,
    because: "what a link becomes, if it is linked: the choice takes it, the links' tables hold the result",
  },
  {
    name: /^tree\.write\[\]\.changes$/,
    because: "of the last row: no index comes after",
  },
  {
    name: /^tree\.(write\[\]\.later|insertion\[\]\.later\.(low|high)|(insertion|absence)\[\]\.gap\.(next\.limit|aboveLow|belowNext)\.(low|high)|append\.room)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  { name: /^(root|tree\.leafCount)$/, because: "the tree before and after: the caller's" },
  {
    name: /^leaf\[\]\.(key|before|after|isChanged|isInserted|birth)$/,
    because: "a touched leaf: the caller's",
  },
];

describe("TreeAccesses, statically", () => {
  const circuit = shapeCircuit({ height: 6, reads: 3, writes: 3, insertions: 3, absences: 2 }, 5);

  it("proves every bound it relies on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("ties every wire, and needs every exception", () =>
    expect(lintUsage(circuit, USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] }));

  it("is the circuit of the snapshot", () => {
    const counts = { reads: 128, writes: 128, insertions: 128, absences: 128 };
    const full = shapeCircuit({ height: 20, ...counts }, 512);
    const whole = shapeCircuit({ height: 32, ...counts }, 512);
    expectSnapshot("treeAccesses", { small: circuit, full, whole });
  });
});
