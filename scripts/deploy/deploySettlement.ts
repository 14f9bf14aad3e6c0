/**
 * Deploys what every L3 on a chain shares: generated verifiers, ProofVerifier, the data availability committee, RollupFactory.
 * Writes `deployments/<network>.json` after each contract, so an interrupted run goes on where it stopped, and a run with
 * the same inputs on the same chain sends nothing.
 */
import type { Signer } from "ethers";
import { StackError } from "../../protocol/errors.ts";
import { dataAvailabilityCommitteeAbi } from "../../generated/abis/DataAvailabilityCommittee.ts";
import { proofVerifierAbi } from "../../generated/abis/ProofVerifier.ts";
import { rollupFactoryAbi } from "../../generated/abis/RollupFactory.ts";
import { dataAvailabilityCommitteeBytecode } from "../../generated/bytecode/DataAvailabilityCommittee.ts";
import { proofVerifierBytecode } from "../../generated/bytecode/ProofVerifier.ts";
import { rollupFactoryBytecode } from "../../generated/bytecode/RollupFactory.ts";
import type { Deployment, DeploymentError, ReferenceStringRecord } from "./deploymentFile.ts";
import { deploymentPath, readDeployment, writeDeployment } from "./deploymentFile.ts";
import type { ContractInput } from "./ensureContract.ts";
import { ensureContract } from "./ensureContract.ts";

/** Chains nobody outside one machine relies on: Hardhat's, and the development Supersonic's. */
export const LOCAL_CHAIN_IDS: readonly number[] = [31337, 1337];

/** A compiled generated verifier, as `proving/verifier` gives it. */
export type VerifierArtifact = {
  /** Contract name, `BatchVerifier`. */
  readonly name: string;
  /** Hash of the verification key inside it: the program's id. */
  readonly keyHash: string;
  readonly bytecode: string;
};

export type SettlementOptions = {
  /** Pays; gets no power over what it deploys. Needs a provider. */
  readonly signer: Signer;
  readonly network: string;
  readonly committee: { readonly members: readonly string[]; readonly threshold: number };
  readonly verifiers: readonly VerifierArtifact[];
  readonly referenceString: ReferenceStringRecord;
  /** The deployment's file; default `deployments/<network>.json`. */
  readonly path?: string;
};

export type Settlement = {
  readonly rollupFactory: string;
  readonly proofVerifier: string;
  readonly dataAvailabilityCommittee: string;
  /** By contract name. */
  readonly verifiers: Readonly<Record<string, string>>;
  readonly deployment: Deployment;
};

/** Throws LOCAL_REFERENCE_STRING_REFUSED, DEPLOYMENT_OF_ANOTHER_CHAIN. */
export async function deploySettlement(options: SettlementOptions): Promise<Settlement> {
  const { signer, network, committee, verifiers } = options;
  const chainId = Number((await signer.provider!.getNetwork()).chainId);
  const { kind, id } = options.referenceString;
  assertReferenceStringAllowed(kind, chainId);

  const { path = deploymentPath(network) } = options;
  const recorded = readDeployment(path, chainId);
  const verificationKeys = Object.fromEntries(
    verifiers.map(({ name, keyHash }) => [programName(name), keyHash]),
  );
  let deployment: Deployment = {
    network,
    chainId,
    referenceString: { kind, id },
    verificationKeys,
    contracts: {},
  };
  const ensure = async (name: string, input: ContractInput): Promise<string> => {
    const contract = await ensureContract(signer, input, recorded?.contracts[name]);
    deployment = { ...deployment, contracts: { ...deployment.contracts, [name]: contract } };
    await writeDeployment(path, {
      ...deployment,
      contracts: { ...recorded?.contracts, ...deployment.contracts },
    });
    return contract.address;
  };

  const programs: { program: string; verifier: string }[] = [];
  for (const { name, keyHash, bytecode } of verifiers)
    programs.push({ program: keyHash, verifier: await ensure(name, { abi: [], bytecode, arguments: [] }) });
  programs.sort((a, b) => (BigInt(a.program) < BigInt(b.program) ? -1 : 1));
  const members = [...committee.members].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

  const settlement = {
    proofVerifier: await ensure("ProofVerifier", {
      abi: proofVerifierAbi,
      bytecode: proofVerifierBytecode,
      arguments: [programs],
    }),
    dataAvailabilityCommittee: await ensure("DataAvailabilityCommittee", {
      abi: dataAvailabilityCommitteeAbi,
      bytecode: dataAvailabilityCommitteeBytecode,
      arguments: [members, committee.threshold],
    }),
    rollupFactory: await ensure("RollupFactory", {
      abi: rollupFactoryAbi,
      bytecode: rollupFactoryBytecode,
      arguments: [],
    }),
    verifiers: Object.fromEntries(verifiers.map(({ name }) => [name, deployment.contracts[name]!.address])),
  };
  await writeDeployment(path, deployment); // without the contracts of earlier inputs
  return { ...settlement, deployment };
}

function assertReferenceStringAllowed(kind: ReferenceStringRecord["kind"], chainId: number): void {
  if (kind !== "local" || LOCAL_CHAIN_IDS.includes(chainId)) return;
  throw new StackError<DeploymentError>(
    { code: "LOCAL_REFERENCE_STRING_REFUSED", chainId, allowed: LOCAL_CHAIN_IDS },
    "fatal",
  );
}

/** `BatchVerifier` -> `batch`. */
const programName = (contract: string): string =>
  contract.charAt(0).toLowerCase() + contract.slice(1).replace(/Verifier$/, "");
