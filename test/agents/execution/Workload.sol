// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Does, on request, whatever changes state in a way that a change set must reflect.
contract Workload {
    mapping(uint256 => uint256) public slots;
    uint256 public transient_;
    address[] public children;

    event Written(uint256 indexed slot, uint256 value, bytes note);

    constructor() payable {}
    receive() external payable {}

    function write(uint256 slot, uint256 value) external payable {
        slots[slot] = value;
        emit Written(slot, value, abi.encode(slot, value));
    }

    /// Writes, then puts the old value back: nothing of it may remain.
    function writeAndRestore(uint256 slot, uint256 value) external {
        uint256 old = slots[slot];
        slots[slot] = value;
        slots[slot] = old;
    }

    function writeInFailedCall(uint256 slot, uint256 value) external {
        try this.writeThenRevert(slot, value) {
            revert("must fail");
        } catch {
            slots[slot + 1] = value;
        }
    }

    function writeThenRevert(uint256 slot, uint256 value) external {
        slots[slot] = value;
        revert("as asked");
    }

    function pay(address payable to, uint256 value) external {
        (bool ok, ) = to.call{value: value}("");
        require(ok, "payment failed");
    }

    function create(uint256 value) external payable {
        children.push(address(new Child{value: value}(msg.sender)));
    }

    function create2(bytes32 salt, uint256 value) external payable {
        new Child{salt: salt, value: value}(msg.sender);
    }

    /// A contract that lives for one transaction, at an address that may hold money already (EIP-6780).
    function createAndDestroy(bytes32 salt, address payable heir) external payable {
        Child child = new Child{salt: salt, value: msg.value}(msg.sender);
        child.store(7, 8);
        child.destroy(heir);
    }

    function destroyChild(uint256 index, address payable heir) external {
        Child(payable(children[index])).destroy(heir);
    }

    function childAddress(bytes32 salt, address owner) external view returns (address) {
        bytes32 init = keccak256(abi.encodePacked(type(Child).creationCode, abi.encode(owner)));
        return
            address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, init)))));
    }

    function burnGas(uint256 rounds) external view returns (uint256 x) {
        for (uint256 i = 0; i < rounds; i++)
            x = uint256(keccak256(abi.encode(x, i, blockhash(block.number - 1))));
    }

    function environment() external view returns (uint256, uint256, uint256, address, uint256, uint256) {
        return (
            block.number,
            block.timestamp,
            block.prevrandao,
            block.coinbase,
            block.basefee,
            block.blobbasefee
        );
    }

    function recover(bytes32 hash, uint8 v, bytes32 r, bytes32 s) external {
        slots[uint256(hash) % 16] = uint160(ecrecover(hash, v, r, s));
    }

    function callKzg() external returns (bool ok) {
        (ok, ) = address(0x0a).call{value: 0}(new bytes(192));
        slots[99] = ok ? 1 : 2;
    }
}

contract Child {
    address public owner;
    mapping(uint256 => uint256) public slots;

    constructor(address owner_) payable {
        owner = owner_;
    }
    receive() external payable {}

    function store(uint256 slot, uint256 value) external {
        slots[slot] = value;
    }

    function destroy(address payable heir) external {
        selfdestruct(heir);
    }
}
