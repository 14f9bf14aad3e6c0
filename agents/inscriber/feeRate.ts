import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { MIN_RELAY_RATE } from "./pair.ts";

/** BTC/kvB, as bitcoind speaks of rates, in sat/vB. */
const SAT_PER_VB = 1e5;

/**
 * sat/vB to confirm within `targetBlocks`, between what the node's mempool takes now and `maxRate`. Where the node has
 * no estimate (regtest, a fresh node): the mempool's minimum.
 */
export async function readFeeRate(rpc: BitcoinRpc, targetBlocks: number, maxRate: number): Promise<number> {
  const { feerate } = await rpc.call<{ feerate?: number }>("estimatesmartfee", targetBlocks);
  const { mempoolminfee } = await rpc.call<{ mempoolminfee: number }>("getmempoolinfo");
  const wanted = Math.max((feerate ?? 0) * SAT_PER_VB, mempoolminfee * SAT_PER_VB, MIN_RELAY_RATE);
  return Math.min(Math.round(wanted * 1000) / 1000, maxRate);
}
