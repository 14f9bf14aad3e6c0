import { expect } from "chai";
import { keccak256, concat, Contract } from "ethers";
import { MAX_PROVABLE_GAS_LIMIT } from "../../protocol/constants.ts";
import { FIELD_MODULUS } from "../../protocol/field.ts";
import { statementToFields } from "../../protocol/publicInputs.ts";
import { createRollup, tipToSolidity } from "../../scripts/deploy/createRollup.ts";
import { rollupAbi } from "../../generated/abis/Rollup.ts";
import { ethers, loadFixture } from "./support/chain.ts";
import type { Claim, Submission, World } from "./support/settlement.ts";
import {
  PROOFS_TIMEOUT_MS,
  attest,
  CHAIN_ID,
  deployWorld,
  GENESIS,
  otherProgram,
  program,
  proofOf,
  publicationOf,
  statementOf,
  submissionOf,
  submit,
  tipAt,
} from "./support/settlement.ts";

const FIRST: Claim = { prev: GENESIS, next: tipAt(3n) };
const SECOND: Claim = { prev: FIRST.next, next: tipAt(4n) };

const word = (n: bigint) => ethers.zeroPadValue(ethers.toBeHex(n), 32);
const inputsHash = (claim: Claim) => keccak256(concat(statementToFields(statementOf(claim)).map(word)));

/** Attested anew, so that only the proof can be what is wrong. */
async function altered(
  world: World,
  base: Submission,
  change: Partial<Submission["batch"]>,
): Promise<Submission> {
  const batch = { ...base.batch, ...change };
  const publication = publicationOf(await world.rollup.getAddress(), GENESIS, batch);
  return { ...base, batch, attestations: await attest(world.committee, publication) };
}

