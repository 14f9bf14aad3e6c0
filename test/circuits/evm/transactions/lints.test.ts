/** What can be said of the first half of `evm` without a witness: its bounds, what constrains each wire, its size. */
import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { lintUsage, type UsageException } from "../../../../circuits/builder/usageLint.ts";
import type { TransactionsParameters } from "../../../../protocol/evm/transactionsUse.ts";
import { expectSnapshot } from "../../builder/expectSnapshot.ts";
import { buildSample, PARAMETERS } from "./sample.ts";

const USED_ONCE: readonly UsageException[] = [
  {
    name: /^(blockBytes\.row\[\]|(blockHashes\.(hash|ancestor)\[\]|blockHashes\.ancestor\[\]\.hash|challenge\.hash|payloadWord\[\]\.step|transaction\[\]\.(payload\.begin|key\.step\[\]))\.permutation\[\])\.?(permutation)?\[\]$/,
    because: "a sponge's result is its first lanes; the others are what the permutation makes them",
  },
  {
    name: /^blockHashes\.ancestor\[\]\.digest$/,
    because:
      "hashed together with the parent's hash, which is what is asked for: any digest that gives the hash will do",
  },
  {
    name: /^transaction\[\]\.raw\.((list|data|accessList)\.header\.(least|most)|(chainId|nonce|fee|maxFee|gasLimit|value|data|v|r|s)\.shortest)$/,
    because: "a length or a first byte is within the bounds of its form: ranges of differences",
  },
  {
    name: /^(accessEntry\[\]\.(entry|keys)\.header|transaction\[\]\.payload\.list)\.(least|most)$/,
    because: "as above",
  },
  {
    name: /^transaction\[\]\.(length\.room|block\.(earlier|later)|nonce\.spare|fee\.spare|initcode\.room|(dataWords|payload\.words)\.spare)$/,
    because: "a difference that one line defines and whose range is the claim: it is not negative",
  },
  {
    name: /^(block\[\]\.(timestamp\.later|baseFee\.remainder\.belowDivisor)|legacySuffix\.(room|excess|gap)|gas\.left\[\]|(dataWord|payloadWord)\[\]\.rest)$/,
    because: "as above",
  },
  {
    name: /^(challenge\.seed|transaction\[\]\.signer\.(publicKey\.[xy]|shifted|y))\.canonical\.(low|high)$/,
    because: "as above, to a constant",
  },
  { name: /^transaction\[\]\.signer\.(r\.belowOrder|s\.isLow)\.(low|high)$/, because: "as above" },
  {
    name: /^(gasTarget\.odd|transaction\[\]\.signer\.y\.half|transaction\[\]\.sender\.rest)$/,
    because: "the rest of a division by a power of two, with its range",
  },
  { name: /^accessEntry\[\]\.isOpen$/, because: "of the last row: no row follows" },
  {
    name: /^(transaction\[\]\.oracle\[\]\.(commitment|digest\.(hi|lo))|executor\.gasUsed\[\])$/,
    because: "the test's own, in place of the Keccak pool and the executor",
  },
];

const BASE: TransactionsParameters = {
  blocks: 4,
  ancestors: 2,
  transactions: 8,
  streamBytes: 2_000,
  hashRows: 40,
  dataWords: 24,
  payloadWords: 48,
  accessEntries: 8,
};

/** At most so many gates for one more of each capacity; signatures and Keccak are not in it. */
const GATES: TransactionsParameters = {
  blocks: 180,
  ancestors: 85,
  transactions: 1_220,
  streamBytes: 8.8,
  hashRows: 190,
  dataWords: 76,
  payloadWords: 192,
  accessEntries: 170,
};

describe("evm: transactions, statically", function () {
  this.timeout(60_000);
  const { circuit } = buildSample(null, { exposed: true });

  it("prove every bound they rely on", () => expect(lintBounds(circuit).faults).to.deep.equal([]));

  it("tie every wire, and need every exception", () =>
    expect(lintUsage(circuit, USED_ONCE)).to.deep.equal({ faults: [], unusedExceptions: [] }));

  it("are the circuit of the snapshot", () =>
    expectSnapshot("evmTransactions", { sample: buildSample(null).circuit }));

  for (const capacity of Object.keys(BASE) as (keyof TransactionsParameters)[])
    it(`cost what they should: ${capacity}`, () => {
      const gates = (parameters: TransactionsParameters): number =>
        estimateGates(buildSample(null, { parameters, signers: false }).circuit).total;
      const more = { ...BASE, [capacity]: 2 * BASE[capacity] };
      const each = (gates(more) - gates(BASE)) / BASE[capacity];
      expect(each).to.be.at.most(GATES[capacity]);
    });

  it("have parameters for every capacity", () =>
    expect(Object.keys(PARAMETERS)).to.deep.equal(Object.keys(BASE)));
});
