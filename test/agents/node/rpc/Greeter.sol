// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Greeter {
    error Refused(uint256 wanted, uint256 given);
    event Greeted(address indexed by, string text);

    string public greeting;
    uint256 public count;

    constructor(string memory first) {
        greeting = first;
    }

    function greet(string calldata text) external {
        greeting = text;
        count++;
        emit Greeted(msg.sender, text);
    }

    function refuse(uint256 given) external pure {
        revert Refused(7, given);
    }

    function refuseWithText() external pure {
        require(false, "not today");
    }
}
