/**
 * The chain's gas limit is below the penalty of 2^30 for what cannot be executed, which is to put a frame below its floor.
 *
 * A prover whose transaction has 2^32 gas could pay the penalty and go on: here RETURNDATACOPY reads beyond the return data (EIP-211: an
 * exceptional halt), and the program goes on to store a word and succeeds. Nothing but the bound of the gas limit breaks.
 */
import { expect } from "chai";
import { STATEMENT_INPUTS } from "../../../../protocol/publicInputs.ts";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import type { FramePlanServices } from "../../../../protocol/evm/plan/frames/framesPlan.ts";
import { PENALTY } from "../../../../protocol/evm/plan/frames/frameEntry.ts";
import { planMisfit } from "../../../../protocol/evm/plan/frames/misfitPlan.ts";
import type { ChunkInput } from "../../../../protocol/evm/plan/chunkState.ts";
import { traceChunk } from "../../../../protocol/evm/plan/chunkTraces.ts";
import { OPERATIONS } from "../../../../protocol/evm/machine/operations/operations.ts";
import type { Operation } from "../../../../protocol/evm/machine/operation.ts";
import { CONTRACT } from "../execution/contracts.ts";
import { assemble, CHAIN_ID, chunkOf, wallet } from "../execution/demoChain.ts";
import { attempt, fitting } from "../execution/prove.ts";

const GAS = 2n ** 32n;
const CODE = assemble("PUSH1", 1, "PUSH1", 0, "PUSH1", 0, "RETURNDATACOPY", "PUSH1", 7, "PUSH1", 0, "SSTORE", "STOP"); // prettier-ignore

async function chunk(): Promise<ChunkInput> {
  const input = await chunkOf([{ transactions: [] }], { contracts: { [CONTRACT]: CODE } });
  const block = input.blocks[0]!;
  const fee = block.baseFeePerGas;
  const raw = await wallet(0).signTransaction({ type: 2, chainId: CHAIN_ID, nonce: 0, gasLimit: GAS, value: 0n, to: CONTRACT, maxFeePerGas: 2n * fee, maxPriorityFeePerGas: 3n, accessList: [] }); // prettier-ignore
  const transactions = [Uint8Array.from(Buffer.from(raw.slice(2), "hex"))];
  return { ...input, gasLimit: GAS, blocks: [{ ...block, gasLimit: GAS, transactions }] };
}

describe("a gas limit above the penalty", () => {
  it("would let a frame go on beyond an exceptional halt: gasLimit.isSmall", async function () {
    this.timeout(60_000);
    const input = await chunk();
    const honest = traceChunk(input);
    expect(honest.blocks[0]!.transactions[0]!.status).to.equal(0);
    const operations = OPERATIONS as (Operation | undefined)[];
    const op = OPCODE.RETURNDATACOPY!;
    const lawful = operations[op]!;
    operations[op] = { ...lawful, execute: (frame) => { for (let i = 0; i < 3; i++) frame.stack.pop(); frame.pay(PENALTY); } }; // prettier-ignore
    try {
      const profile = fitting(input, {
        exceptions: 1,
        rows: 60,
        codeRows: 8,
        memoryCells: 30,
        memoryAccesses: 12,
      });
      const lie = attempt(profile, input, {
        plan: (plan) => {
          plan.memory.copies.execute = (op) =>
            void planMisfit(plan as unknown as FramePlanServices, plan.frames, op);
        },
      });
      expect(lie.plan.chunk.shortages()).to.deep.equal([]);
      expect(lie.broken).to.deep.equal(["gasLimit.isSmall"]);
      expect(STATEMENT_INPUTS).to.include("next.stateRoot");
      expect(lie.input("next.stateRoot")).to.not.equal(honest.next.stateRoot);
    } finally {
      operations[op] = lawful;
    }
  });
});
