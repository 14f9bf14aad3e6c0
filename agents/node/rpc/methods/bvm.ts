import { fieldToHex } from "../../../../protocol/field.ts";
import { bigIntToBytes, toHex } from "../../../kit/hex.ts";
import type { RpcMethods } from "../method.ts";
import { parseBlockId, parseHash, parseQuantity, quantity } from "../values.ts";

/** What the stack's own agents ask of a node (docs/spec/node.md, "bvm_ methods"). */
export const bvmMethods: RpcMethods = {
  bvm_chainInfo: (_params, { chain }) => {
    const { chainId, program, genesisHash, gasLimit } = chain.info();
    return { chainId: quantity(chainId), program, genesisHash, gasLimit: quantity(gasLimit) };
  },
  /** Canonical bytes of a sealed block (protocol/block.ts), or null. */
  bvm_getBlockData: ([number], { chain }) =>
    hexOrNull(chain.blockData(parseQuantity(number, "block number"))),
  /** State witness of a sealed block (protocol/state/witness.ts), or null. */
  bvm_getBlockWitness: ([number], { chain }) =>
    hexOrNull(chain.blockWitness(parseQuantity(number, "block number"))),
  /** What else a sealed block's proof needs, or null: units by capacity, and the oldest ancestor that BLOCKHASH asked for. */
  bvm_getProvingNeeds: ([number], { chain }) => {
    const needs = chain.provingNeeds(parseQuantity(number, "block number"));
    if (!needs) return null;
    const { use, oldestAncestor } = needs;
    return { use, oldestAncestor: oldestAncestor === undefined ? null : quantity(oldestAncestor) };
  },
  /** Hash of block `oldest` and digests of those after it up to `newest` (protocol/ancestors.ts), or null. */
  bvm_getAncestors: ([oldest, newest], { chain }) => {
    const found = chain.ancestors(parseQuantity(oldest, "oldest"), parseQuantity(newest, "newest"));
    return found ? { oldest: fieldToHex(found.oldest), digests: found.digests.map(fieldToHex) } : null;
  },
  /**
   * What the receipts' head takes of each receipt of a sealed block (protocol/state/receipts.ts), and the head before and after
   * it: who believes a state root can check any receipt and log with it.
   */
  bvm_getReceiptCommitments: ([block], { chain }) => {
    const { blockNumber, headBefore, headAfter, receipts } = chain.receiptCommitments(parseBlockId(block));
    return {
      blockNumber: quantity(blockNumber),
      headBefore,
      headAfter,
      receipts: receipts.map(({ transactionHash, status, gasUsed, logs }) => ({
        transactionHash,
        status: quantity(status),
        gasUsed: quantity(gasUsed),
        logs: logs.map(({ address, topics, dataCommitment }) => ({
          address,
          topics: topics.map((topic) => toHex(bigIntToBytes(topic, 32))),
          dataCommitment: fieldToHex(dataCommitment),
        })),
      })),
    };
  },
  /** When the transaction was accepted and sealed, ISO 8601; null for one the node does not know. */
  bvm_getTransactionStatus: ([hash], { chain, accepted }) => {
    const placed = chain.transaction(parseHash(hash));
    if (!placed) return null;
    const { blockHash, blockNumber } = placed.place;
    const header = blockHash === undefined ? undefined : chain.header({ hash: blockHash });
    const sealedMs = header && Number(header.timestamp) * 1000;
    const softMs = accepted.of(placed.transaction.hash) ?? sealedMs;
    return {
      softAt: isoOrNull(softMs),
      // A block is stamped in whole seconds, which may be before the moment its transaction came.
      sealedAt: isoOrNull(sealedMs && Math.max(sealedMs, softMs ?? 0)),
      blockNumber: header && blockNumber !== undefined ? Number(blockNumber) : null,
    };
  },
};

const hexOrNull = (bytes: Uint8Array | undefined): string | null => (bytes ? toHex(bytes) : null);
const isoOrNull = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();
