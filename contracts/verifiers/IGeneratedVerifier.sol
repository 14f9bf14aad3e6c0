// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What Barretenberg's generated Solidity verifiers offer: one contract, one verification key.
interface IGeneratedVerifier {
    /// @notice True for a good proof; reverts with an error of its own, or returns false, for any other.
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool);
}
