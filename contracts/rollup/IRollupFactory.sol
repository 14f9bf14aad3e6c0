// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRollup, RollupParameters} from "./IRollup.sol";

/// @notice Creates rollups and keeps the register of them, one per chain id, for ever.
/// @dev Anyone may create a rollup, so a chain id here says nothing about who stands behind it: users trust a rollup by its
/// address and parameters. Nobody has power over the factory or, through it, over a rollup.
interface IRollupFactory {
    /// @notice A rollup exists from here on. Holds every parameter an agent needs to follow it.
    event RollupCreated(
        uint64 indexed chainId,
        address indexed rollup,
        uint256 rollupIndex,
        RollupParameters parameters
    );

    /// @notice The chain id already has a rollup.
    error ChainIdTaken(uint64 chainId, address rollup);
    /// @notice The chain id is that of the chain the factory is on; a transaction signed for one would be valid on the other.
    error ChainIdReserved(uint64 chainId);
    /// @notice There is no such rollup.
    error RollupNotFound(uint256 rollupCount, uint256 rollupIndex);

    /// @notice Creates the rollup of `parameters.chainId`.
    /// @dev Its address follows from this factory and the parameters alone (CREATE2, the chain id as salt).
    /// @dev Reverts with ChainIdTaken, ChainIdReserved or an error of IRollup's constructor. Emits RollupCreated.
    function createRollup(RollupParameters calldata parameters) external returns (IRollup rollup);

    /// @notice The rollup of a chain id; zero if there is none.
    function rollupOf(uint64 chainId) external view returns (IRollup);

    /// @notice Number of rollups.
    function rollupCount() external view returns (uint256);

    /// @notice Rollups in order of creation, from 0. Reverts with RollupNotFound.
    function rollupAt(uint256 rollupIndex) external view returns (IRollup);
}
