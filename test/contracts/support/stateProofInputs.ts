/** A state of some 200 leaves, and what proves an account and a slot of it in Solidity. */
import { StackError } from "../../../protocol/errors.ts";
import { toBeHex } from "ethers";
import type { Address } from "../../../protocol/address.ts";
import type { AccountState } from "../../../protocol/state/account.ts";
import { accountChange, changeState, storageChange } from "../../../protocol/state/changes.ts";
import { codeIdentity, NO_CODE } from "../../../protocol/state/code.ts";
import { IndexedTree, stateRootOf } from "../../../protocol/state/indexedTree.ts";
import { accountKey, storageKey } from "../../../protocol/state/keys.ts";
import { proveKey } from "../../../protocol/state/proofs.ts";
import { MemoryTreeStore } from "../../../protocol/state/treeStore.ts";

export const word = (n: bigint) => toBeHex(n, 32);
export const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;

export const contract: AccountState = {
  nonce: 1n,
  balance: 1n << 200n,
  ...codeIdentity(Uint8Array.of(0x60, 0x00)),
};
export const user: AccountState = { nonce: (1n << 64n) - 1n, balance: 5n, ...NO_CODE };
/** Of a state with receipts: any element of the field. */
const RECEIPTS_HEAD = (1n << 253n) + 11n;
export const SLOT = (1n << 255n) + 7n;
export const VALUE = (1n << 254n) + 9n;

/** 200 accounts, the contract and one of its slots. */
export function state() {
  const tree = new IndexedTree(new MemoryTreeStore());
  const others = Array.from({ length: 200 }, (_, i) =>
    accountChange(address(i + 1000), { ...user, nonce: BigInt(i + 1) }),
  );
  changeState(tree, [
    [
      accountChange(address(1), contract),
      accountChange(address(2), user),
      storageChange(address(1), SLOT, VALUE),
    ],
    others,
  ]);
  const stateRoot = word(stateRootOf(tree.root(), tree.leafCount, RECEIPTS_HEAD));
  const path = (key: bigint) => {
    const { present, index, leaf, siblings } = proveKey(tree, key);
    if (!present) throw new StackError({ code: "KEY_ABSENT", key }, "fatal");
    const { nextKey, nextIndex } = leaf;
    return {
      index,
      leafCount: tree.leafCount,
      receiptsHead: word(RECEIPTS_HEAD),
      nextKey: word(nextKey),
      nextIndex,
      siblings: siblings.map(word),
    };
  };
  return { stateRoot, path };
}

export const toSolidity = (account: AccountState) => ({
  ...account,
  codeHash: word(account.codeHash),
  codeCommitment: word(account.codeCommitment),
});

/** Arguments of `assertAccount` and `assertStorage`. */
export function stateProofInputs() {
  const { stateRoot, path } = state();
  return {
    account: [stateRoot, address(1), toSolidity(contract), path(accountKey(address(1)))] as const,
    storage: [stateRoot, address(1), word(SLOT), word(VALUE), path(storageKey(address(1), SLOT))] as const,
  };
}
