import { StackError } from "../../protocol/errors.ts";
import type { JobClient } from "../kit/jobs/client.ts";
import type { ProofRecord } from "../kit/jobs/proofRecord.ts";

export type EpochProverError = { code: "EPOCH_PROOF_FAILED"; job: string; reason: string };

/** What an epoch's proof is made from. */
export interface EpochProofRequest {
  /** Hash of the epoch's commitment: binds the proof to its inscription. */
  readonly context: bigint;
  readonly settlementIn: bigint;
  /** Inner proofs of the settled batches, in order. */
  readonly batches: readonly ProofRecord[];
}

export interface EpochProof {
  readonly proof: Uint8Array;
  readonly keyHash: bigint;
}

/** Makes the proofs of epochs, elsewhere. Asking for the same proof again is the same request. */
export interface EpochProver {
  request(epoch: EpochProofRequest): Promise<string>;
  /**
   * Undefined while it is being made; "lost" when the provers know nothing of the request (their queue came back without it):
   * ask again. Throws EPOCH_PROOF_FAILED (retry: a person may remove the cause).
   */
  result(job: string): Promise<EpochProof | "lost" | undefined>;
}

/** Provers behind the job queue. */
export function createQueueProver(jobs: JobClient): EpochProver {
  return {
    request: ({ batches, ...epoch }) => jobs.request({ kind: "epoch", ...epoch, batches: [...batches] }),
    async result(job) {
      const result = await jobs.result(job);
      if (result) return { proof: result.record.proof, keyHash: result.keyHash };
      const status = await jobs.status(job);
      if (status.state === "unknown") return "lost";
      if (status.state !== "failed") return undefined;
      throw new StackError<EpochProverError>(
        { code: "EPOCH_PROOF_FAILED", job, reason: status.reason },
        "retry",
      );
    },
  };
}
