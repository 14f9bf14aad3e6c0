import { expect } from "chai";
import { Coverage } from "./coverage.ts";
import { FLAVOURS, generateCase } from "./generateCase.ts";
import { proveCase } from "./proveCase.ts";

/** Of each flavour one case, here; scripts/fuzzEvm.ts runs many more. */
const SEEDS = { random: 40, corners: 42, solidity: 1, precompiles: 1029, factories: 45, opcodes: 5 } as const;

describe("EVM: random blocks, executed natively and in the circuit", function () {
  this.timeout(60_000);
  const coverage = new Coverage();

  for (const flavour of FLAVOURS)
    it(`seed ${SEEDS[flavour]}: ${flavour}`, async () => {
      const { failure, traces } = await proveCase(generateCase(SEEDS[flavour], flavour));
      expect(failure).to.equal(undefined);
      expect(traces.flatMap(({ transactions }) => transactions)).not.to.deep.equal([]);
      coverage.add(traces);
    });

  it("blocks without transactions are proven too", async () => {
    const block = { seconds: 1n, feeRecipient: "0x00000000000000000000000000000000000fee00", transactions: [] } as const; // prettier-ignore
    const { failure } = await proveCase({ contracts: [], setup: [], blocks: [block, block], slack: 3 });
    expect(failure).to.equal(undefined);
  });

  it("a case that cannot be executed is no success", async () => {
    const transaction = { from: 0, type: 2, to: null, data: "0x", value: 10n ** 30n, gasLimit: 60_000n, accessList: [] } as const; // prettier-ignore
    const block = { seconds: 1n, feeRecipient: "0x00000000000000000000000000000000000fee00", transactions: [transaction] } as const; // prettier-ignore
    const { failure } = await proveCase({ contracts: [], setup: [], blocks: [block], slack: 0 });
    expect(failure?.kind).to.equal("invalid");
  });

  it("has met much of what there is to meet", () => {
    expect(coverage.count("opcode CALL")).to.be.greaterThan(0);
    expect(coverage.count("opcode SSTORE")).to.be.greaterThan(0);
    expect(coverage.missed([]).length).to.be.lessThan(90);
  });
});
