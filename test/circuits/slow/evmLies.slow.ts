/** Lies about the execution of a transaction, each proven with `bb` all the same and refused by the Solidity verifier. Minutes. */
import { expect } from "chai";
import { check } from "../../../circuits/builder/check.ts";
import { estimateGates } from "../../../circuits/builder/estimateGates.ts";
import { buildEvm } from "../../../circuits/programs/evm/buildEvm.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { CONTRACT, contractsOf } from "../evm/execution/contracts.ts";
import { assemble, chunkOf } from "../evm/execution/demoChain.ts";
import { fitting } from "../evm/execution/prove.ts";
import { LyingProver } from "../evm/suite/lieKind.ts";
import { LIES } from "../evm/suite/lies/lies.ts";
import { CircuitProver } from "../roundtrip/prover.ts";

/** Adds, stores, logs. */
const CODE = assemble("CALLVALUE", "NUMBER", "ADD", "PUSH0", "SSTORE", "PUSH0", "PUSH0", "LOG0", "STOP");
const TOLD = ["ADD that is false for everyone", "a dropped SSTORE", "a dropped log", "an unpaid fee", "a skipped credit or debit"]; // prettier-ignore
/** Of the smallest power of two that holds the circuit. */
const POINTS = 2 ** 18 + 1;

describe("lies about transactions, proven", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(3_600_000);

  let liar: LyingProver;
  let prover: CircuitProver;

  before(async () => {
    const call = { from: 0, to: CONTRACT, value: 5n, gasLimit: 90_000n };
    const input = await chunkOf([{ transactions: [call] }], contractsOf(CODE));
    const profile = fitting(input, { blocks: 1, transactions: 1, frames: 1, answers: 1, accountOps: 1 });
    liar = new LyingProver(profile, input);
    const { circuit } = buildEvm(profile, null);
    expect(estimateGates(circuit).total).to.be.below(2 ** 18);
    const referenceString = await getReferenceString("local", { points: POINTS });
    prover = await CircuitProver.create("evmLies", "evm-no-zk", circuit, referenceString);
  });

  it("the truth is accepted", async () => {
    expect(await prover.judge(liar.honest)).to.equal("accepted");
  });

  for (const name of TOLD)
    it(`${name} is refused`, async () => {
      const kind = LIES.find((one) => one.name === name)!;
      const at = Array.from({ length: liar.occurrences(kind) }, (_, i) => i).find(
        (i) => liar.attempt(kind, i).verdict === "refused",
      );
      expect(at, "a place where it has an effect").not.to.equal(undefined);
      const { circuit, witness } = liar.fill(kind, at!);
      expect(check(circuit, witness).broken).to.have.length(1);
      expect(await prover.judge(witness)).to.equal("refused by the verifier");
    });
});
