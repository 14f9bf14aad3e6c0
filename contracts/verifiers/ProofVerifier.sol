// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGeneratedVerifier} from "./IGeneratedVerifier.sol";
import {IProofVerifier} from "./IProofVerifier.sol";

/// @notice Verifies proofs with one generated contract per program. Its programs are set at creation; it has no owner.
/// @dev Assumes that each generated contract holds the verification key its program id is the hash of (A-VERIFIER-02):
/// the key is inside its bytecode, which deployments/<network>.json lets anyone regenerate and compare.
contract ProofVerifier is IProofVerifier {
    /// @notice A generated verifier and the program it answers for.
    struct Program {
        bytes32 program;
        address verifier;
    }

    /// @notice A program became verifiable. Emitted at creation only.
    event ProgramAdded(bytes32 indexed program, address verifier);

    /// @notice Program ids must be nonzero and strictly ascending, which also makes them distinct.
    error ProgramsNotAscending(bytes32 previous, bytes32 next);
    /// @notice No code at the address given for the program.
    error VerifierWithoutCode(bytes32 program, address verifier);

    /// @notice Gas given to a generated verifier, in full or not at all.
    /// @dev A verification of a circuit of 2^20 gates takes 645k. The bound matters because a curve precompile that is
    /// given a point off the curve takes all gas it gets: a forged proof then costs its sender this much and no more.
    uint256 public constant VERIFICATION_GAS = 1_000_000;

    /* STORAGE */

    /// @notice The generated contract of a program; zero for an unknown one. Written at creation only.
    mapping(bytes32 program => address verifier) public verifierOf;

    constructor(Program[] memory programs) {
        bytes32 previous = 0;
        for (uint256 i = 0; i < programs.length; ++i) {
            (bytes32 program, address verifier) = (programs[i].program, programs[i].verifier);
            require(previous < program, ProgramsNotAscending(previous, program));
            require(verifier.code.length > 0, VerifierWithoutCode(program, verifier));
            verifierOf[program] = verifier;
            previous = program;
            emit ProgramAdded(program, verifier);
        }
    }

    /// @inheritdoc IProofVerifier
    function verify(bytes32 program, bytes32[] calldata publicInputs, bytes calldata proof) external view {
        address verifier = verifierOf[program];
        require(verifier != address(0), UnknownProgram(program));

        // A call passes on at most 63/64 of the gas left. Without this check a good proof in a transaction short of gas
        // would look like a bad one, and the caller could not tell which of the two to mend.
        uint256 available = (gasleft() / 64) * 63;
        require(available >= VERIFICATION_GAS, VerificationGasMissing(VERIFICATION_GAS, available));

        try IGeneratedVerifier(verifier).verify{gas: VERIFICATION_GAS}(proof, publicInputs) returns (
            bool accepted
        ) {
            if (accepted) return;
        } catch {}
        revert ProofRejected(program, keccak256(abi.encodePacked(publicInputs)));
    }

    /// @inheritdoc IProofVerifier
    function hasProgram(bytes32 program) external view returns (bool) {
        return verifierOf[program] != address(0);
    }
}
