import { StackError } from "../../../protocol/errors.ts";
import type { BitcoinNetwork } from "./network.ts";
import type { BitcoinRpc } from "./rpc.ts";

export type NodeCheckErrorType =
  | { code: "BITCOIN_WRONG_NETWORK"; expected: BitcoinNetwork; actual: string }
  | { code: "BITCOIN_NODE_REFUSED"; network: string; subversion: string; reason: string };
export class NodeCheckError extends StackError<NodeCheckErrorType> {}

interface DeploymentInfo {
  deployments: Record<string, unknown>;
  blake2b?: unknown;
}

/**
 * Passes only where the node follows Bitcoin on `network`. Knots since 29.3 enforces rules on the main and test networks
 * that put it on a chain of its own (reduced data, then BLAKE2b proof of work), so it may serve regtest and nothing else.
 * Throws: BITCOIN_WRONG_NETWORK, BITCOIN_NODE_REFUSED.
 */
export async function assertUsableNode(rpc: BitcoinRpc, network: BitcoinNetwork): Promise<void> {
  const { chain } = await rpc.call<{ chain: string }>("getblockchaininfo");
  if (chain !== network)
    throw new NodeCheckError({ code: "BITCOIN_WRONG_NETWORK", expected: network, actual: chain }, "fatal");
  const { subversion } = await rpc.call<{ subversion: string }>("getnetworkinfo");
  const deployment = await rpc.call<DeploymentInfo>("getdeploymentinfo");
  const reason = refusalReason(network, subversion, deployment);
  if (reason)
    throw new NodeCheckError({ code: "BITCOIN_NODE_REFUSED", network, subversion, reason }, "fatal");
}

/** Why a node with this answer may not serve `network`, or undefined. */
export function refusalReason(network: BitcoinNetwork, subversion: string, deployment: DeploymentInfo) {
  if (network === "regtest") return undefined;
  if (subversion.includes("Knots")) return "Knots follows another chain";
  if (deployment.blake2b !== undefined) return "BLAKE2b proof of work is scheduled";
  if ("reduced_data" in deployment.deployments) return "the reduced_data deployment is scheduled";
  return undefined;
}
