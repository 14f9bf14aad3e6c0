// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Poseidon2} from "./Poseidon2.sol";

/// @notice Shows that an account or a storage slot has a value in a settled state.
/// @dev The state is an indexed Merkle tree of depth 32 (docs/ARCHITECTURE.md, "State"). Proves presence only: a slot that
/// was never written has no leaf. A proof made against a settled root stays valid for ever, because roots are kept.
library StateProof {
    using Poseidon2 for Poseidon2.Sponge;

    uint256 internal constant DEPTH = 32;

    uint256 private constant NODE = 2;
    uint256 private constant LEAF = 3;
    uint256 private constant ACCOUNT_KEY = 4;
    uint256 private constant STORAGE_KEY = 5;
    uint256 private constant ACCOUNT_VALUE = 6;
    uint256 private constant STORAGE_VALUE = 7;
    uint256 private constant STATE = 8;

    /// @notice An account's value; an account without code has codeSize 0, keccak256("") and codeCommitment 0.
    struct Account {
        uint64 nonce;
        uint32 codeSize;
        uint256 balance;
        bytes32 codeHash;
        bytes32 codeCommitment;
    }

    /// @notice Where a leaf is, and the rest of what its hash is made of.
    /// @param index Index of the leaf.
    /// @param leafCount Leaves of the tree, the sentinel included.
    /// @param receiptsHead Chain over every receipt up to the state's block (protocol/state/receipts.ts).
    /// @param nextKey Next greater key in the tree; 0 if there is none.
    /// @param nextIndex Index of the leaf of `nextKey`.
    /// @param siblings From the leaf's level up.
    struct Path {
        uint32 index;
        uint64 leafCount;
        bytes32 receiptsHead;
        bytes32 nextKey;
        uint32 nextIndex;
        bytes32[DEPTH] siblings;
    }

    /// @notice The path leads to another root: the value, the key or the path is not of this state.
    error StateRootMismatch(bytes32 settled, bytes32 computed);

    /// @notice Returns if `account` has this value in the state of root `stateRoot`, else reverts with StateRootMismatch.
    function assertAccount(
        bytes32 stateRoot,
        address account,
        Account calldata value,
        Path calldata path
    ) internal pure {
        Poseidon2.Sponge sponge = Poseidon2.create();
        uint256 key = sponge.hash3(ACCOUNT_KEY, 1, uint160(account), 0, 0);
        (uint256 balanceHi, uint256 balanceLo) = halves(uint256(value.balance));
        (uint256 codeHashHi, uint256 codeHashLo) = halves(uint256(value.codeHash));
        sponge.start(ACCOUNT_VALUE, 6);
        sponge.absorb(uint256(value.nonce) | (uint256(value.codeSize) << 64), balanceHi, balanceLo);
        sponge.absorb(codeHashHi, codeHashLo, uint256(value.codeCommitment));
        assertLeaf(sponge, stateRoot, key, sponge.result(), path);
    }

    /// @notice Returns if `slot` of `account` holds `value` in the state of root `stateRoot`, else reverts with
    /// StateRootMismatch.
    function assertStorage(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes32 value,
        Path calldata path
    ) internal pure {
        Poseidon2.Sponge sponge = Poseidon2.create();
        (uint256 slotHi, uint256 slotLo) = halves(uint256(slot));
        (uint256 valueHi, uint256 valueLo) = halves(uint256(value));
        uint256 key = sponge.hash3(STORAGE_KEY, 3, uint160(account), slotHi, slotLo);
        assertLeaf(sponge, stateRoot, key, sponge.hash3(STORAGE_VALUE, 2, valueHi, valueLo, 0), path);
    }

    function assertLeaf(
        Poseidon2.Sponge sponge,
        bytes32 stateRoot,
        uint256 key,
        uint256 valueHash,
        Path calldata path
    ) private pure {
        sponge.start(LEAF, 4);
        sponge.absorb(key, uint256(path.nextKey), path.nextIndex);
        sponge.absorb(valueHash, 0, 0);
        uint256 node = sponge.result();
        uint256 index = path.index;
        for (uint256 level = 0; level < DEPTH; ++level) {
            uint256 sibling = uint256(path.siblings[level]);
            (uint256 left, uint256 right) = index & 1 == 0 ? (node, sibling) : (sibling, node);
            node = sponge.hash3(NODE, 2, left, right, 0);
            index >>= 1;
        }
        bytes32 computed = bytes32(sponge.hash3(STATE, 3, node, path.leafCount, uint256(path.receiptsHead)));
        require(computed == stateRoot, StateRootMismatch(stateRoot, computed));
    }

    function halves(uint256 word) private pure returns (uint256 hi, uint256 lo) {
        return (word >> 128, word & type(uint128).max);
    }
}
