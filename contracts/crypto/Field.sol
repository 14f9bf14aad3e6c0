// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The scalar field of BN254, in which every hash of the protocol lives.
library Field {
    /// @notice The value is not in [0, modulus), so it would be a second name for another element.
    error NotAFieldElement(uint256 modulus, bytes32 value);

    uint256 internal constant MODULUS =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @dev Reverts with NotAFieldElement.
    function requireElement(bytes32 value) internal pure {
        require(uint256(value) < MODULUS, NotAFieldElement(MODULUS, value));
    }
}
