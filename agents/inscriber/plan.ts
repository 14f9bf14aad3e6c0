import { StackError } from "../../protocol/errors.ts";
import type { SealSpend } from "../kit/bitcoin/sealTracker.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import type { Journal, JournalEntry, PairRecord } from "./journal.ts";

export type InscriberPlanError = {
  code: "SEAL_SPENT_BY_STRANGER";
  epoch: number;
  txid: string;
  height: number;
};

/** What Bitcoin says, as one consistent reading. */
export interface BitcoinView {
  readonly height: number;
  /** sat/vB for a confirmation soon. */
  readonly feeRate: number;
  /** The seal the first journal entry that is not final must spend. */
  readonly base: Outpoint;
  /** Confirmed spends of the seal after `base`, in order. */
  readonly spends: readonly SealSpend[];
  /** Of our transactions, those in the mempool. */
  readonly mempool: ReadonlySet<string>;
  /** keccak256 of the body a confirmed spend inscribes; undefined when it inscribes none. */
  readonly bodyHashOf: (spend: SealSpend) => string | undefined;
}

/** What Supersonic says: the blocks of the next epoch, once all of them are sealed. */
export interface EpochRange {
  readonly firstBlock: number;
  readonly lastBlock: number;
}

export interface InscriberLimits {
  /** Confirmations after which a reveal is final. */
  readonly finalConfirmations: number;
  /** Epochs signed and not confirmed; a mempool holds 25 related transactions, an epoch has two. */
  readonly maxUnconfirmed: number;
  /** Blocks a pair waits before its fee is raised, where the market asks more. */
  readonly bumpAfterBlocks: number;
  /** A bump pays at least this many times the old rate. */
  readonly bumpFactor: number;
  /** sat/vB never exceeded. */
  readonly maxFeeRate: number;
}

export type InscriberAction =
  /** The reveal is in a block (another block than before, after a reorganisation). */
  | { readonly kind: "confirm"; readonly epoch: number; readonly spend: SealSpend }
  /** A pair that was replaced confirmed after all: it is the epoch's pair again. */
  | { readonly kind: "adopt"; readonly epoch: number; readonly pair: PairRecord }
  /** A reveal of ours that the journal does not know (it was lost) continues the seal: read the entry back. */
  | { readonly kind: "recover"; readonly epoch: number; readonly spend: SealSpend }
  /** The block with the reveal left the chain. */
  | { readonly kind: "unconfirm"; readonly epoch: number }
  | { readonly kind: "finalise"; readonly epoch: number }
  /** The pair spends a seal that never came to be, because the epoch before has another pair now: sign again. */
  | { readonly kind: "resign"; readonly epoch: number; readonly seal: Outpoint }
  /** Broadcast, or broadcast again: both are harmless. */
  | { readonly kind: "publish"; readonly epoch: number }
  | { readonly kind: "raiseFee"; readonly epoch: number; readonly feeRate: number }
  | { readonly kind: "build"; readonly epoch: number; readonly range: EpochRange };

/** Actions that change what later ones would be planned from: nothing after them is planned in the same step. */
const decisive = new Set<InscriberAction["kind"]>(["adopt", "recover", "resign", "raiseFee", "unconfirm"]);

/**
 * What the inscriber does next. The journal is walked along the seal: each entry must be what spends the seal, or be able
 * to. Never plans a second epoch n except with the same seal and the same funding coin.
 * Throws: SEAL_SPENT_BY_STRANGER (fatal).
 */
export function planInscriber(
  journal: Journal,
  bitcoin: BitcoinView,
  next: EpochRange | undefined,
  limits: InscriberLimits,
): InscriberAction[] {
  const actions: InscriberAction[] = [];
  const open = journal.entries.filter((entry) => !entry.final);
  let seal = bitcoin.base;
  for (const [i, entry] of open.entries()) {
    const spend = bitcoin.spends[i];
    const planned = spend
      ? planConfirmed(entry, spend, bitcoin, limits)
      : planUnconfirmed(entry, seal, bitcoin, limits, i === bitcoin.spends.length);
    actions.push(...planned);
    if (planned.some((action) => decisive.has(action.kind))) return actions;
    seal = { txid: spend?.transaction.txid ?? entry.pair!.revealTxid, vout: 0 };
  }
  const lost = bitcoin.spends[open.length];
  const epoch = (journal.entries.at(-1)?.epoch ?? 0) + 1;
  if (lost) return [...actions, { kind: "recover", epoch, spend: lost }];
  const unconfirmed = open.length - bitcoin.spends.length;
  if (next && unconfirmed < limits.maxUnconfirmed) actions.push({ kind: "build", epoch, range: next });
  return actions;
}

function planConfirmed(
  entry: JournalEntry,
  spend: SealSpend,
  { height, bodyHashOf }: BitcoinView,
  limits: InscriberLimits,
): InscriberAction[] {
  const { epoch } = entry;
  const { txid } = spend.transaction;
  if (entry.inscribed?.txid !== txid && entry.pair?.revealTxid !== txid) {
    const pair = entry.replaced.find((p) => p.revealTxid === txid);
    if (pair) return [{ kind: "adopt", epoch, pair }];
    // The same body under our key: another copy of this inscriber, or a journal that was lost and built again.
    if (bodyHashOf(spend) === entry.bodyHash) return [{ kind: "recover", epoch, spend }];
    throw new StackError<InscriberPlanError>(
      { code: "SEAL_SPENT_BY_STRANGER", epoch, txid, height: spend.block.height },
      "fatal",
    );
  }
  const actions: InscriberAction[] = [];
  if (entry.inscribed?.block.hash !== spend.block.hash) actions.push({ kind: "confirm", epoch, spend });
  if (height - spend.block.height + 1 >= limits.finalConfirmations) actions.push({ kind: "finalise", epoch });
  return actions;
}

function planUnconfirmed(
  entry: JournalEntry,
  seal: Outpoint,
  { height, feeRate, mempool }: BitcoinView,
  limits: InscriberLimits,
  isOldest: boolean,
): InscriberAction[] {
  const { epoch, pair } = entry;
  if (entry.inscribed && pair) return [{ kind: "unconfirm", epoch }];
  if (!pair || entry.seal.txid !== seal.txid || entry.seal.vout !== seal.vout)
    return [{ kind: "resign", epoch, seal }];
  if (isOldest && height - pair.signedAtHeight >= limits.bumpAfterBlocks) {
    const raised = Math.min(Math.max(feeRate, pair.feeRate * limits.bumpFactor), limits.maxFeeRate);
    if (feeRate > pair.feeRate && raised > pair.feeRate)
      return [{ kind: "raiseFee", epoch, feeRate: raised }];
  }
  return mempool.has(pair.revealTxid) ? [] : [{ kind: "publish", epoch }];
}
