import { ethers } from "./chain.ts";

type Call = (...args: unknown[]) => Promise<unknown>;
const METHODS = ["permute", "hash", "permutationGas", "assertAccount", "assertStorage"] as const;

/** The harness around the internal libraries, with its functions by name. */
export async function deployCryptoHarness() {
  const contract = await ethers.deployContract("CryptoHarness");
  const methods = METHODS.map((name) => [name, contract.getFunction(name).staticCall as Call] as const);
  return Object.assign(contract, Object.fromEntries(methods) as Record<(typeof METHODS)[number], Call>);
}
