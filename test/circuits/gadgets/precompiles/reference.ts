/** The precompiled contracts of another implementation, to compare with. */
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, getActivePrecompiles } from "@ethereumjs/evm";

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
const contracts = getActivePrecompiles(common);

export interface PrecompileResult {
  readonly output: Uint8Array;
  readonly gas: bigint;
  readonly failed: boolean;
}

export async function callPrecompile(number: number, data: Uint8Array): Promise<PrecompileResult> {
  const contract = contracts.get(number.toString(16).padStart(40, "0"))!;
  const _EVM = await evm;
  const result = await contract({ data, gasLimit: 1n << 60n, common, _EVM });
  return {
    output: result.returnValue,
    gas: result.executionGasUsed,
    failed: result.exceptionError !== undefined,
  };
}

const evm = createEVM({ common });

export const bytes32 = (value: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
