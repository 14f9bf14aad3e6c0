import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import { concat, Contract, ContractFactory, TypedDataEncoder, Wallet, ZeroAddress } from "ethers";
import { dataAvailabilityCommitteeAbi } from "../../generated/abis/DataAvailabilityCommittee.ts";
import { dataAvailabilityCommitteeBytecode } from "../../generated/bytecode/DataAvailabilityCommittee.ts";
import { ethers, loadFixture } from "./support/chain.ts";
import type { Publication, Submission, World } from "./support/settlement.ts";
import {
  PROOFS_TIMEOUT_MS,
  attest,
  attesters,
  CHAIN_ID,
  deployWorld,
  GENESIS,
  publicationOf,
  PUBLICATION_TYPES,
  submissionOf,
  submit,
  THRESHOLD,
  tipAt,
} from "./support/settlement.ts";

const [one, two, three] = attesters as [HDNodeWallet, HDNodeWallet, HDNodeWallet];
const FIRST = { prev: GENESIS, next: tipAt(3n) };
const addresses = attesters.map(({ address }) => address);

async function withSubmission() {
  const world = await loadFixture(deployWorld);
  const submission = await submissionOf(world, FIRST);
  return {
    world,
    submission,
    publication: publicationOf(await world.rollup.getAddress(), GENESIS, submission.batch),
  };
}

const attestedBy = async (world: World, submission: Submission, attestations: string | Promise<string>) =>
  submit(world, { ...submission, attestations: await attestations });

