import { StackError } from "../../protocol/errors.ts";
import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import { SEAL_SATS, type Coin, type PairError } from "./pair.ts";

interface ScanResult {
  height: number;
  unspents: { txid: string; vout: number; amount: number; height: number; coinbase: boolean }[];
}

/** A coinbase output may be spent after 100 blocks (consensus.h, COINBASE_MATURITY). */
const COINBASE_MATURITY = 100;

/**
 * The largest confirmed coin of `address`: the same one as long as none is spent, so a lost journal leads to the same
 * transactions. Asks the node's coin set, no wallet. Throws INSUFFICIENT_FUNDS (retry) when there is none.
 */
export async function largestCoin(rpc: BitcoinRpc, address: string): Promise<Coin> {
  const { height, unspents } = await rpc.call<ScanResult>("scantxoutset", "start", [`addr(${address})`]);
  const coins = unspents
    .filter((coin) => !coin.coinbase || height - coin.height + 1 > COINBASE_MATURITY)
    .map(({ txid, vout, amount }) => ({ txid, vout, valueSats: toSats(amount) }))
    .sort((a, b) => Number(b.valueSats - a.valueSats) || a.txid.localeCompare(b.txid) || a.vout - b.vout);
  if (coins[0]) return coins[0];
  throw new StackError<PairError>(
    { code: "INSUFFICIENT_FUNDS", neededSats: SEAL_SATS, availableSats: 0n },
    "retry",
  );
}

/** BTC as bitcoind writes it -> sats. Exact: amounts below 2^53 sats survive the way through a double. */
export const toSats = (btc: number): bigint => BigInt(Math.round(btc * 1e8));
