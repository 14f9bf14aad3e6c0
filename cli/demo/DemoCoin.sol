// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// OpenZeppelin's token and nothing else: what the demo deploys and transfers. All coins are the deployer's at first.
contract DemoCoin is ERC20 {
    constructor(uint256 supply) ERC20("Demo Coin", "DEMO") {
        _mint(msg.sender, supply);
    }
}
