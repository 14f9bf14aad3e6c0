// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Field} from "../crypto/Field.sol";
import {IDataAvailability, Publication} from "../da/IDataAvailability.sol";
import {IProofVerifier} from "../verifiers/IProofVerifier.sol";
import {ChainTip} from "./ChainTip.sol";
import {Batch, IRollup, RollupParameters} from "./IRollup.sol";
import {Statement} from "./Statement.sol";

/// @notice One L3: its parameters, its tip and the history of its state roots; see IRollup.
contract Rollup is IRollup {
    /// @dev The part of the tip that fits one word.
    ///   bits   0..63 blockNumber | 64..127 timestamp | 128..191 baseFee | 192..255 gasUsed
    struct LastBlock {
        uint64 blockNumber;
        uint64 timestamp;
        uint64 baseFee;
        uint64 gasUsed;
    }

    /// @inheritdoc IRollup
    uint64 public constant MAX_GAS_LIMIT = 2 ** 29 - 1;
    /// @inheritdoc IRollup
    uint64 public immutable chainId;
    /// @inheritdoc IRollup
    uint64 public immutable gasLimit;
    /// @inheritdoc IRollup
    bytes32 public immutable program;
    /// @inheritdoc IRollup
    IProofVerifier public immutable verifier;
    /// @inheritdoc IRollup
    IDataAvailability public immutable dataAvailability;

    /* STORAGE (layout snapshot: test/contracts/storage.snapshot.json) */

    /// @dev State roots by batch index, genesis first; never empty. The last one is the tip's.
    bytes32[] private _stateRoots;
    bytes32 private _dataHash;
    LastBlock private _lastBlock;

    /// @dev A rollup that could never settle is refused: ZeroParameter, GasLimitUnprovable, NotAContract, UnknownProgram,
    /// NotAFieldElement.
    constructor(RollupParameters memory parameters) {
        require(parameters.chainId != 0, ZeroParameter("chainId"));
        require(parameters.gasLimit != 0, ZeroParameter("gasLimit"));
        require(parameters.gasLimit <= MAX_GAS_LIMIT, GasLimitUnprovable(MAX_GAS_LIMIT, parameters.gasLimit));
        _requireCode(address(parameters.dataAvailability));
        _requireCode(address(parameters.verifier));
        require(
            parameters.verifier.hasProgram(parameters.program),
            IProofVerifier.UnknownProgram(parameters.program)
        );
        chainId = parameters.chainId;
        gasLimit = parameters.gasLimit;
        program = parameters.program;
        verifier = parameters.verifier;
        dataAvailability = parameters.dataAvailability;
        _setTip(parameters.genesis);
    }

    /// @inheritdoc IRollup
    function submitBatch(
        Batch calldata batch,
        bytes calldata attestations,
        bytes calldata proof
    ) external returns (uint64 batchIndex) {
        ChainTip memory prev = tip();
        ChainTip calldata next = batch.next;
        batchIndex = batchCount() + 1;

        require(
            batch.prevStateRoot == prev.stateRoot,
            StalePreviousRoot(prev.stateRoot, batch.prevStateRoot)
        );
        uint64 firstBlock = prev.blockNumber + 1;
        require(batch.firstBlock == firstBlock, FirstBlockMismatch(firstBlock, batch.firstBlock));
        require(next.blockNumber >= firstBlock, BlockRangeEmpty(firstBlock, next.blockNumber));
        require(batch.innerProofHash != 0, InnerProofHashMissing(batchIndex));
        // Nothing else in `next` is checked here: timestamps, fees and gas are what the proof is about.

        dataAvailability.assertPublished(
            Publication({
                rollup: address(this),
                chainId: chainId,
                prevDataHash: prev.dataHash,
                dataHash: next.dataHash,
                dataLength: batch.dataLength,
                dataPointer: batch.dataPointer,
                innerProofHash: batch.innerProofHash
            }),
            attestations
        );
        verifier.verify(program, Statement.pack(chainId, prev, next, gasLimit), proof);

        _setTip(next);
        emit BatchSettled({
            batchIndex: batchIndex,
            prevStateRoot: prev.stateRoot,
            firstBlock: firstBlock,
            next: next,
            dataLength: batch.dataLength,
            dataPointer: batch.dataPointer,
            innerProofHash: batch.innerProofHash
        });
    }

    /// @inheritdoc IRollup
    function tip() public view returns (ChainTip memory) {
        LastBlock memory last = _lastBlock;
        return
            ChainTip({
                stateRoot: _stateRoots[_stateRoots.length - 1],
                dataHash: _dataHash,
                blockNumber: last.blockNumber,
                timestamp: last.timestamp,
                baseFee: last.baseFee,
                gasUsed: last.gasUsed
            });
    }

    /// @inheritdoc IRollup
    function batchCount() public view returns (uint64) {
        return uint64(_stateRoots.length - 1);
    }

    /// @inheritdoc IRollup
    function stateRootOf(uint64 batchIndex) external view returns (bytes32) {
        require(batchIndex < _stateRoots.length, BatchNotSettled(batchCount(), batchIndex));
        return _stateRoots[batchIndex];
    }

    /// @inheritdoc IRollup
    function publicInputs(ChainTip calldata next) external view returns (bytes32[] memory) {
        return Statement.pack(chainId, tip(), next, gasLimit);
    }

    /// @dev A root above the field's order would be a second name for the same state.
    function _setTip(ChainTip memory next) private {
        Field.requireElement(next.stateRoot);
        Field.requireElement(next.dataHash);
        _stateRoots.push(next.stateRoot);
        _dataHash = next.dataHash;
        _lastBlock = LastBlock({
            blockNumber: next.blockNumber,
            timestamp: next.timestamp,
            baseFee: next.baseFee,
            gasUsed: next.gasUsed
        });
    }

    function _requireCode(address account) private view {
        require(account.code.length > 0, NotAContract(account));
    }
}
