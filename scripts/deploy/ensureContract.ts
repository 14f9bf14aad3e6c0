import type { InterfaceAbi, Signer } from "ethers";
import { ContractFactory, keccak256 } from "ethers";
import type { DeployedContract } from "./deploymentFile.ts";

export type ContractInput = {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
  readonly arguments: readonly unknown[];
};

/**
 * The contract of these inputs: the one on record if the chain still has its code, else created now.
 * Sends one transaction or none.
 */
export async function ensureContract(
  signer: Signer,
  { abi, bytecode, arguments: args }: ContractInput,
  recorded: DeployedContract | undefined,
): Promise<DeployedContract> {
  const factory = new ContractFactory(abi, bytecode, signer);
  const initCodeHash = keccak256((await factory.getDeployTransaction(...args)).data);
  if (
    recorded?.initCodeHash === initCodeHash &&
    (await codeHash(signer, recorded.address)) === recorded.codeHash
  )
    return recorded;

  const contract = await factory.deploy(...args);
  const receipt = await contract.deploymentTransaction()!.wait();
  const address = await contract.getAddress();
  const block = receipt!.blockNumber;
  return { address, block, arguments: args, initCodeHash, codeHash: await codeHash(signer, address) };
}

const codeHash = async (signer: Signer, address: string): Promise<string> =>
  keccak256(await signer.provider!.getCode(address));
