import { expect } from "chai";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import type { Circuit } from "../../../circuits/builder/circuit.ts";
import { type UsageException, lintUsage } from "../../../circuits/builder/usageLint.ts";
import { buildBatch } from "../../../circuits/programs/batch.ts";
import { buildBatchMerge } from "../../../circuits/programs/batchMerge.ts";
import { buildEpoch } from "../../../circuits/programs/epoch.ts";
import { buildEpochEmpty } from "../../../circuits/programs/epochEmpty.ts";
import { buildEpochMerge } from "../../../circuits/programs/epochMerge.ts";
import { expectSnapshot } from "../builder/expectSnapshot.ts";
import { KEYS } from "./sampleStatements.ts";

const PROOF_PARTS: UsageException = {
  name: /^(left|right|inner)\.(key|proof)\[\]$/,
  because: "the recursive verification binds the key to its hash and is all that is said of the proof",
};
const SPONGE_REST: UsageException = {
  name: /^(left|right|node)\.(statementHash|settled)\.permutation\[\]\[\]$/,
  because: "a sponge's result is the first lane of its last permutation",
};
const SQUARE: UsageException = {
  name: /^contextSquare$/,
  because: "it exists to put the context into a constraint",
};

const PROGRAMS: Record<string, { circuit: Circuit; exceptions: UsageException[] }> = {
  batchMerge: { circuit: buildBatchMerge(KEYS.chunks).circuit, exceptions: [PROOF_PARTS] },
  batch: { circuit: buildBatch(KEYS).circuit, exceptions: [PROOF_PARTS] },
  epochEmpty: { circuit: buildEpochEmpty().circuit, exceptions: [] },
  epochMerge: { circuit: buildEpochMerge(KEYS).circuit, exceptions: [PROOF_PARTS, SPONGE_REST] },
  epoch: { circuit: buildEpoch(KEYS).circuit, exceptions: [PROOF_PARTS, SPONGE_REST, SQUARE] },
};

describe("recursion programs", () => {
  for (const [name, { circuit, exceptions }] of Object.entries(PROGRAMS)) {
    it(`${name}: every bound is proven`, () => expect(lintBounds(circuit).faults).to.deep.equal([]));

    it(`${name}: every wire is tied, every exception is needed`, () =>
      expect(lintUsage(circuit, exceptions)).to.deep.equal({ faults: [], unusedExceptions: [] }));
  }

  it("are the circuits of the snapshot", () =>
    expectSnapshot(
      "recursion",
      Object.fromEntries(Object.entries(PROGRAMS).map(([name, { circuit }]) => [name, circuit])),
    ));
});
