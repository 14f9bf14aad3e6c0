// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// The plainest token there is: what benchmarks and the demo transfer.
contract PlainCoin is ERC20 {
    constructor(uint256 supply) ERC20("Plain Coin", "PLAIN") {
        _mint(msg.sender, supply);
    }
}
