import { expect } from "chai";
import { untested } from "../../scripts/untestedErrors.ts";

describe("contracts: named in a test", () => {
  it("every custom error, and every invariant of settlement, verifier and data availability", () => {
    expect(untested("{settlement,verifier,data-availability}")).to.deep.equal({ errors: [], invariants: [] });
  });
});
