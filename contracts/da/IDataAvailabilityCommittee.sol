// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDataAvailability, Publication} from "./IDataAvailability.sol";

/// @notice Data counts as published once `threshold` members of a fixed committee have signed that they fetched it,
/// recomputed its hash from the previous one, and keep serving it.
/// @dev Powers of the members: `threshold` of them together can let a batch settle whose data nobody can fetch. They
/// cannot settle a wrong state: that takes a proof. Members and threshold never change; a new committee is a new contract.
/// @dev `attestations` = signature* ; signature = r 32 | s 32 | v 1 (27 or 28, s in the lower half), ordered by signer,
/// ascending; each over the EIP-712 digest of the publication under this contract's domain.
interface IDataAvailabilityCommittee is IDataAvailability {
    /// @notice The committee, once and for all. Emitted at creation only.
    /// @param members Strictly ascending.
    event CommitteeCreated(address[] members, uint256 threshold);

    /// @notice Members must be nonzero and strictly ascending, which also makes them distinct.
    error MembersNotAscending(address previous, address next);
    /// @notice The threshold must be at least 1 and at most the number of members.
    error ThresholdOutOfRange(uint256 threshold, uint256 members);

    /// @notice The attestations are not a sequence of 65-byte signatures.
    error AttestationsLengthWrong(uint256 signatureLength, uint256 length);
    /// @notice Too few signatures.
    error CommitteeThresholdNotMet(uint256 required, uint256 supplied);
    /// @notice Signers must be strictly ascending, so that none counts twice.
    error SignersNotAscending(address previous, address next);
    /// @notice The signer is no member, or has signed something else: another rollup, chain, hash, length or pointer.
    error NotACommitteeMember(address signer);

    /// @notice The committee, strictly ascending.
    function members() external view returns (address[] memory);

    /// @notice Whether `account` is a member.
    function isMember(address account) external view returns (bool);

    /// @notice Signatures needed.
    function threshold() external view returns (uint256);

    /// @notice The EIP-712 digest members sign.
    function publicationDigest(Publication calldata publication) external view returns (bytes32);
}