describe("DataAvailabilityCommittee", function () {
  this.timeout(PROOFS_TIMEOUT_MS);

  it("knows its members and threshold, and tells them in its one event (I-DA-03)", async () => {
    const { committee } = await loadFixture(deployWorld);
    const [created] = await committee.queryFilter("CommitteeCreated");
    const { args } = committee.interface.parseLog(created!)!;
    expect(args.toObject(true)).to.deep.equal({ members: addresses, threshold: BigInt(THRESHOLD) });
    expect(await committee.getFunction("members")()).to.deep.equal(addresses);
    for (const address of addresses) expect(await committee.getFunction("isMember")(address)).to.equal(true);
    expect(await committee.getFunction("isMember")(ZeroAddress)).to.equal(false);
  });

  it("digest is EIP-712's (I-DA-02)", async () => {
    const { world, publication } = await withSubmission();
    const domain = {
      name: "Supersonic Data Availability",
      version: "1",
      chainId: 31337n,
      verifyingContract: await world.committee.getAddress(),
    };
    expect(await world.committee.getFunction("publicationDigest")(publication)).to.equal(
      TypedDataEncoder.hash(domain, PUBLICATION_TYPES, publication),
    );
  });

  it("accepts the threshold, and more (I-DA-01)", async () => {
    const { world, publication } = await withSubmission();
    const assertPublished = world.committee.getFunction("assertPublished");
    for (const signers of [[one, two], [one, three], [two, three], attesters])
      await assertPublished.staticCall(publication, await attest(world.committee, publication, signers));
  });

  it("refuses no signature, and too few (CommitteeThresholdNotMet)", async () => {
    const { world, submission, publication } = await withSubmission();
    await expect(attestedBy(world, submission, "0x"))
      .to.be.revertedWithCustomError(world.committee, "CommitteeThresholdNotMet")
      .withArgs(2n, 0n);
    await expect(attestedBy(world, submission, attest(world.committee, publication, [two])))
      .to.be.revertedWithCustomError(world.committee, "CommitteeThresholdNotMet")
      .withArgs(2n, 1n);
  });

  it("refuses one member twice, and members out of order (SignersNotAscending)", async () => {
    const { world, submission, publication } = await withSubmission();
    await expect(attestedBy(world, submission, attest(world.committee, publication, [one, one])))
      .to.be.revertedWithCustomError(world.committee, "SignersNotAscending")
      .withArgs(one.address, one.address);
    await expect(attestedBy(world, submission, attest(world.committee, publication, [three, one])))
      .to.be.revertedWithCustomError(world.committee, "SignersNotAscending")
      .withArgs(three.address, one.address);
  });

  it("refuses a foreign signer beside enough members (NotACommitteeMember)", async () => {
    const { world, submission, publication } = await withSubmission();
    const foreign = strangerAfter(three.address);
    await expect(attestedBy(world, submission, attest(world.committee, publication, [one, two, foreign])))
      .to.be.revertedWithCustomError(world.committee, "NotACommitteeMember")
      .withArgs(foreign.address);
  });

  it("refuses signatures over anything else: every field is bound (I-DA-02)", async () => {
    const { world, submission, publication } = await withSubmission();
    const other: Publication = {
      rollup: await world.factory.getAddress(),
      chainId: CHAIN_ID + 1n,
      prevDataHash: publication.dataHash,
      dataHash: publication.prevDataHash,
      dataLength: publication.dataLength + 1,
      dataPointer: `${publication.dataPointer}00`,
      innerProofHash: publication.dataHash,
    };
    for (const name of Object.keys(other) as (keyof Publication)[]) {
      const signed = { ...publication, [name]: other[name] };
      await expectForeign(
        attestedBy(world, submission, attest(world.committee, signed)),
        world.committee,
        name,
      );
    }
  });

  it("refuses signatures for another chain or committee", async () => {
    const { world, submission, publication } = await withSubmission();
    const elsewhere = attest(world.committee, publication, undefined, 1n);
    await expectForeign(attestedBy(world, submission, elsewhere), world.committee, "chain");
    const another = attest(world.factory, publication);
    await expectForeign(attestedBy(world, submission, another), world.committee, "committee");
  });

  it("refuses bytes that are not signatures (AttestationsLengthWrong, ECDSAInvalidSignature)", async () => {
    const { world, submission } = await withSubmission();
    await expect(attestedBy(world, submission, `${submission.attestations}00`))
      .to.be.revertedWithCustomError(world.committee, "AttestationsLengthWrong")
      .withArgs(65n, 131n);
    await expect(attestedBy(world, submission, concat([new Uint8Array(130)]))).to.be.revertedWithCustomError(
      world.committee,
      "ECDSAInvalidSignature",
    );
  });

  describe("creation", () => {
    const create = async (members: string[], threshold: number) => {
      const [signer] = await ethers.getSigners();
      const factory = new ContractFactory(
        dataAvailabilityCommitteeAbi,
        dataAvailabilityCommitteeBytecode,
        signer as never,
      );
      return factory.deploy(members, threshold);
    };
    const committee = new Contract(ZeroAddress, dataAvailabilityCommitteeAbi);

    it("refuses a threshold nobody or not all could meet (ThresholdOutOfRange)", async () => {
      for (const threshold of [0, 4])
        await expect(create(addresses, threshold))
          .to.be.revertedWithCustomError(committee, "ThresholdOutOfRange")
          .withArgs(threshold, 3);
    });

    it("refuses a member twice, out of order, or zero (MembersNotAscending)", async () => {
      const [a, b] = addresses as [string, string];
      for (const [members, previous, next] of [
        [[a, a], a, a],
        [[b, a], b, a],
        [[ZeroAddress, a], ZeroAddress, ZeroAddress],
      ] as const)
        await expect(create([...members], 1))
          .to.be.revertedWithCustomError(committee, "MembersNotAscending")
          .withArgs(previous, next);
    });
  });
});

/** Another digest recovers to some other address: no member, and in no order. */
async function expectForeign(sent: Promise<unknown>, committee: Contract, what: string): Promise<void> {
  const error = await sent.then(
    () => undefined,
    (e: { data?: string }) => committee.interface.parseError(e.data ?? "0x")?.name,
  );
  expect(error, what).to.equal("NotACommitteeMember");
}

/** A deterministic stranger whose signature is in its right place, the last. */
function strangerAfter(address: string) {
  for (let i = 1n; ; i++) {
    const wallet = new Wallet(ethers.toBeHex(i, 32));
    if (BigInt(wallet.address) > BigInt(address)) return wallet as unknown as HDNodeWallet;
  }
}
