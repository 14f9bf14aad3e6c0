// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Decides whether a proof shows that a program accepts its public inputs.
/// @dev A program's id is the hash of its verification key. Behind this interface stands a generated contract per program
/// today and Supersonic's own precompile later; a Rollup does not tell the difference.
interface IProofVerifier {
    /// @notice The verifier knows no program of this id.
    error UnknownProgram(bytes32 program);

    /// @notice The proof does not show these public inputs.
    /// @param publicInputsHash keccak256 of the public inputs, 32 bytes each, without a length.
    error ProofRejected(bytes32 program, bytes32 publicInputsHash);

    /// @notice The transaction has too little gas left for an answer that could be trusted to be about the proof.
    error VerificationGasMissing(uint256 required, uint256 available);

    /// @notice Returns if, and only if, `proof` shows that `program` accepts `publicInputs` (A-VERIFIER-01).
    /// @dev Reverts with UnknownProgram, ProofRejected or VerificationGasMissing. Rejects an input that is not an element
    /// of the BN254 scalar field.
    function verify(bytes32 program, bytes32[] calldata publicInputs, bytes calldata proof) external view;

    /// @notice Whether `program` can be verified here; the answer for an id never changes.
    function hasProgram(bytes32 program) external view returns (bool);
}
