// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Poseidon2} from "../../../contracts/crypto/Poseidon2.sol";
import {StateProof} from "../../../contracts/crypto/StateProof.sol";

/// @notice Makes the internal libraries callable from tests.
contract CryptoHarness {
    function permute(uint256[4] calldata state) external pure returns (uint256[4] memory out) {
        Poseidon2.Sponge sponge = Poseidon2.create();
        assembly ("memory-safe") {
            calldatacopy(sponge, state, 128)
        }
        Poseidon2.permute(sponge);
        assembly ("memory-safe") {
            mcopy(out, sponge, 128)
        }
    }

    function hash(uint256 domain, uint256[] calldata inputs) external pure returns (uint256) {
        return Poseidon2.hash(Poseidon2.create(), domain, inputs);
    }

    /// @return gas_ Gas of one permutation, the making of the sponge apart.
    function permutationGas() external view returns (uint256 gas_) {
        Poseidon2.Sponge sponge = Poseidon2.create();
        gas_ = gasleft();
        Poseidon2.permute(sponge);
        gas_ -= gasleft();
    }

    function assertAccount(
        bytes32 stateRoot,
        address account,
        StateProof.Account calldata value,
        StateProof.Path calldata path
    ) external pure {
        StateProof.assertAccount(stateRoot, account, value, path);
    }

    function assertStorage(
        bytes32 stateRoot,
        address account,
        bytes32 slot,
        bytes32 value,
        StateProof.Path calldata path
    ) external pure {
        StateProof.assertStorage(stateRoot, account, slot, value, path);
    }
}
