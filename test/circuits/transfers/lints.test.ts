import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Builder } from "../../../circuits/builder/builder.ts";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { type UsageException, lintUsage } from "../../../circuits/builder/usageLint.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { TRANSFERS_PARAMETERS } from "../../../circuits/programs/transfers/parameters.ts";
import { gates } from "../../../proving/barretenberg/gates.ts";
import { expectSnapshot } from "../builder/expectSnapshot.ts";

/** Wires that only one constraint mentions, besides their range. */
export const USED_ONCE: readonly UsageException[] = [
  {
    name: /\.permutation\[\](\[\])?$/,
    because: "a sponge's result is its first lanes; the others are what the permutation makes them",
  },
  {
    name: /^byte\[\]$/,
    because: "a byte of the stream is in the prefix sums, which slices and the block's hash read",
  },
  {
    name: /sender\.keccak\.digest\[\]\[\]$/,
    because: "an address is 20 bytes of a digest of 32; the other 12 complete its lanes",
  },
  {
    name: /\.(room|leadingZero|shortForm|shortest|spare|above|later|belowDivisor|high|lo|hi|fitsBlock)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  { name: /^legacySuffix\.(excess|gap)$/, because: "as above" },
  {
    name: /\.isLong$/,
    because: "which of two readings of a length is taken; both halves' lengths are range-checked and add up",
  },
  { name: /(^gasTarget\.odd|\.y\.half)$/, because: "the rest of a division by two, with its range" },
  {
    name: /\.items\[\]\.right$/,
    because: "where the last slice ends in the stream; its lengths are counted",
  },
];

describe("program transfers, statically", () => {
  const { circuit } = buildTransfers({ transfers: 2, blocks: 2, depth: 32 }, null);

  it("proves every bound it relies on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("ties every wire, and needs every exception", () =>
    expect(lintUsage(circuit, USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] }));

  it("reads tables at indices that are bounded without the table", () => {
    const unbounded: string[] = [];
    class Watcher extends Builder {
      override memoryOp(...[kind, table, index, value, name]: Parameters<Builder["memoryOp"]>): void {
        if (index.max >> 64n) unbounded.push(this.where(name));
        super.memoryOp(kind, table, index, value, name);
      }
    }
    buildTransfers({ transfers: 2, blocks: 2, depth: 32 }, null, new Watcher("shape"));
    expect(unbounded).to.deep.equal([]);
  });

  it("is the circuit of the snapshot", () => {
    const full = buildTransfers(TRANSFERS_PARAMETERS, null).circuit;
    expectSnapshot("transfers", { small: circuit, full });
  });

  it("fits 2^20 gates with the network's parameters, as bb counts them", async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), "bvm-gates-"));
    try {
      const program = join(folder, "program.json");
      await writeFile(program, emitProgram(buildTransfers(TRANSFERS_PARAMETERS, null).circuit));
      expect((await gates(program)).gates).to.be.at.most(2 ** 20);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
