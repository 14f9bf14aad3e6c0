import { keccak256 } from "../../../kit/execution/keccak256.ts";
import { quantity, parseData } from "../values.ts";
import { fromHex, toHex } from "../../../kit/hex.ts";
import type { RpcMethods } from "../method.ts";

export const CLIENT_VERSION = "bvm/0.1.0";

/** Who is answering, and of which chain. */
export const netMethods: RpcMethods = {
  web3_clientVersion: () => CLIENT_VERSION,
  web3_sha3: ([data]) => toHex(keccak256(fromHex(parseData(data, "data")))),
  net_version: (_params, { chain }) => chain.info().chainId.toString(),
  net_listening: () => true,
  net_peerCount: () => "0x0",
  eth_chainId: (_params, { chain }) => quantity(chain.info().chainId),
  eth_syncing: () => false,
  eth_accounts: () => [],
  eth_coinbase: (_params, { chain }) => chain.pendingHeader().feeRecipient,
  eth_mining: () => false,
  eth_hashrate: () => "0x0",
  eth_protocolVersion: () => "0x41",
};
