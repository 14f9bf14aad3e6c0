/**
 * inactiveCopy.test.ts in the whole program: without the one constraint that breaks, the statement would have a false state root.
 *
 * The contract stores 7 in memory and then what memory holds in slot 0. The prover clears the word in between.
 */
import { expect } from "chai";
import { OPCODE } from "../../../../protocol/evm/opcodes.ts";
import { traceChunk } from "../../../../protocol/evm/plan/chunkTraces.ts";
import { Sub } from "../../../../protocol/evm/plan/memory/memoryBusPlan.ts";
import type { ChunkPlan } from "../../../../protocol/evm/plan/planChunk.ts";
import { OPERATIONS } from "../../../../protocol/evm/machine/operations/operations.ts";
import type { Operation } from "../../../../protocol/evm/machine/operation.ts";
import { CONTRACT } from "../execution/contracts.ts";
import { assemble, chunkOf } from "../execution/demoChain.ts";
import { attempt, fitting } from "../execution/prove.ts";

const JUMPDEST = OPCODE.JUMPDEST!;
const CODE = assemble("PUSH1", 7, "PUSH0", "MSTORE", "JUMPDEST", "PUSH0", "MLOAD", "PUSH0", "SSTORE", "STOP");

/** Before a JUMPDEST's row, the first word of the frame's memory is cleared in its time. */
function clears(plan: ChunkPlan): void {
  const { machine, book, memory, frames } = plan;
  const step = machine.step.bind(machine);
  machine.step = (op, answer) => {
    if (op === JUMPDEST) {
      const { t, frame } = machine;
      book.take("copies");
      book.take("copyWords");
      memory.bus.write(t, Sub.WRITE, frames.column("memoryBase", frame) + 2, 0);
      memory.copies.entries.push({
        first: { op: 0, t, f: frame, a: 0, b: 0, gas: 100 },
        second: { op: 0, a: 32 },
      });
    }
    step(op, answer);
  };
}

describe("an inactive copy in the whole program", () => {
  it("proves no false state root: copy[0].target.ofActive", async function () {
    this.timeout(60_000);
    const input = await chunkOf([{ transactions: [{ from: 0, to: CONTRACT, gasLimit: 100_000n }] }], {
      contracts: { [CONTRACT]: CODE },
    });
    const honest = traceChunk(input);
    const operations = OPERATIONS as (Operation | undefined)[];
    const lawful = operations[JUMPDEST]!;
    operations[JUMPDEST] = { ...lawful, execute: (frame) => frame.memory.writePadded({ offset: 0, length: 32 }, new Uint8Array(), 0n) }; // prettier-ignore
    try {
      const profile = fitting(input, { copies: 1, copyWords: 1, memoryAccesses: 8, memoryCells: 30 });
      const lie = attempt(profile, input, { plan: clears });
      expect(lie.plan.chunk.shortages()).to.deep.equal([]);
      expect(lie.broken).to.deep.equal(["copy[0].target.ofActive"]);
      expect(lie.input("next.stateRoot")).to.not.equal(honest.next.stateRoot);
    } finally {
      operations[JUMPDEST] = lawful;
    }
  });
});