describe("Rollup", function () {
  this.timeout(PROOFS_TIMEOUT_MS);

  describe("submitBatch", () => {
    it("settles a batch anyone submits: tip, history and event (I-ROLLUP-01)", async () => {
      const world = await loadFixture(deployWorld);
      const stranger = (await ethers.getSigners())[7]!;
      const { batch, attestations, proof } = await submissionOf(world, FIRST);
      const rollup = world.rollup.connect(stranger as never) as Contract;
      await expect(rollup.getFunction("submitBatch").send(batch, attestations, proof))
        .to.emit(rollup, "BatchSettled")
        .withArgs(
          1n,
          batch.prevStateRoot,
          1n,
          Object.values(orderedTip(batch)),
          1234n,
          batch.dataPointer,
          batch.innerProofHash,
        );
      expect(await tipOf(world)).to.deep.equal(FIRST.next);
      expect(await world.rollup.getFunction("batchCount")()).to.equal(1n);
      expect(await world.rollup.getFunction("stateRootOf")(0)).to.equal(word(GENESIS.stateRoot));
      expect(await world.rollup.getFunction("stateRootOf")(1)).to.equal(word(FIRST.next.stateRoot));
    });

    it("is rebuilt, tip and history, from events alone (I-ROLLUP-04)", async () => {
      const world = await loadFixture(deployWorld);
      await submit(world, await submissionOf(world, FIRST));
      await submit(world, await submissionOf(world, SECOND));
      const [created] = await world.factory.queryFilter("RollupCreated");
      const settled = await world.rollup.queryFilter("BatchSettled");
      const { args } = world.factory.interface.parseLog(created!)!;
      const tips = [
        args.parameters.genesis,
        ...settled.map((e) => world.rollup.interface.parseLog(e)!.args.next),
      ];
      expect(args.rollup).to.equal(await world.rollup.getAddress());
      for (const name of ["chainId", "gasLimit", "program", "verifier", "dataAvailability"])
        expect(args.parameters[name], name).to.equal(await world.rollup.getFunction(name)());
      expect(await world.rollup.getFunction("tip")()).to.deep.equal(tips.at(-1));
      expect(await world.rollup.getFunction("batchCount")()).to.equal(BigInt(tips.length - 1));
      for (const [i, tip] of tips.entries())
        expect(await world.rollup.getFunction("stateRootOf")(i)).to.equal(tip.stateRoot);
    });

    it("refuses a stale previous root, naming both (StalePreviousRoot)", async () => {
      const world = await loadFixture(deployWorld);
      const stale = await submissionOf(world, { prev: GENESIS, next: tipAt(5n, 1n) });
      await submit(world, await submissionOf(world, FIRST));
      await expect(submit(world, stale))
        .to.be.revertedWithCustomError(world.rollup, "StalePreviousRoot")
        .withArgs(word(FIRST.next.stateRoot), word(GENESIS.stateRoot));
    });

    it("refuses a replay (I-ROLLUP-02)", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      await submit(world, first);
      await expect(submit(world, first)).to.be.revertedWithCustomError(world.rollup, "StalePreviousRoot");
    });

    it("refuses a replay of a batch that left the state as it was (FirstBlockMismatch)", async () => {
      const world = await loadFixture(deployWorld);
      const idle = await submissionOf(world, {
        prev: GENESIS,
        next: { ...tipAt(2n), stateRoot: GENESIS.stateRoot },
      });
      await submit(world, idle);
      await expect(submit(world, idle))
        .to.be.revertedWithCustomError(world.rollup, "FirstBlockMismatch")
        .withArgs(3n, 1n);
    });

    it("refuses a range without blocks (BlockRangeEmpty)", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      const empty = await altered(world, first, { next: { ...first.batch.next, blockNumber: 0n } });
      await expect(submit(world, empty))
        .to.be.revertedWithCustomError(world.rollup, "BlockRangeEmpty")
        .withArgs(1n, 0n);
    });

    it("refuses a batch without an inner proof (InnerProofHashMissing)", async () => {
      const world = await loadFixture(deployWorld);
      const missing = await altered(world, await submissionOf(world, FIRST), {
        innerProofHash: ethers.ZeroHash,
      });
      await expect(submit(world, missing))
        .to.be.revertedWithCustomError(world.rollup, "InnerProofHashMissing")
        .withArgs(1n);
    });

    it("refuses every altered value that the proof is about (ProofRejected, I-ROLLUP-03)", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      for (const name of Object.keys(FIRST.next) as (keyof typeof FIRST.next)[]) {
        const next = { ...FIRST.next, [name]: FIRST.next[name] + 1n };
        await expect(submit(world, await altered(world, first, { next: tipToSolidity(next) })), name)
          .to.be.revertedWithCustomError(world.verifier, "ProofRejected")
          .withArgs(program.id, inputsHash({ prev: GENESIS, next }));
      }
    });

    it("refuses swapped inputs", async () => {
      const world = await loadFixture(deployWorld);
      const { stateRoot, dataHash } = FIRST.next;
      const next = { ...FIRST.next, stateRoot: dataHash, dataHash: stateRoot };
      await expect(
        submit(world, await altered(world, await submissionOf(world, FIRST), { next: tipToSolidity(next) })),
      )
        .to.be.revertedWithCustomError(world.verifier, "ProofRejected")
        .withArgs(program.id, inputsHash({ prev: GENESIS, next }));
    });

    it("refuses a proof of another chain, gas limit, start or program (I-ROLLUP-01)", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      const others: Record<string, Partial<Claim>> = {
        chain: { chainId: CHAIN_ID + 1n },
        gasLimit: { gasLimit: 1n },
        start: { prev: { ...GENESIS, gasUsed: 1n } },
        program: { by: otherProgram },
      };
      for (const [what, other] of Object.entries(others))
        await expect(submit(world, { ...first, proof: await proofOf({ ...FIRST, ...other }) }), what)
          .to.be.revertedWithCustomError(world.verifier, "ProofRejected")
          .withArgs(program.id, inputsHash(FIRST));
    });

    it("refuses a root that is a second name for another (NotAFieldElement, I-ROLLUP-05)", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      const parameters = { ...world.parameters, chainId: 77n, genesis: tipToSolidity(GENESIS) };
      for (const name of ["stateRoot", "dataHash"] as const) {
        const value = word(FIRST.next[name] + FIELD_MODULUS);
        await expect(
          submit(world, await altered(world, first, { next: { ...first.batch.next, [name]: value } })),
          name,
        ).to.be.revertedWithCustomError(world.verifier, "ProofRejected");
        const genesis = { ...parameters.genesis, [name]: word(FIELD_MODULUS) };
        await expect(world.factory.getFunction("createRollup").send({ ...parameters, genesis }), name)
          .to.be.revertedWithCustomError(world.rollup, "NotAFieldElement")
          .withArgs(FIELD_MODULUS, word(FIELD_MODULUS));
      }
    });

    it("leaves everything as it was after a refusal", async () => {
      const world = await loadFixture(deployWorld);
      const first = await submissionOf(world, FIRST);
      await expect(submit(world, { ...first, proof: "0x" })).to.be.revertedWithCustomError(
        world.verifier,
        "ProofRejected",
      );
      expect(await tipOf(world)).to.deep.equal(GENESIS);
      await submit(world, first);
    });
  });

  describe("views", () => {
    it("publicInputs are those of protocol/publicInputs.ts, name by name", async () => {
      const { rollup } = await loadFixture(deployWorld);
      const inputs: bigint[] = (await rollup.getFunction("publicInputs")(tipToSolidity(FIRST.next))).map(
        BigInt,
      );
      expect(inputs).to.deep.equal(statementToFields(statementOf(FIRST)));
    });

    it("stateRootOf refuses a batch to come (BatchNotSettled)", async () => {
      const { rollup } = await loadFixture(deployWorld);
      await expect(rollup.getFunction("stateRootOf")(1))
        .to.be.revertedWithCustomError(rollup, "BatchNotSettled")
        .withArgs(0n, 1n);
    });
  });

  describe("creation", () => {
    it("refuses what could never settle (ZeroParameter, NotAContract, UnknownProgram)", async () => {
      const { factory, rollup, verifier, parameters } = await loadFixture(deployWorld);
      const create = (change: object) =>
        factory
          .getFunction("createRollup")
          .send({ ...parameters, chainId: 78n, genesis: tipToSolidity(GENESIS), ...change });
      const nobody = codelessAddress();
      await expect(create({ chainId: 0n }))
        .to.be.revertedWithCustomError(rollup, "ZeroParameter")
        .withArgs("chainId");
      await expect(create({ gasLimit: 0n }))
        .to.be.revertedWithCustomError(rollup, "ZeroParameter")
        .withArgs("gasLimit");
      await expect(create({ verifier: nobody }))
        .to.be.revertedWithCustomError(rollup, "NotAContract")
        .withArgs(nobody);
      await expect(create({ dataAvailability: nobody }))
        .to.be.revertedWithCustomError(rollup, "NotAContract")
        .withArgs(nobody);
      await expect(create({ program: word(1n) }))
        .to.be.revertedWithCustomError(verifier, "UnknownProgram")
        .withArgs(word(1n));
    });

    it("takes the largest gas limit that can be proven, and none above it (GasLimitUnprovable)", async () => {
      const { factory, rollup, parameters } = await loadFixture(deployWorld);
      const maximum: bigint = await rollup.getFunction("MAX_GAS_LIMIT")();
      expect(maximum).to.equal(MAX_PROVABLE_GAS_LIMIT);
      const create = (gasLimit: bigint) =>
        factory
          .getFunction("createRollup")
          .send({ ...parameters, chainId: 79n, genesis: tipToSolidity(GENESIS), gasLimit });
      for (const gasLimit of [maximum + 1n, 2n ** 64n - 1n])
        await expect(create(gasLimit))
          .to.be.revertedWithCustomError(rollup, "GasLimitUnprovable")
          .withArgs(maximum, gasLimit);
      await expect(create(maximum)).to.emit(factory, "RollupCreated");
    });

    it("two rollups of one factory do not accept each other's batches", async () => {
      const world = await loadFixture(deployWorld);
      const parameters = { ...world.parameters, chainId: CHAIN_ID + 1n };
      const { address } = await createRollup(world.signer, world.settlement.rollupFactory, parameters);
      const rollup = new Contract(address, rollupAbi, world.signer);
      const { batch, proof } = await submissionOf(world, FIRST);
      const publication = publicationOf(address, GENESIS, batch, CHAIN_ID + 1n);
      const attestations = await attest(world.committee, publication);
      await expect(submit({ rollup }, { batch, attestations, proof }))
        .to.be.revertedWithCustomError(world.verifier, "ProofRejected")
        .withArgs(program.id, inputsHash({ ...FIRST, chainId: CHAIN_ID + 1n }));
    });
  });
});

const orderedTip = ({ next }: Submission["batch"]) => ({
  stateRoot: next.stateRoot,
  dataHash: next.dataHash,
  blockNumber: next.blockNumber,
  timestamp: next.timestamp,
  baseFee: next.baseFee,
  gasUsed: next.gasUsed,
});

const codelessAddress = () => "0x00000000000000000000000000000000000000AA";

async function tipOf({ rollup }: World) {
  const tip = (await rollup.getFunction("tip")()).toObject();
  return { ...tip, stateRoot: BigInt(tip.stateRoot), dataHash: BigInt(tip.dataHash) };
}
