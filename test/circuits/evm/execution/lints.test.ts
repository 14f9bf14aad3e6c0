/** What can be said of the execution of transactions without a witness: bounds, ties, size. */
import { expect } from "chai";
import { lintBounds } from "../../../../circuits/builder/boundsLint.ts";
import type { Circuit } from "../../../../circuits/builder/circuit.ts";
import { estimateGates } from "../../../../circuits/builder/estimateGates.ts";
import { lintUsage } from "../../../../circuits/builder/usageLint.ts";
import { buildEvm } from "../../../../circuits/programs/evm/buildEvm.ts";
import { planEvm } from "../../../../circuits/programs/evm/evmPlan.ts";
import type { Capacity } from "../../../../protocol/evm/capacities.ts";
import { addressOf, chunkOf, nobody, profileOf } from "./demoChain.ts";
import { OWN, USED_ONCE } from "./own.ts";

/** At most so many gates for one more; signatures, Keccak, and a transaction's other lists are not in it. */
const GATES: Partial<Record<Capacity, number>> = {
  environment: 130,
  answers: 160,
  accountOps: 250,
  accounts: 800,
  slots: 560,
  accessEntries: 290,
};

/** Room for a transaction that creates. */
const CREATING = { segments: 2, frames: 4 };

describe("EVM: execution of transactions, statically", function () {
  this.timeout(60_000);
  const { circuit } = buildEvm(profileOf(CREATING), null);
  const kindOf = (name: string): string => name.replace(/\[\d+\]/g, "[]");

  it("proves every bound it relies on", () =>
    expect(lintBounds(circuit).faults.filter(({ where }) => OWN.test(kindOf(where)))).to.deep.equal([]));

  it("ties every wire, and needs every exception", () => {
    const { faults, unusedExceptions } = lintUsage(circuit, USED_ONCE);
    expect(faults.filter(({ wire }) => OWN.test(kindOf(wire)))).to.deep.equal([]);
    expect(unusedExceptions).to.deep.equal([]);
  });

  it("is one circuit for all blocks", async () => {
    const operations = ({ ops, constants }: Circuit): string =>
      `${ops.data.subarray(0, ops.length).join()} ${constants.join()}`;
    const shape = operations(circuit);
    const transfers = [
      [{ transactions: [{ from: 0, to: addressOf(1), value: 5n }] }],
      [{ transactions: [] }, { transactions: [{ from: 2, to: nobody(0), value: 9n, type: 0 }] }],
    ];
    for (const blocks of transfers) {
      const profile = profileOf(CREATING);
      const built = buildEvm(profile, planEvm(profile, await chunkOf(blocks)));
      expect(operations(built.circuit) === shape).to.equal(true);
    }
  });

  for (const [capacity, most] of Object.entries(GATES) as [Capacity, number][])
    it(`costs what it should: ${capacity}`, () => {
      const gates = (count: number): number =>
        estimateGates(buildEvm(profileOf({ [capacity]: count }), null).circuit).total;
      expect((gates(24) - gates(16)) / 8).to.be.at.most(most);
    });
});
