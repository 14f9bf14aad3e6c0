import type { EventLog, Result, Signer } from "ethers";
import { Contract, hexlify, ZeroAddress } from "ethers";
import { rollupFactoryAbi } from "../../generated/abis/RollupFactory.ts";
import { MAX_PROVABLE_GAS_LIMIT } from "../../protocol/constants.ts";
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

/**
 * The rollup of a chain id, created now if the factory has none. Throws ROLLUP_DIFFERS if it has one of other parameters, and
 * GAS_LIMIT_UNPROVABLE before anything is sent.
 */
export async function createRollup(
  signer: Signer,
  factoryAddress: string,
  parameters: RollupParameters,
): Promise<CreatedRollup> {
  const factory = new Contract(factoryAddress, rollupFactoryAbi, signer);
  const { chainId } = parameters;
  const existing = (await factory.getFunction("rollupOf").staticCall(chainId)) as string;
  if (existing !== ZeroAddress) {
    await assertSame(factory, existing, await signer.provider!.getBlockNumber(), parameters);
    return { address: existing, created: false };
  }
  assertProvable(parameters.gasLimit);
  const genesis = tipToSolidity(parameters.genesis);
  const sent = await factory.getFunction("createRollup").send({ ...parameters, genesis });
  await sent.wait();
  return { address: (await factory.getFunction("rollupOf").staticCall(chainId)) as string, created: true };
}

function assertProvable(supplied: bigint): void {
  const maximum = MAX_PROVABLE_GAS_LIMIT;
  if (supplied > maximum)
    throw new StackError<DeploymentError>({ code: "GAS_LIMIT_UNPROVABLE", maximum, supplied }, "fatal");
}

async function assertSame(
  factory: Contract,
  rollup: string,
  latestBlock: number,
  parameters: RollupParameters,
): Promise<void> {
  const created = (await creationOf(factory, rollup, 0, latestBlock))!.args.parameters as Result;
  const compare = (field: string, expected: unknown, supplied: unknown): void => {
    if (String(expected).toLowerCase() === String(supplied).toLowerCase()) return;
    const values = { chainId: parameters.chainId, expected: String(expected), supplied: String(supplied) };
    throw new StackError<DeploymentError>({ code: "ROLLUP_DIFFERS", field, ...values }, "fatal");
  };
  for (const field of ["gasLimit", "program", "verifier", "dataAvailability"] as const)
    compare(field, created[field], parameters[field]);
  for (const [field, supplied] of Object.entries(tipToSolidity(parameters.genesis)))
    compare(`genesis.${field}`, created.genesis[field], supplied);
}

/**
 * The event of the rollup's creation; of the genesis, the contract itself keeps the state root alone. The range of blocks is halved
 * where the node refuses it as too wide; a single block is not divisible.
 */
async function creationOf(
  factory: Contract,
  rollup: string,
  from: number,
  to: number,
): Promise<EventLog | undefined> {
  try {
    const created = factory.filters.RollupCreated!(null, rollup);
    return (await factory.queryFilter(created, from, to))[0] as EventLog | undefined;
  } catch (error) {
    if (from === to) throw error;
    const middle = Math.floor((from + to) / 2);
    return (await creationOf(factory, rollup, from, middle)) ?? creationOf(factory, rollup, middle + 1, to);
  }
}
