import type { Signer } from "ethers";
import { Contract, hexlify, ZeroAddress } from "ethers";
import { rollupAbi } from "../../generated/abis/Rollup.ts";
import { rollupFactoryAbi } from "../../generated/abis/RollupFactory.ts";
import { StackError } from "../../protocol/errors.ts";
import { fieldToBytes } from "../../protocol/field.ts";
import type { ChainTip } from "../../protocol/tip.ts";
import type { DeploymentError } from "./deploymentFile.ts";

/** `RollupParameters` of contracts/rollup/IRollup.sol. */
export type RollupParameters = {
  readonly chainId: bigint;
  readonly gasLimit: bigint;
  /** Verification-key hash of `batch`. */
  readonly program: string;
  readonly verifier: string;
  readonly dataAvailability: string;
  readonly genesis: ChainTip;
};

export type CreatedRollup = { readonly address: string; readonly created: boolean };

/** A tip as the contracts take it. */
export const tipToSolidity = (tip: ChainTip) => ({
  ...tip,
  stateRoot: hexlify(fieldToBytes(tip.stateRoot)),
  dataHash: hexlify(fieldToBytes(tip.dataHash)),
});

/** The rollup of a chain id, created now if the factory has none. Throws ROLLUP_DIFFERS if it has one of other parameters. */
export async function createRollup(
  signer: Signer,
  factoryAddress: string,
  parameters: RollupParameters,
): Promise<CreatedRollup> {
  const factory = new Contract(factoryAddress, rollupFactoryAbi, signer);
  const { chainId } = parameters;
  const existing = (await factory.getFunction("rollupOf").staticCall(chainId)) as string;
  if (existing !== ZeroAddress) {
    await assertSame(signer, existing, parameters);
    return { address: existing, created: false };
  }
  const genesis = tipToSolidity(parameters.genesis);
  const sent = await factory.getFunction("createRollup").send({ ...parameters, genesis });
  await sent.wait();
  return { address: (await factory.getFunction("rollupOf").staticCall(chainId)) as string, created: true };
}

async function assertSame(signer: Signer, address: string, parameters: RollupParameters): Promise<void> {
  const rollup = new Contract(address, rollupAbi, signer);
  const read = async (name: string, ...args: unknown[]): Promise<string> =>
    String(await rollup.getFunction(name).staticCall(...args));
  const compare = (field: string, expected: string, supplied: string): void => {
    if (expected.toLowerCase() === supplied.toLowerCase()) return;
    const { chainId } = parameters;
    throw new StackError<DeploymentError>(
      { code: "ROLLUP_DIFFERS", chainId, field, expected, supplied },
      "fatal",
    );
  };
  for (const field of ["gasLimit", "program", "verifier", "dataAvailability"] as const)
    compare(field, await read(field), String(parameters[field]));
  compare("genesis.stateRoot", await read("stateRootOf", 0), tipToSolidity(parameters.genesis).stateRoot);
}
