// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ChainTip} from "./ChainTip.sol";

/// @notice The statement "this chain goes from tip `prev` to tip `next`" as the public inputs of a batch proof.
/// @dev The order is that of `STATEMENT_INPUTS` in protocol/publicInputs.ts; test/contracts/statement.test.ts compares them.
library Statement {
    uint256 internal constant INPUTS = 15;

    /// @dev The last input, `selfKeyHash`, stays 0: only the program `batchMerge` uses it.
    function pack(
        uint64 chainId,
        ChainTip memory prev,
        ChainTip memory next,
        uint64 gasLimit
    ) internal pure returns (bytes32[] memory inputs) {
        inputs = new bytes32[](INPUTS);
        inputs[0] = word(chainId);
        packTip(inputs, 1, prev);
        packTip(inputs, 7, next);
        inputs[13] = word(gasLimit);
    }

    function packTip(bytes32[] memory inputs, uint256 at, ChainTip memory tip) private pure {
        inputs[at] = tip.stateRoot;
        inputs[at + 1] = tip.dataHash;
        inputs[at + 2] = word(tip.blockNumber);
        inputs[at + 3] = word(tip.timestamp);
        inputs[at + 4] = word(tip.baseFee);
        inputs[at + 5] = word(tip.gasUsed);
    }

    function word(uint64 value) private pure returns (bytes32) {
        return bytes32(uint256(value));
    }
}
