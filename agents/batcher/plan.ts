import type { ProofProfiles } from "../../protocol/programs/capacity.ts";
import { encodeTip, type ChainTip } from "../../protocol/tip.ts";
import type { Batch } from "./batch.ts";
import type { BatchLimits } from "./config.ts";
import { planCut, type BlockSummary, type Cut } from "./cut.ts";

/** What the contract, the L3's node and the journal say, read together. */
export interface BatcherView {
  /** The last settled block. */
  readonly settled: ChainTip;
  /** Journal, in the order of blocks. */
  readonly batches: readonly Batch[];
  /** Sealed blocks after the last batch. */
  readonly unbatched: readonly BlockSummary[];
  readonly nowMs: number;
  /** Of the L3's program. */
  readonly profiles: ProofProfiles;
}

export type BatcherAction =
  /** The contract has moved past it, or not to where it begins: forget it, its blocks will be cut anew. */
  | { readonly kind: "drop"; readonly batch: Batch }
  | { readonly kind: "publish"; readonly cut: Cut }
  | { readonly kind: "requestProofs"; readonly batch: Batch }
  | { readonly kind: "collectProofs"; readonly batch: Batch }
  | { readonly kind: "attest"; readonly batch: Batch }
  | { readonly kind: "awaitProof"; readonly batch: Batch }
  | { readonly kind: "submit"; readonly batch: Batch };

/** The batches that are not settled and still lead on from the settled tip, and those that do not. */
export function splitBatches(
  settled: ChainTip,
  batches: readonly Batch[],
): { done: Batch[]; open: Batch[]; stale: Batch[] } {
  const done = batches.filter((batch) => batch.lastBlock <= Number(settled.blockNumber));
  const rest = batches.slice(done.length);
  const chained = rest.findIndex((batch, i) => !sameTip(batch.prev, i === 0 ? settled : rest[i - 1]!.next));
  const good = chained === -1 ? rest.length : chained;
  return { done, open: rest.slice(0, good), stale: rest.slice(good) };
}

/** What is to be done now. Every action is safe to repeat; one whose turn has not come does nothing. */
export function planBatches(view: BatcherView, limits: BatchLimits): BatcherAction[] {
  const { open, stale } = splitBatches(view.settled, view.batches);
  // What follows is planned on the next view, which has no stale batches.
  if (stale.length > 0) return stale.map((batch) => ({ kind: "drop", batch }));
  const cut = open.length < limits.maxOpen ? planCut(view, limits) : undefined;
  const publish: BatcherAction[] = cut ? [{ kind: "publish", cut }] : [];
  return [...publish, ...open.flatMap((batch, i) => actionsOf(batch, i === 0))];
}

function actionsOf(batch: Batch, isFirst: boolean): BatcherAction[] {
  if (!batch.chunkJobs) return [{ kind: "requestProofs", batch }];
  if (batch.innerProofHash === undefined) return [{ kind: "collectProofs", batch }];
  const actions: BatcherAction[] = [];
  // The committee signs while the wrapping proof is being made.
  if (batch.attestations === undefined) actions.push({ kind: "attest", batch });
  if (batch.provenAtMs === undefined) actions.push({ kind: "awaitProof", batch });
  // Settlement is in order: the contract's tip is what the proof starts from.
  return actions.length === 0 && isFirst ? [{ kind: "submit", batch }] : actions;
}

const sameTip = (a: ChainTip, b: ChainTip): boolean => Buffer.compare(encodeTip(a), encodeTip(b)) === 0;
