import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { caseOfText } from "./fuzzCase.ts";
import { proveCase } from "./proveCase.ts";

/** What the fuzz has found, made small: each was refused once, or could not be planned. */
describe("EVM: cases that random blocks have found", function () {
  this.timeout(60_000);
  const folder = new URL("regressions/", import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json")))
    it(name.replace(/\.json$/, ""), async () => {
      const { failure, rows } = await proveCase(caseOfText(readFileSync(new URL(name, folder), "utf8")));
      expect(failure).to.equal(undefined);
      expect(rows).to.be.greaterThan(2);
    });
});
