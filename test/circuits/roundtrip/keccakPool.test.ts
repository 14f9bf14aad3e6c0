/** A real proof of a small keccak pool, judged by the generated Solidity verifier. */
import { expect } from "chai";
import { Builder, type Built } from "../../../circuits/builder/builder.ts";
import { check } from "../../../circuits/builder/check.ts";
import { splitWord } from "../../../protocol/field.ts";
import { FIRST_JOB } from "../../../protocol/evm/keccakUse.ts";
import { messageCommitment, messageStart, messageStep, messageWords } from "../../../protocol/evm/message.ts";
import type { Proof } from "../../../proving/barretenberg/prove.ts";
import { getReferenceString } from "../../../proving/referenceString/referenceString.ts";
import { LyingBuilder } from "../gadgets/lyingBuilder.ts";
import { type PoolOptions, buildPool, keccakWord } from "../gadgets/keccakPool/poolOf.ts";
import { CircuitProver } from "./prover.ts";

const POINTS = 2 ** 16 + 1;
/** One message of two blocks; a job and two words are idle. */
const SHAPE = { jobs: 2, words: 7, blocks: 2 };
const MESSAGE = Uint8Array.from({ length: 137 }, (_, i) => 255 - i);

/** Public: the commitment and the two halves of its digest. */
function build(options: PoolOptions, b: Builder = new Builder()): Built {
  const claims = options.claims ?? [messageCommitment(MESSAGE)];
  const [found] = buildPool(b, [MESSAGE], { entries: [FIRST_JOB], ...options, shape: SHAPE, claims });
  b.publicInput(found!.claim, "commitment");
  b.publicInput(found!.hi, "hi");
  b.publicInput(found!.lo, "lo");
  return b.finish();
}

describe("a proof of a keccak pool", function () {
  // One proof at a time on a machine: a proof may have to wait for others.
  this.timeout(1_800_000);
  let prover: CircuitProver;
  let proof: Proof;

  before(async () => {
    const referenceString = await getReferenceString("local", { points: POINTS });
    const { circuit } = build({}, new Builder("shape"));
    prover = await CircuitProver.create("keccakPoolSmall", "evm-no-zk", circuit, referenceString);
    proof = await prover.prove(build({}).witness);
  });

  it("is accepted with the commitment and the digest, and with nothing else", async () => {
    const { hi, lo } = splitWord(keccakWord(MESSAGE));
    const statement = [messageCommitment(MESSAGE), hi, lo];
    expect(proof.publicInputs).to.deep.equal(statement);
    expect(await prover.verify(proof.proof, statement)).to.equal(true);
    for (let i = 0; i < statement.length; i++)
      expect(await prover.verify(proof.proof, statement.with(i, statement[i]! + 1n))).to.equal(false);
  });

  it("is refused when bytes follow the message's end", async () => {
    const padded = new Uint8Array(160);
    padded.set(MESSAGE);
    padded[159] = 1;
    const claims = [messageWords(padded).reduce(messageStep, messageStart(MESSAGE.length))];
    const forged = build({ claims }, new LyingBuilder({ "pool.word[4].byte[31]": 1n }));
    const broken = check(forged.circuit, forged.witness, 10).broken.map(({ name }) => name);
    expect(broken).to.deep.equal(["pool.padding[0].empty[0]"]);
    expect(await prover.judge(forged.witness)).to.equal("refused by the verifier");
  });
});
