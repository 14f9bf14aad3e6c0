import { Interface, type Result } from "ethers";
import { rollupAbi } from "../../../generated/abis/Rollup.ts";
import { createChainReader } from "../../kit/evm/chainReader.ts";
import { createEvmRpc } from "../../kit/evm/rpc.ts";
import type { Hex } from "../../kit/hex.ts";
import type { FinalitySource } from "./finalitySource.ts";

/** The last block of an L3 whose batch its Rollup on the parent chain has settled: its data is attested, its execution proven. */
export function createRollupSource(parentRpcUrl: string, rollup: string): FinalitySource {
  const reader = createChainReader(createEvmRpc({ url: parentRpcUrl }));
  const contract = { address: rollup, abi: new Interface(rollupAbi) };
  return {
    async observe() {
      const height = await reader.blockNumber();
      const [tip] = (await reader.view(contract, "tip", [], height)) as unknown as [Result];
      return {
        blockNumber: tip.getValue("blockNumber") as bigint,
        stateRoot: (tip.getValue("stateRoot") as string).toLowerCase() as Hex,
        seenAtHeight: BigInt(height),
      };
    },
  };
}
