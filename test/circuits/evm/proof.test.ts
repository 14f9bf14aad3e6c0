/** A real proof of a small profile of `evm`, judged by the generated Solidity verifier. */
import { expect } from "chai";
import { estimateGates } from "../../../circuits/builder/estimateGates.ts";
import { buildEvm } from "../../../circuits/programs/evm/buildEvm.ts";
import { type Address, addressToField } from "../../../protocol/address.ts";
import type { Capacities, Capacity } from "../../../protocol/evm/capacities.ts";
import type { ChunkPlan } from "../../../protocol/evm/plan/planChunk.ts";
import { statementToFields } from "../../../protocol/publicInputs.ts";
import type { Proof } from "../../../proving/barretenberg/prove.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { CircuitProver } from "../roundtrip/prover.ts";
import { addressOf, chunkOf, profileOf } from "./execution/demoChain.ts";
import { attempt } from "./execution/prove.ts";

/** A payment between accounts that are there, and nothing else: 2^17 gates. */
const ROOM: Partial<Record<Capacity, number>> = {
  ...{ blocks: 1, transactions: 1, frames: 1, rows: 6, stack: 33, literals: 7 },
  ...{ streamBytes: 111, hashRows: 2, payloadWords: 2, keccakJobs: 2, keccakWords: 4, keccakBlocks: 2 },
  ...{ accounts: 3, slots: 1, stateAccesses: 15, treeWrites: 3, codeRows: 1, copies: 1, messages: 1 },
};
const GATES = 2 ** 17;

const capacities = Object.fromEntries(
  Object.keys(profileOf().capacities).map((name) => [name, ROOM[name as Capacity] ?? 0]),
) as Capacities;
const profile = { ...profileOf(), capacities };

/** The transaction is executed as if another account had signed it. */
const paidBy = (victim: Address) => (plan: ChunkPlan) => {
  const [trace] = plan.blocks;
  const [own] = trace!.transactions;
  const transaction = { ...own!.transaction, sender: addressToField(victim) };
  Object.assign(plan, { blocks: [{ ...trace!, transactions: [{ ...own!, transaction }] }] });
};

describe("a proof of evm", function () {
  this.timeout(600_000);
  let prover: CircuitProver;
  let input: Awaited<ReturnType<typeof chunkOf>>;
  let proof: Proof;
  let statement: bigint[];

  before(async () => {
    const payment = { from: 0, to: addressOf(1), value: 7n };
    input = await chunkOf([{ transactions: [payment], feeRecipient: addressOf(2) }]);
    const { plan, built, broken } = attempt(profile, input);
    expect(broken).to.deep.equal([]);
    const { chainId, gasLimit, previous: prev } = input;
    statement = statementToFields({ chainId, prev, next: plan.chunk.next, gasLimit, selfKeyHash: 0n });
    const { circuit } = buildEvm(profile, null);
    expect(estimateGates(circuit).total).to.be.below(GATES);
    const referenceString = await getReferenceString("local", { points: GATES + 1 });
    prover = await CircuitProver.create("evmSmallest", "evm-no-zk", circuit, referenceString);
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
    const stolen = attempt(profile, input, { plan: paidBy(addressOf(3)) });
    expect(stolen.broken).to.include("begin[0].caller.isOwn.lo");
    expect(await prover.judge(stolen.built.witness)).to.equal("refused by the verifier");
  });
});
