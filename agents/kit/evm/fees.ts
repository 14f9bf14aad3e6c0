import type { EvmRpc } from "./rpc.ts";

/** EIP-1559 fees of a transaction, wei per gas. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** Pools refuse a replacement that does not raise both fees by 10%; 12.5% keeps clear of rounding. */
const BUMP_NUMERATOR = 9n;
const BUMP_DENOMINATOR = 8n;

/** Fees that stay good while the base fee doubles, which takes at least six full blocks. */
export async function marketFees(rpc: EvmRpc): Promise<Fees> {
  const [block, tip] = await Promise.all([
    rpc.call<{ baseFeePerGas: string }>("eth_getBlockByNumber", ["latest", false]),
    rpc.call<string>("eth_maxPriorityFeePerGas"),
  ]);
  return { maxFeePerGas: 2n * BigInt(block.baseFeePerGas) + BigInt(tip), maxPriorityFeePerGas: BigInt(tip) };
}

/** Fees that replace a transaction sent with `previous`: a pool's minimum step above it, or the market if that is more. */
export function replacementFees(previous: Fees, market: Fees, maxFeeCap: bigint): Fees {
  const bump = (fee: bigint): bigint => (fee * BUMP_NUMERATOR) / BUMP_DENOMINATOR + 1n;
  const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
  const maxFeePerGas = larger(bump(previous.maxFeePerGas), market.maxFeePerGas);
  const maxPriorityFeePerGas = larger(bump(previous.maxPriorityFeePerGas), market.maxPriorityFeePerGas);
  return maxFeePerGas <= maxFeeCap ? { maxFeePerGas, maxPriorityFeePerGas } : previous;
}
