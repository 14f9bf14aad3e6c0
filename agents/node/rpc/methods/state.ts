import { toHex } from "../../../kit/hex.ts";
import type { LeafProof } from "../../chain/nodeChain.ts";
import { invalidParams } from "../rpcError.ts";
import type { RpcMethods } from "../method.ts";
import { parseAddress, parseBlockId, parseStateId, parseSlot, quantity } from "../values.ts";

export const stateMethods: RpcMethods = {
  eth_getBalance: ([address, block], { chain }) =>
    quantity(chain.balance(parseAddress(address), parseStateId(block))),
  eth_getTransactionCount: ([address, block], { chain }) =>
    quantity(chain.nonce(parseAddress(address), parseStateId(block))),
  eth_getCode: ([address, block], { chain }) => toHex(chain.code(parseAddress(address), parseStateId(block))),
  eth_getStorageAt: ([address, slot, block], { chain }) =>
    toHex(chain.storage(parseAddress(address), parseSlot(slot), parseStateId(block))),
  /**
   * A proof in the indexed Merkle tree of docs/spec/state.md (not Ethereum's Patricia trie, so not `eth_getProof`):
   * it is what the contracts' state proof library checks against a settled root.
   */
  bvm_getProof: ([address, slots, block], { chain }) => {
    if (slots !== undefined && !Array.isArray(slots))
      throw invalidParams("invalid argument: storage keys must be an array");
    const proof = chain.proof(parseAddress(address), (slots ?? []).map(parseSlot), parseBlockId(block));
    return {
      blockNumber: quantity(proof.blockNumber),
      stateRoot: proof.stateRoot,
      leafCount: quantity(proof.leafCount),
      receiptsHead: proof.receiptsHead,
      account: formatLeaf(proof.account),
      storage: proof.storage.map((leaf) => ({ slot: leaf.slot, ...formatLeaf(leaf) })),
    };
  },
};

const formatLeaf = ({ key, present, leafIndex, leaf, siblings }: LeafProof) => ({
  key,
  present,
  leafIndex: quantity(leafIndex),
  leaf: { ...leaf, nextIndex: quantity(leaf.nextIndex) },
  siblings,
});
