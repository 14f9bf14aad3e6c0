// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What a proof takes from the last block of a chain to a later one; `ChainTip` of docs/ARCHITECTURE.md.
/// @param stateRoot Root of the state after the block; an element of the BN254 scalar field.
/// @param dataHash Hash of the block. Block hashes chain, so it commits to every byte of the chain so far; a field element.
/// @param blockNumber Number of the block; 0 at genesis.
/// @param timestamp Seconds since 1970.
/// @param baseFee Wei per gas.
/// @param gasUsed Gas.
struct ChainTip {
    bytes32 stateRoot;
    bytes32 dataHash;
    uint64 blockNumber;
    uint64 timestamp;
    uint64 baseFee;
    uint64 gasUsed;
}
