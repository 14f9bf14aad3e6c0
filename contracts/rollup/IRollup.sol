// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDataAvailability} from "../da/IDataAvailability.sol";
import {IProofVerifier} from "../verifiers/IProofVerifier.sol";
import {ChainTip} from "./ChainTip.sol";

/// @notice What makes a rollup: set at creation, never changed.
/// @param chainId Chain id of the L3.
/// @param gasLimit Gas limit of each of its blocks; at most `MAX_GAS_LIMIT`.
/// @param program Id of the program that proves its batches: the hash of its verification key.
/// @param verifier Verifies the proofs.
/// @param dataAvailability Decides whether a batch's data is published.
/// @param genesis The tip before the first batch: the genesis block.
struct RollupParameters {
    uint64 chainId;
    uint64 gasLimit;
    bytes32 program;
    IProofVerifier verifier;
    IDataAvailability dataAvailability;
    ChainTip genesis;
}

/// @notice Consecutive blocks, published together and settled by one proof.
/// @param prevStateRoot State root the submitter builds on; only compared, so that a stale batch is named as such.
/// @param firstBlock Number of the batch's first block; only compared.
/// @param next The tip after the batch's last block.
/// @param dataLength Length in bytes of the batch in its wire format, before compression.
/// @param dataPointer Where the compressed batch lies; docs/spec/data-availability.md, "Pointers".
/// @param innerProofHash keccak256 of the inner proof, which the epoch prover consumes.
struct Batch {
    bytes32 prevStateRoot;
    uint64 firstBlock;
    ChainTip next;
    uint32 dataLength;
    bytes dataPointer;
    bytes32 innerProofHash;
}

/// @notice The record of one L3: the chain of its settled batches.
/// @dev Nobody has power over a rollup: no owner, no upgrade, no pause. Anyone may submit a batch; the proof and the
/// attestations are the permission. Definitions, assumptions and invariants: docs/spec/settlement.md.
interface IRollup {
    /// @notice The tip moved to `next`. Together with `RollupCreated` these events rebuild everything the contract stores.
    /// @param batchIndex 1 for the first batch.
    event BatchSettled(
        uint64 indexed batchIndex,
        bytes32 prevStateRoot,
        uint64 firstBlock,
        ChainTip next,
        uint32 dataLength,
        bytes dataPointer,
        bytes32 innerProofHash
    );

    /// @notice A contract the rollup is to depend on has no code.
    error NotAContract(address account);
    /// @notice A parameter that must not be zero is.
    error ZeroParameter(string name);
    /// @notice No proof exists of blocks with this gas limit, so no batch could ever settle.
    error GasLimitUnprovable(uint64 maximum, uint64 supplied);
    /// @notice The batch does not build on the settled state.
    error StalePreviousRoot(bytes32 settled, bytes32 supplied);
    /// @notice The batch does not begin right after the last settled block.
    error FirstBlockMismatch(uint64 expected, uint64 supplied);
    /// @notice The batch has no block.
    error BlockRangeEmpty(uint64 firstBlock, uint64 lastBlock);
    /// @notice Without the hash of the inner proof no epoch could contain the batch.
    error InnerProofHashMissing(uint64 batchIndex);
    /// @notice There is no such batch yet.
    error BatchNotSettled(uint64 lastBatchIndex, uint64 supplied);

    /// @notice Settles the next batch: moves the tip to `batch.next`.
    /// @dev Anyone may call. What the proof starts from is the stored tip, never a value of the caller's (I-ROLLUP-01).
    /// @dev Reverts with StalePreviousRoot, FirstBlockMismatch, BlockRangeEmpty, NotAFieldElement, InnerProofHashMissing,
    /// or an error of the data availability contract or the verifier. Emits BatchSettled.
    /// @param attestations That the data and the inner proof are published; encoding: docs/spec/data-availability.md.
    /// @param proof Proof of the statement (stored tip -> `batch.next`); encoding: docs/spec/verifier.md.
    /// @return batchIndex Index of the batch.
    function submitBatch(
        Batch calldata batch,
        bytes calldata attestations,
        bytes calldata proof
    ) external returns (uint64 batchIndex);

    /// @notice The last settled block.
    function tip() external view returns (ChainTip memory);

    /// @notice Number of settled batches, and the index of the last one.
    function batchCount() external view returns (uint64);

    /// @notice State root after batch `batchIndex`; the genesis root at 0. Kept for ever. Reverts with BatchNotSettled.
    function stateRootOf(uint64 batchIndex) external view returns (bytes32);

    /// @notice Public inputs a proof must have to move the tip to `next` now.
    function publicInputs(ChainTip calldata next) external view returns (bytes32[] memory);

    /// @notice The largest gas limit a rollup can have: 2^29 - 1, what the programs prove (docs/spec/evm.md, "Rows").
    function MAX_GAS_LIMIT() external view returns (uint64);

    function chainId() external view returns (uint64);

    function gasLimit() external view returns (uint64);

    function program() external view returns (bytes32);

    function verifier() external view returns (IProofVerifier);

    function dataAvailability() external view returns (IDataAvailability);
}
