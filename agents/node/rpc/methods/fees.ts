import type { RpcMethods } from "../method.ts";
import { invalidParams } from "../rpcError.ts";
import { parseBlockId, parseQuantity, quantity } from "../values.ts";

export const feeMethods: RpcMethods = {
  eth_gasPrice: (_params, { chain }) =>
    quantity(chain.pendingHeader().baseFeePerGas + chain.suggestedPriorityFee()),
  eth_maxPriorityFeePerGas: (_params, { chain }) => quantity(chain.suggestedPriorityFee()),
  /** There are no blobs here: the fee that EIP-4844 sets for none. */
  eth_blobBaseFee: () => "0x1",
  eth_feeHistory: ([count, newest, percentiles], { chain }) => {
    const blocks = Number(typeof count === "number" ? count : parseQuantity(count, "blockCount"));
    const history = chain.feeHistory(blocks, parseBlockId(newest), parsePercentiles(percentiles));
    return {
      oldestBlock: quantity(history.oldestBlock),
      baseFeePerGas: history.baseFeePerGas.map(quantity),
      gasUsedRatio: history.gasUsedRatio,
      ...(history.reward ? { reward: history.reward.map((fees) => fees.map(quantity)) } : {}),
    };
  },
};

function parsePercentiles(value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((p) => typeof p === "number")) return value;
  throw invalidParams("invalid argument: rewardPercentiles must be an array of numbers");
}
