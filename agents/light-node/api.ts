import type { FastifyInstance } from "fastify";
import { isHex, toHex, type Hex } from "../kit/hex.ts";
import type { LightNode, VerifiedChain } from "./lightNode.ts";

/** `GET /status`. Heights are of blocks read and epochs verified; a refusal tells why it stands, or what it skipped last. */
export function lightNodeStatus(node: LightNode, problem: string | null) {
  const { block, epoch } = node.position();
  const chains = node.chains();
  return {
    epoch,
    bitcoinHeight: block.height,
    bitcoinHash: block.hash,
    stateRoot: chains[0]!.stateRoot,
    refusal: node.refusal() ?? null,
    /** Code of what made the last round fail: a source away, or a refusal. */
    problem,
    chains: chains.map(({ name, chainId, blockNumber, stateRoot }) => ({
      name,
      chainId: Number(chainId),
      blockNumber: Number(blockNumber),
      stateRoot,
    })),
  };
}

/** Adds `/status`, `/epochs` and `/accounts/:address?chain=NAME` (default: Supersonic). */
export function addLightNodeRoutes(
  server: FastifyInstance,
  node: LightNode,
  problem: () => string | null,
): void {
  server.get("/status", async () => lightNodeStatus(node, problem()));
  server.get("/epochs", async () => node.epochs());
  server.get<{ Params: { address: string }; Querystring: { chain?: string } }>(
    "/accounts/:address",
    async (request, reply) => {
      const address = request.params.address.toLowerCase();
      if (!isHex(address, 20)) return reply.code(400).send({ code: "ADDRESS_INVALID", address });
      const chains = node.chains();
      const name = request.query.chain ?? chains[0]!.name;
      const chain = chains.find((c) => c.name === name);
      return chain
        ? account(node, chain, address)
        : reply.code(404).send({ code: "CHAIN_UNKNOWN", chain: name });
    },
  );
}

function account(node: LightNode, { name, blockNumber, stateRoot, replayed }: VerifiedChain, address: Hex) {
  const state = replayed.chain.state(blockNumber).account(address);
  const { block, epoch } = node.position();
  const record = node.epochs().at(-1);
  return {
    chain: name,
    address,
    /** Wei, decimal: a JSON number does not hold it. */
    balance: (state?.balance ?? 0n).toString(),
    nonce: Number(state?.nonce ?? 0n),
    codeHash: state && state.codeSize > 0 ? toHex(state.codeHash) : null,
    blockNumber: Number(blockNumber),
    stateRoot,
    finality: {
      epoch,
      bitcoinHeight: record?.bitcoin.height ?? null,
      confirmations: record ? block.height - record.bitcoin.height + 1 : 0,
    },
  };
}
