import type { BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import type { Outpoint } from "../kit/bitcoin/transactionReader.ts";
import { largestCoin } from "./coins.ts";
import { buildGenesisSeal } from "./pair.ts";
import type { InscriberKeys } from "./taproot.ts";

/** What a network's genesis says of its seal. */
export interface GenesisSeal {
  readonly seal: Outpoint;
  /** The constant script of every seal, hex. */
  readonly sealScript: string;
}

/**
 * Broadcasts the transaction that makes the network's first seal, from the largest coin at the funding address. The
 * genesis block is the one that confirms it, which the caller waits for (and mines, on regtest).
 * Throws: INSUFFICIENT_FUNDS.
 */
export async function createGenesisSeal(
  rpc: BitcoinRpc,
  keys: InscriberKeys,
  feeRate: number,
): Promise<GenesisSeal> {
  const funding = await largestCoin(rpc, keys.funding.address);
  const transaction = buildGenesisSeal(keys, funding, feeRate);
  await rpc.call("sendrawtransaction", transaction.toHex());
  return {
    seal: { txid: transaction.getId(), vout: 0 },
    sealScript: Buffer.from(keys.seal.script).toString("hex"),
  };
}
