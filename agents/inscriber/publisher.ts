import { isRpcError, rpcCode, type BitcoinRpc } from "../kit/bitcoin/rpc.ts";
import type { PairRecord } from "./journal.ts";

type Broadcastable = Pick<PairRecord, "commitTxid" | "commitHex" | "revealHex">;

/** Brings a signed pair into Bitcoin. Safe to repeat: what is known already is left alone. */
export interface Publisher {
  publish(pair: Broadcastable): Promise<void>;
}

/** Through the node's mempool to its peers. */
export function createRelayPublisher(rpc: BitcoinRpc): Publisher {
  return {
    async publish({ commitTxid, commitHex, revealHex }) {
      if (!(await hasOutput(rpc, commitTxid, true))) await send(rpc, commitHex);
      await send(rpc, revealHex);
    },
  };
}

/**
 * Into a block of our own, by `generateblock`: regtest only. Consensus takes the envelope where a node's relay policy does
 * not (Knots), and `generatetoaddress` would never include it.
 */
export function createMinePublisher(rpc: BitcoinRpc, address: string): Publisher {
  return {
    async publish({ commitTxid, commitHex, revealHex }) {
      const confirmed = await hasOutput(rpc, commitTxid, false);
      await rpc.call("generateblock", address, confirmed ? [revealHex] : [commitHex, revealHex]);
    },
  };
}

/** `first`, and where the node's policy rejects the transaction (error -26) `second`. */
export function createFallbackPublisher(first: Publisher, second: Publisher): Publisher {
  return {
    async publish(pair) {
      try {
        await first.publish(pair);
      } catch (error) {
        if (!isRpcError(error, rpcCode.rejected)) throw error;
        await second.publish(pair);
      }
    },
  };
}

async function send(rpc: BitcoinRpc, hex: string): Promise<void> {
  try {
    await rpc.call("sendrawtransaction", hex);
  } catch (error) {
    if (!isRpcError(error, rpcCode.alreadyInChain)) throw error;
  }
}

async function hasOutput(rpc: BitcoinRpc, txid: string, withMempool: boolean): Promise<boolean> {
  return (await rpc.call<object | null>("gettxout", txid, 0, withMempool)) !== null;
}
