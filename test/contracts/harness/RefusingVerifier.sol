// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGeneratedVerifier} from "../../../contracts/verifiers/IGeneratedVerifier.sol";

/// @notice Says no by returning false, which the interface allows and generated verifiers today never do.
contract RefusingVerifier is IGeneratedVerifier {
    function verify(bytes calldata, bytes32[] calldata) external pure returns (bool) {
        return false;
    }
}
