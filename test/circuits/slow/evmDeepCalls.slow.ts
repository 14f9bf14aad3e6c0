/**
 * A contract that calls itself with all the gas of a block: 528 calls deep, planned, and checked in a circuit exactly as large.
 * The last depth, which no gas leads to: test/circuits/evm/frames/deepCalls.test.ts. Seconds.
 */
import { expect } from "chai";
import { assemble } from "../../protocol/evm/machine/assembler.ts";
import type { FuzzCase } from "../evm/fuzz/fuzzCase.ts";
import { GAS_LIMIT } from "../evm/fuzz/fuzzChain.ts";
import { proveCase } from "../evm/fuzz/proveCase.ts";

const CONTRACT = "0x0000000000000000000000000000000000c0de00";
/** Each call writes, so what the deepest ones do is undone. */
const CODE = assemble(0, 0, 0, 0, "ADDRESS", "GAS", "DELEGATECALL", "MSIZE", "SSTORE", "STOP");

const deepCalls: FuzzCase = {
  contracts: [{ address: CONTRACT, code: `0x${Buffer.from(CODE).toString("hex")}`, nonce: 1n, balance: 0n, storage: [] }], // prettier-ignore
  setup: [],
  blocks: [
    {
      seconds: 1n,
      feeRecipient: "0x00000000000000000000000000000000000fee00",
      transactions: [{ from: 0, type: 2, to: CONTRACT, data: "0x", value: 0n, gasLimit: GAS_LIMIT, accessList: [] }], // prettier-ignore
    },
  ],
  slack: 0,
};

describe("calls as deep as a block's gas goes", function () {
  this.timeout(300_000);

  it("are planned and proven", async () => {
    const { failure, traces } = await proveCase(deepCalls);
    expect(failure).to.equal(undefined);
    const frames = traces[0]!.frames;
    expect(frames.length).to.be.greaterThan(500);
    expect(frames.at(-1)!.depth).to.equal(frames.length - 1);
    expect(frames.at(-1)!.outcome.reason).to.equal("OUT_OF_GAS");
  });
});
