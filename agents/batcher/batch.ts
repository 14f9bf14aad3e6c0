import type { ChainTip } from "../../protocol/tip.ts";

/** A range of a batch's blocks that one proof proves, after the chunk before. */
export interface BatchChunk {
  /** The circuit that proves it. */
  readonly circuit: string;
  readonly lastBlock: number;
  /** The lowest block whose hash its code asked for. */
  readonly oldestAncestor?: number;
}

/** A batch under way: every field is a step that need not be done again. */
export interface Batch {
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly chunks: readonly BatchChunk[];
  readonly prev: ChainTip;
  readonly next: ChainTip;
  /** Bytes before compression, and where the data lies. Stored before the batch is written down at all. */
  readonly dataLength: number;
  readonly dataPointer: string;
  readonly publishedAtMs: number;
  readonly chunkJobs?: readonly string[];
  /** The inner proof is made and published. */
  readonly innerProofHash?: string;
  /** The job that wraps the inner proof for Solidity. */
  readonly proofJob?: string;
  readonly provenAtMs?: number;
  /** Signatures of the committee, as the contract takes them. */
  readonly attestations?: string;
  /** The contract has moved past its last block. */
  readonly settled?: true;
}

/** A batch the contract has settled, ours or anybody's. */
export interface SettledBatch {
  readonly batchIndex: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly dataHash: bigint;
  readonly settledInBlock: number;
  readonly settledAtMs: number;
  readonly transactionHash: string;
}
