import type { BlockHeader } from "../kit/execution/blockHeader.ts";
import type { Metrics } from "../kit/metrics.ts";
import type { FinalityHeads } from "./chain/blockIndex.ts";

/** What an operator watches of a chain. */
export function createMetricsFor(metrics: Metrics) {
  const accepted = metrics.counter(
    "transactions_accepted_total",
    "Transactions taken into the pool or a block",
  );
  const executed = metrics.counter("transactions_sealed_total", "Transactions in sealed blocks");
  const gas = metrics.counter("gas_used_total", "Gas used by sealed blocks");
  const heads = metrics.gauge("head_blocks", "Block number of each head", ["head"]);
  return {
    accepted: (): void => accepted.inc(),
    sealed({ number, gasUsed, transactionHashes }: BlockHeader): void {
      heads.set({ head: "latest" }, Number(number));
      executed.inc(transactionHashes.length);
      gas.inc(Number(gasUsed));
    },
    finality({ safe, finalized }: FinalityHeads): void {
      heads.set({ head: "safe" }, Number(safe));
      heads.set({ head: "finalized" }, Number(finalized));
    },
  };
}
