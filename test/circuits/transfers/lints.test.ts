import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { lintBounds } from "../../../circuits/builder/boundsLint.ts";
import { type UsageException, lintUsage } from "../../../circuits/builder/usageLint.ts";
import { emitProgram } from "../../../circuits/builder/emit.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { TRANSFERS_PARAMETERS } from "../../../circuits/programs/transfers/parameters.ts";
import { gates } from "../../../proving/barretenberg/gates.ts";
import { expectSnapshot } from "../builder/expectSnapshot.ts";

/** Wires that only one constraint mentions, besides their range. */
const USED_ONCE: readonly UsageException[] = [
  {
    name: /^(blockBytes\.row\[\]|transfer\[\]\.(sender|signing)\.keccak\.block\[\])\.permutation\[\]$/,
    because: "a sponge's result is its first lanes; the others are what the permutation makes them",
  },
  {
    name: /^(blockHashes\.hash\[\]|challenge\.hash|tree\.(before|after)|tree\.replacement\[\]\.(before|after)\.node\[\])\.permutation\[\]\[\]$/,
    because: "as above",
  },
  {
    name: /^transfer\[\]\.((sender|recipient|feeRecipient)\.key|receipt\.next|debit\.(before|after|old|new)|credit\[\]\.(before|after|replaced\.(old|new)|added\.leaf))\.permutation\[\]\[\]$/,
    because: "as above",
  },
  {
    name: /^byte\[\]$/,
    because: "a byte of the stream is in the prefix sums, which slices and the block's hash read",
  },
  {
    name: /^transfer\[\]\.sender\.keccak\.digest\[\]\[\]$/,
    because: "an address is 20 bytes of a digest of 32; the other 12 complete its lanes",
  },
  {
    name: /^(challenge\.seed|transfer\[\]\.((recipient|feeRecipient)\.keyWord|credit\[\]\.(low|next)|signer\.(publicKey\.[xy]|shifted|y)))\.canonical\.(low|high)$/,
    because:
      "a difference to a constant that one line defines and whose range is the claim: it is not negative",
  },
  { name: /^transfer\[\]\.signer\.(r\.belowOrder|s\.isLow)\.(low|high)$/, because: "as above" },
  {
    name: /^transfer\[\]\.(credits\.swap|credit\[\]\.(low\.isBelow|next\.isAbove))\.(low|high)$/,
    because: "isLessWord: the remainder of a division by 2^128, with its range",
  },
  {
    name: /^transfer\[\]\.debit\.covers\.(hi|lo)$/,
    because: "what the balance exceeds the required sum by: that it has halves is the claim",
  },
  {
    name: /^transfer\[\]\.raw\.(chainId|nonce|fee|maxFee|gasLimit|value|v|r|s)\.(room|leadingZero|shortForm)$/,
    because: "an integer's length is within bounds and its form the shortest: ranges of differences",
  },
  { name: /^transfer\[\]\.raw\.(value|r|s)\.lo\.room$/, because: "as above" },
  { name: /^transfer\[\]\.(raw|signing)\.list\.shortest$/, because: "as above" },
  {
    name: /^transfer\[\]\.(fee\.spare|gasLimit\.(spare|fitsBlock)|recipient\.above|block\.later|signing\.keccak\.tail\.room)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  { name: /^block\[\]\.(timestamp\.later|baseFee\.remainder\.belowDivisor)$/, because: "as above" },
  { name: /^legacySuffix\.(room|excess|gap)$/, because: "as above" },
  {
    name: /^transfer\[\]\.raw\.(value|r|s)\.isLong$/,
    because: "which of two readings of a length is taken; both halves' lengths are range-checked and add up",
  },
  {
    name: /^(gasTarget\.odd|transfer\[\]\.signer\.y\.half)$/,
    because: "the rest of a division by two, with its range",
  },
  {
    name: /^transfer\[\]\.signing\.items\[\]\.right$/,
    because: "where the last slice ends in the stream; its lengths are counted",
  },
];

describe("program transfers, statically", () => {
  const { circuit } = buildTransfers({ transfers: 2, blocks: 2, depth: 32 }, null);

  it("proves every bound it relies on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("ties every wire, and needs every exception", () =>
    expect(lintUsage(circuit, USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] }));

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
