/** A settled world for tests: real verifiers, a committee of three of whom two must sign, one rollup at genesis. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HDNodeWallet, Signer } from "ethers";
import { concat, Contract, hexlify, keccak256, toUtf8Bytes } from "ethers";
import { dataAvailabilityCommitteeAbi } from "../../../generated/abis/DataAvailabilityCommittee.ts";
import { proofVerifierAbi } from "../../../generated/abis/ProofVerifier.ts";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { rollupFactoryAbi } from "../../../generated/abis/RollupFactory.ts";
import { hash } from "../../../protocol/hash.ts";
import { Domain } from "../../../protocol/domains.ts";
import type { Statement } from "../../../protocol/publicInputs.ts";
import type { ChainTip } from "../../../protocol/tip.ts";
import { createRollup, tipToSolidity } from "../../../scripts/deploy/createRollup.ts";
import { deploySettlement } from "../../../scripts/deploy/deploySettlement.ts";
import { ethers } from "./chain.ts";
import { statementProgram } from "./statementProgram.ts";

export const CHAIN_ID = 4_242n;
export const GAS_LIMIT = 30_000_000n;
export const THRESHOLD = 2;

/** A proof takes 0.2 s, is cached, and waits while another process of this machine makes a big one. */
export const PROOFS_TIMEOUT_MS = 600_000;

const field = (n: bigint) => hash(Domain.BLOCK, [n]);

/** A tip at a block; different for each `salt`. */
export const tipAt = (blockNumber: bigint, salt = 0n): ChainTip => ({
  stateRoot: field(1000n * salt + blockNumber),
  dataHash: field(1000n * salt + blockNumber + 500n),
  blockNumber,
  timestamp: 1_700_000_000n + blockNumber,
  baseFee: 1_000_000_000n - blockNumber,
  gasUsed: 21_000n * blockNumber,
});

export const GENESIS = tipAt(0n);

/** What a submitter sends, and what was proven and attested for it. */
export type Submission = { batch: SolidityBatch; attestations: string; proof: string };
export type SolidityBatch = {
  prevStateRoot: string;
  firstBlock: bigint;
  next: ReturnType<typeof tipToSolidity>;
  dataLength: number;
  dataPointer: string;
  innerProofHash: string;
};

export const program = await statementProgram();
export const otherProgram = await statementProgram(1n);
const deploymentPath = join(await mkdtemp(join(tmpdir(), "bvm-deployments-")), "hardhat.json");

export const wallets = (await Promise.all(
  ["one", "two", "three"].map((name) => new ethers.Wallet(keccak256(toUtf8Bytes(`attester ${name}`)))),
)) as unknown as HDNodeWallet[];
export const attesters = wallets.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

export const settlementOptions = async () => ({
  signer: (await ethers.getSigners())[0] as unknown as Signer,
  network: "hardhat",
  path: deploymentPath,
  committee: { members: attesters.map(({ address }) => address), threshold: THRESHOLD },
  verifiers: [
    { ...program.verifier, name: "BatchVerifier" },
    { ...otherProgram.verifier, name: "OtherVerifier" },
  ],
  referenceString: program.referenceString.manifest,
});

export const rollupParameters = (settlement: {
  proofVerifier: string;
  dataAvailabilityCommittee: string;
}) => ({
  chainId: CHAIN_ID,
  gasLimit: GAS_LIMIT,
  program: program.id,
  verifier: settlement.proofVerifier,
  dataAvailability: settlement.dataAvailabilityCommittee,
  genesis: GENESIS,
});

/** The fixture. */
export async function deployWorld() {
  const options = await settlementOptions();
  const settlement = await deploySettlement(options);
  const parameters = rollupParameters(settlement);
  const { address } = await createRollup(options.signer, settlement.rollupFactory, parameters);
  const { signer } = options;
  return {
    settlement,
    parameters,
    signer,
    factory: new Contract(settlement.rollupFactory, rollupFactoryAbi, signer),
    rollup: new Contract(address, rollupAbi, signer),
    committee: new Contract(settlement.dataAvailabilityCommittee, dataAvailabilityCommitteeAbi, signer),
    verifier: new Contract(settlement.proofVerifier, proofVerifierAbi, signer),
  };
}

export type World = Awaited<ReturnType<typeof deployWorld>>;

export type Claim = {
  prev: ChainTip;
  next: ChainTip;
  chainId?: bigint;
  gasLimit?: bigint;
  by?: typeof program;
};

export const statementOf = ({ prev, next, chainId = CHAIN_ID, gasLimit = GAS_LIMIT }: Claim): Statement => ({
  chainId,
  prev,
  next,
  gasLimit,
  selfKeyHash: 0n,
});

const proofs = new Map<string, Promise<Uint8Array>>();

/** Proofs are made once a run. */
export async function proofOf(claim: Claim): Promise<string> {
  const { by = program } = claim;
  const key =
    by.id + JSON.stringify(statementOf(claim), (_k, v: unknown) => (typeof v === "bigint" ? `${v}` : v));
  if (!proofs.has(key)) proofs.set(key, by.prove(statementOf(claim)));
  return hexlify(await proofs.get(key)!);
}

/** Everything right for settling `next` after `prev`. */
export async function submissionOf({ rollup, committee }: World, claim: Claim): Promise<Submission> {
  const { prev, next } = claim;
  const innerProofHash = keccak256(toUtf8Bytes(`inner proof ${next.blockNumber}`));
  const batch = {
    prevStateRoot: tipToSolidity(prev).stateRoot,
    firstBlock: prev.blockNumber + 1n,
    next: tipToSolidity(next),
    dataLength: 1234,
    dataPointer: concat(["0x00", keccak256(toUtf8Bytes(`data ${next.blockNumber}`))]),
    innerProofHash,
  };
  const signed = publicationOf(await rollup.getAddress(), prev, batch);
  return { batch, attestations: await attest(committee, signed), proof: await proofOf(claim) };
}

export const publicationOf = (rollup: string, prev: ChainTip, batch: SolidityBatch, chainId = CHAIN_ID) => ({
  rollup,
  chainId,
  prevDataHash: tipToSolidity(prev).dataHash,
  dataHash: batch.next.dataHash,
  dataLength: batch.dataLength,
  dataPointer: batch.dataPointer,
  innerProofHash: batch.innerProofHash,
});

export type Publication = ReturnType<typeof publicationOf>;

export const PUBLICATION_TYPES = {
  Publication: [
    { name: "rollup", type: "address" },
    { name: "chainId", type: "uint64" },
    { name: "prevDataHash", type: "bytes32" },
    { name: "dataHash", type: "bytes32" },
    { name: "dataLength", type: "uint32" },
    { name: "dataPointer", type: "bytes" },
    { name: "innerProofHash", type: "bytes32" },
  ],
};

/** Signatures over a publication, in the order given; by default exactly as many members as needed. */
export async function attest(
  committee: Contract,
  publication: Publication,
  signers = attesters.slice(0, THRESHOLD),
  chainId = 31337n,
): Promise<string> {
  const verifyingContract = await committee.getAddress();
  const domain = { name: "Supersonic Data Availability", version: "1", chainId, verifyingContract };
  return concat(
    await Promise.all(signers.map((signer) => signer.signTypedData(domain, PUBLICATION_TYPES, publication))),
  );
}

export const submit = ({ rollup }: Pick<World, "rollup">, { batch, attestations, proof }: Submission) =>
  rollup.getFunction("submitBatch").send(batch, attestations, proof);
