// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRollup, RollupParameters} from "./IRollup.sol";
import {IRollupFactory} from "./IRollupFactory.sol";
import {Rollup} from "./Rollup.sol";

/// @notice Creates and registers rollups; see IRollupFactory.
contract RollupFactory is IRollupFactory {
    /* STORAGE */

    IRollup[] private _rollups;
    /// @inheritdoc IRollupFactory
    mapping(uint64 chainId => IRollup rollup) public rollupOf;

    /// @inheritdoc IRollupFactory
    function createRollup(RollupParameters calldata parameters) external returns (IRollup rollup) {
        uint64 chainId = parameters.chainId;
        require(chainId != block.chainid, ChainIdReserved(chainId));
        IRollup taken = rollupOf[chainId];
        require(address(taken) == address(0), ChainIdTaken(chainId, address(taken)));

        rollup = new Rollup{salt: bytes32(uint256(chainId))}(parameters);
        rollupOf[chainId] = rollup;
        _rollups.push(rollup);
        emit RollupCreated(chainId, address(rollup), _rollups.length - 1, parameters);
    }

    /// @inheritdoc IRollupFactory
    function rollupCount() external view returns (uint256) {
        return _rollups.length;
    }

    /// @inheritdoc IRollupFactory
    function rollupAt(uint256 rollupIndex) external view returns (IRollup) {
        require(rollupIndex < _rollups.length, RollupNotFound(_rollups.length, rollupIndex));
        return _rollups[rollupIndex];
    }
}
