/** A real proof of a small `transfers`, judged by the generated Solidity verifier. */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import type { Built } from "../../../circuits/builder/builder.ts";
import { buildTransfers } from "../../../circuits/programs/transfers/buildTransfers.ts";
import { planTransfers, TransfersPlanner } from "../../../circuits/programs/transfers/plan.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import type { Proof } from "../../../proving/barretenberg/prove.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { CircuitProver } from "../roundtrip/prover.ts";
import { addressOf, DemoChain } from "./demoChain.ts";

const PARAMETERS = { transfers: 1, blocks: 1, depth: 32 };
const POINTS = 2 ** 17 + 1;

describe("a proof of transfers", function () {
  this.timeout(600_000);
  const chain = new DemoChain();
  let prover: CircuitProver;
  let built: Built;
  let proof: Proof;
  let statement: bigint[];

  before(async () => {
    const input = await chain.input([{ transfers: [{ from: 0, to: `0x${"ab".repeat(20)}`, value: 7n }] }]);
    const { plan, next } = planTransfers(PARAMETERS, input);
    const { chainId, gasLimit, previous: prev } = input;
    statement = statementToFields({ chainId, prev, next, gasLimit, selfKeyHash: 0n });
    built = buildTransfers(PARAMETERS, plan);
    prover = await CircuitProver.create(
      "transfersSmall",
      "evm-no-zk",
      buildTransfers(PARAMETERS, null).circuit,
      await getReferenceString("local", { points: POINTS }),
    );
    proof = await prover.prove(built.witness);
  });

  it("is accepted with its statement", async () => {
    expect(proof.publicInputs).to.deep.equal(statement);
    expect(await prover.verify(proof.proof, statement)).to.equal(true);
  });

  it("is refused with any other statement", async () => {
    for (let i = 0; i < statement.length; i++) {
      const other = statement.map((value, j) => (i === j ? value + 1n : value));
      expect(await prover.verify(proof.proof, other), `input ${i}`).to.equal(false);
    }
  });

  it("is refused when the prover took the money from another account", async () => {
    class Thief extends TransfersPlanner {
      protected override decode(raw: Uint8Array): ReturnType<TransfersPlanner["decode"]> {
        return { ...super.decode(raw), sender: addressOf(1) };
      }
    }
    const input = await new DemoChain().input([
      { transfers: [{ from: 0, to: `0x${"ab".repeat(20)}`, value: 7n }] },
    ]);
    const planner = new Thief(input);
    for (const block of input.blocks) planner.addBlock(block);
    const stolen = buildTransfers(PARAMETERS, planner.finish());
    expect(check(stolen.circuit, stolen.witness).broken).to.have.length(1);
    expect(await prover.judge(stolen.witness)).to.equal("refused by the verifier");
  });
});
