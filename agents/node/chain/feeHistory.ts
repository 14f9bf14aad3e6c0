import { StackError } from "../../../protocol/errors.ts";
import type { BlockIndex } from "./blockIndex.ts";
import type { BlockId, ChainQueryError, FeeHistory, PlacedReceipt } from "./nodeChain.ts";

/** Blocks of one answer (geth: 1,024). */
const MAX_BLOCKS = 1_024;
const MAX_PERCENTILES = 100;

const fail = (reason: string): never => {
  throw new StackError<ChainQueryError>({ code: "FEE_HISTORY_INVALID", reason }, "fatal");
};

/** Base fees and, by percentile of gas, priority fees of consecutive blocks. @throws StackError UNKNOWN_BLOCK, FEE_HISTORY_INVALID */
export function feeHistory(
  index: BlockIndex,
  blockCount: number,
  newest: BlockId,
  percentiles: readonly number[] | undefined,
): FeeHistory {
  if (percentiles) assertPercentiles(percentiles);
  const resolved = index.require(newest);
  const last = resolved === "pending" ? (index.require("latest") as bigint) : resolved;
  const wanted = BigInt(Math.min(Math.max(blockCount, 0), MAX_BLOCKS));
  const count = wanted > last + 1n ? last + 1n : wanted;
  const oldestBlock = last + 1n - count;
  const headers = Array.from({ length: Number(count) }, (_, i) =>
    index.header({ number: oldestBlock + BigInt(i) })!,
  );
  const next =
    index.header({ number: last + 1n })?.baseFeePerGas ?? index.environment("pending").baseFeePerGas;
  return {
    oldestBlock: count === 0n ? 0n : oldestBlock,
    baseFeePerGas: count === 0n ? [] : [...headers.map((header) => header.baseFeePerGas), next],
    gasUsedRatio: headers.map(({ gasUsed, gasLimit }) => Number(gasUsed) / Number(gasLimit)),
    reward:
      percentiles &&
      headers.map(({ number, baseFeePerGas }) =>
        rewards(index.receipts({ number }) ?? [], baseFeePerGas, percentiles),
      ),
  };
}

/** Priority fees at percentiles of the gas used, cheapest gas first; zeros for an empty block. */
export function rewards(
  receipts: readonly PlacedReceipt[],
  baseFee: bigint,
  percentiles: readonly number[],
): bigint[] {
  const paid = receipts
    .map(({ receipt }) => ({ gas: Number(receipt.gasUsed), fee: receipt.effectiveGasPrice - baseFee }))
    .sort((a, b) => (a.fee < b.fee ? -1 : a.fee > b.fee ? 1 : 0));
  const total = paid.reduce((sum, { gas }) => sum + gas, 0);
  return percentiles.map((percentile) => {
    let gas = 0;
    for (const entry of paid) if ((gas += entry.gas) >= (total * percentile) / 100) return entry.fee;
    return paid.at(-1)?.fee ?? 0n;
  });
}

function assertPercentiles(percentiles: readonly number[]): void {
  if (percentiles.length > MAX_PERCENTILES) fail(`over the query limit ${MAX_PERCENTILES}`);
  percentiles.forEach((p, i) => {
    if (!(p >= 0 && p <= 100)) fail(`invalid reward percentile: ${p}`);
    if (i > 0 && p < percentiles[i - 1]!)
      fail(`invalid reward percentile: #${i - 1}:${percentiles[i - 1]} >= #${i}:${p}`);
  });
}
