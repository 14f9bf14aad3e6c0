// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Counts, so that a test sees what was executed twice.
contract Counter {
    uint256 public count;

    event Counted(uint256 indexed count, string word);

    error TooMany(uint256 limit, uint256 supplied);

    function add(uint256 amount, string calldata word) external {
        require(amount < 10, TooMany(10, amount));
        count += amount;
        emit Counted(count, word);
    }

    /// @notice Succeeds when estimated and fails when mined in a later block than `lastBlock`.
    function addUntil(uint256 lastBlock) external {
        require(block.number <= lastBlock, TooMany(lastBlock, block.number));
        count += 1;
    }

    function fail(uint256 kind) external pure {
        if (kind == 0) revert("a reason");
        if (kind == 1) assert(false);
        revert TooMany(1, kind);
    }
}
