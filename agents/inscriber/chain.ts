import { keccak_256 } from "@noble/hashes/sha3.js";
import { StackError } from "../../protocol/errors.ts";
import { isRpcError, rpcCode, type BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { SealTracker, type SealBase, type SealSpend } from "../kit/bitcoin/sealTracker.ts";
import { sealOf } from "../kit/bitcoin/sealChain.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import { readFeeRate } from "./feeRate.ts";
import type { Journal } from "./journal.ts";
import type { BitcoinView } from "./plan.ts";
import { readInscribedBody } from "./envelope.ts";

export interface InscriberChainOptions {
  rpc: BitcoinRpc;
  /** The block and the seal the network began with. */
  genesis: SealBase;
  feeTargetBlocks: number;
  maxFeeRate: number;
}

/** Reads what the plan needs of Bitcoin. It begins at the last final epoch, or at the network's genesis. */
export function createInscriberChain({ rpc, genesis, feeTargetBlocks, maxFeeRate }: InscriberChainOptions) {
  let tracker: SealTracker | undefined;
  let trackerBase: Outpoint = genesis.seal;

  function start(journal: Journal): SealTracker {
    const base = baseOf(journal);
    trackerBase = base.seal;
    return new SealTracker(rpc, base);
  }

  function baseOf(journal: Journal): SealBase {
    const last = journal.entries.findLast((entry) => entry.final)?.inscribed;
    return last ? { block: last.block, seal: sealOf(last.txid) } : genesis;
  }

  return {
    async readView(journal: Journal): Promise<BitcoinView> {
      tracker ??= start(journal);
      await tracker.sync();
      const { seal } = baseOf(journal);
      return {
        height: tracker.tip.height,
        feeRate: await readFeeRate(rpc, feeTargetBlocks, maxFeeRate),
        base: seal,
        spends: spendsAfter(tracker.spends, trackerBase, seal),
        mempool: await ownInMempool(rpc, journal),
        bodyHashOf,
      };
    },
  };
}

/** The spends that come after the one which made `seal`. */
function spendsAfter(
  spends: readonly SealSpend[],
  trackerBase: Outpoint,
  seal: Outpoint,
): readonly SealSpend[] {
  if (trackerBase.txid === seal.txid) return spends;
  return spends.slice(spends.findIndex((spend) => spend.transaction.txid === seal.txid) + 1);
}

async function ownInMempool(rpc: BitcoinRpc, journal: Journal): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { final, pair } of journal.entries)
    if (!final && pair && (await inMempool(rpc, pair.revealTxid))) found.add(pair.revealTxid);
  return found;
}

/** Fees of a transaction in the mempool and of all that spends it there, sats; 0 when it is not there. */
export async function mempoolFees(rpc: BitcoinRpc, txid: string): Promise<bigint> {
  const entry = await mempoolEntry(rpc, txid);
  return entry ? BigInt(Math.round(entry.fees.descendant * 1e8)) : 0n;
}

const inMempool = async (rpc: BitcoinRpc, txid: string) => (await mempoolEntry(rpc, txid)) !== undefined;

async function mempoolEntry(rpc: BitcoinRpc, txid: string) {
  try {
    return await rpc.call<{ fees: { descendant: number } }>("getmempoolentry", txid);
  } catch (error) {
    if (isRpcError(error, rpcCode.notFound)) return undefined;
    throw error;
  }
}

/** Undefined for what is no inscription of ours. */
function bodyHashOf(spend: SealSpend): string | undefined {
  try {
    return hashBody(readInscribedBody(spend.transaction));
  } catch (error) {
    if (error instanceof StackError) return undefined;
    throw error;
  }
}

/** keccak256, hex. */
export const hashBody = (body: Uint8Array): string => Buffer.from(keccak_256(body)).toString("hex");
