// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDataAvailability, Publication} from "./IDataAvailability.sol";
import {IDataAvailabilityCommittee} from "./IDataAvailabilityCommittee.sol";

/// @notice k-of-n signatures of data availability attesters; see IDataAvailabilityCommittee.
contract DataAvailabilityCommittee is IDataAvailabilityCommittee, EIP712 {
    uint256 private constant SIGNATURE_LENGTH = 65;

    bytes32 private constant PUBLICATION_TYPEHASH = keccak256(
        "Publication(address rollup,uint64 chainId,bytes32 prevDataHash,bytes32 dataHash,uint32 dataLength,bytes dataPointer,bytes32 innerProofHash)"
    );

    /// @inheritdoc IDataAvailabilityCommittee
    uint256 public immutable threshold;

    /* STORAGE (written at creation only) */

    address[] private _members;
    /// @inheritdoc IDataAvailabilityCommittee
    mapping(address account => bool) public isMember;

    constructor(address[] memory members_, uint256 threshold_) EIP712("Supersonic Data Availability", "1") {
        require(
            threshold_ > 0 && threshold_ <= members_.length,
            ThresholdOutOfRange(threshold_, members_.length)
        );
        address previous = address(0);
        for (uint256 i = 0; i < members_.length; ++i) {
            require(previous < members_[i], MembersNotAscending(previous, members_[i]));
            previous = members_[i];
            isMember[previous] = true;
        }
        _members = members_;
        threshold = threshold_;
        emit CommitteeCreated(members_, threshold_);
    }

    /// @inheritdoc IDataAvailability
    function assertPublished(Publication calldata publication, bytes calldata attestations) external view {
        uint256 length = attestations.length;
        require(length % SIGNATURE_LENGTH == 0, AttestationsLengthWrong(SIGNATURE_LENGTH, length));
        uint256 supplied = length / SIGNATURE_LENGTH;
        require(supplied >= threshold, CommitteeThresholdNotMet(threshold, supplied));

        bytes32 digest = publicationDigest(publication);
        address previous = address(0);
        for (uint256 at = 0; at < length; at += SIGNATURE_LENGTH) {
            address signer = ECDSA.recoverCalldata(digest, attestations[at:at + SIGNATURE_LENGTH]);
            require(previous < signer, SignersNotAscending(previous, signer));
            require(isMember[signer], NotACommitteeMember(signer));
            previous = signer;
        }
    }

    /// @inheritdoc IDataAvailabilityCommittee
    function publicationDigest(Publication calldata publication) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        PUBLICATION_TYPEHASH,
                        publication.rollup,
                        publication.chainId,
                        publication.prevDataHash,
                        publication.dataHash,
                        publication.dataLength,
                        keccak256(publication.dataPointer),
                        publication.innerProofHash
                    )
                )
            );
    }

    /// @inheritdoc IDataAvailabilityCommittee
    function members() external view returns (address[] memory) {
        return _members;
    }
}
