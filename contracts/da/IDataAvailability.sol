// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What is claimed to be published: the data of one batch and the inner proof of its statement.
/// @param rollup The Rollup contract the batch is for.
/// @param chainId Chain id of the L3.
/// @param prevDataHash Hash of the last block before the batch.
/// @param dataHash Hash of the batch's last block; with `prevDataHash` it commits to every byte of the batch.
/// @param dataLength Length in bytes of the batch in its wire format, before compression.
/// @param dataPointer Where the compressed batch lies; docs/spec/data-availability.md, "Pointers".
/// @param innerProofHash keccak256 of the inner proof, by which it is found in the same place.
struct Publication {
    address rollup;
    uint64 chainId;
    bytes32 prevDataHash;
    bytes32 dataHash;
    uint32 dataLength;
    bytes dataPointer;
    bytes32 innerProofHash;
}

/// @notice Decides when data counts as published.
interface IDataAvailability {
    /// @notice Returns if, and only if, `attestations` show that `publication` can be fetched by anyone (A-DA-01).
    /// @dev Reverts with a named error of the implementation otherwise. The encoding of `attestations` is its own.
    function assertPublished(Publication calldata publication, bytes calldata attestations) external view;
}
