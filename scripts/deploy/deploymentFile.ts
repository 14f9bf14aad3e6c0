/** `deployments/<network>.json`: what stands where on a chain, and from which inputs it was made. */
import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileDurably } from "../../agents/kit/durableFile.ts";
import { StackError } from "../../protocol/errors.ts";
import { repositoryRoot } from "../generatedFiles.ts";

/** A contract as it was created. */
export type DeployedContract = {
  readonly address: string;
  /** Block of the creation: where a reader of its events begins. */
  readonly block: number;
  /** Constructor arguments, in order. */
  readonly arguments: readonly unknown[];
  /** keccak256 of creation code and arguments: the same inputs give the same hash. */
  readonly initCodeHash: string;
  /** keccak256 of the code on chain. */
  readonly codeHash: string;
};

export type ReferenceStringRecord = {
  /** `local`: whoever made it could forge proofs. */
  readonly kind: "local" | "aztec" | "ptau";
  readonly id: string;
};

export type Deployment = {
  readonly network: string;
  readonly chainId: number;
  readonly referenceString: ReferenceStringRecord;
  /** Verification-key hashes by program; a program's id on chain. */
  readonly verificationKeys: Readonly<Record<string, string>>;
  readonly contracts: Readonly<Record<string, DeployedContract>>;
};

export type DeploymentError =
  | { code: "DEPLOYMENT_OF_ANOTHER_CHAIN"; path: string; expected: number; supplied: number }
  | { code: "LOCAL_REFERENCE_STRING_REFUSED"; chainId: number; allowed: readonly number[] }
  | { code: "GAS_LIMIT_UNPROVABLE"; maximum: bigint; supplied: bigint }
  | { code: "ROLLUP_DIFFERS"; chainId: bigint; field: string; expected: string; supplied: string };

export const deploymentPath = (network: string): string =>
  join(repositoryRoot, "deployments", `${network}.json`);

/** Undefined if nothing was deployed yet. Throws DEPLOYMENT_OF_ANOTHER_CHAIN. */
export function readDeployment(path: string, chainId: number): Deployment | undefined {
  if (!existsSync(path)) return undefined;
  const deployment = JSON.parse(readFileSync(path, "utf8")) as Deployment;
  if (deployment.chainId !== chainId)
    throw new StackError<DeploymentError>(
      { code: "DEPLOYMENT_OF_ANOTHER_CHAIN", path, expected: deployment.chainId, supplied: chainId },
      "fatal",
    );
  return deployment;
}

export async function writeDeployment(path: string, deployment: Deployment): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileDurably(path, `${JSON.stringify(deployment, null, 2)}\n`);
}
